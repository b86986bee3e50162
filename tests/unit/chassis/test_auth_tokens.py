"""Tokens that must not be believed, and what is read from one that is."""

import base64
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.auth.tokens import TokenVerifier
from services.chassis.auth.who import Who
from services.chassis.refusal import Refused
from tests.unit.chassis.issuing import (
    AUDIENCE,
    EC_KEY,
    ED_KEY,
    ISSUER,
    RSA_KEY,
    STRANGER,
    WEAK_KEY,
    FixedKeys,
    ago,
    claims,
    forged,
    hs256_with_the_public_key,
    plain_claims,
    signed,
)


@pytest.fixture
def verifier() -> TokenVerifier:
    return TokenVerifier(FixedKeys(), issuer=ISSUER, audience=AUDIENCE)


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(RSA_KEY, "RS256", "rsa"), (EC_KEY, "ES256", "ec"), (ED_KEY, "EdDSA", "ed")]
)
async def test_a_good_token_names_its_caller(verifier: TokenVerifier, key: Any, algorithm: str, kid: str) -> None:
    who = await verifier.verify(signed(key, algorithm, kid))
    assert who == Who("u-17", frozenset({"investigator"}), frozenset({"01"}))
    assert not who.everywhere


def payload_replaced() -> str:
    header, _, signature = signed().split(".")
    return ".".join([header, signed(sub="somebody-else").split(".")[1], signature])


ATTACKS: dict[str, tuple[Callable[[], str], str]] = {
    "alg none": (lambda: forged({"alg": "none", "kid": "rsa"}, plain_claims()), "algorithm-not-accepted"),
    "alg None in odd case": (lambda: forged({"alg": "nOnE", "kid": "rsa"}, plain_claims()), "algorithm-not-accepted"),
    "alg is a list": (lambda: forged({"alg": ["RS256"], "kid": "rsa"}, plain_claims()), "algorithm-not-accepted"),
    "HS256 with the public key": (hs256_with_the_public_key, "algorithm-not-accepted"),
    "HS256 with the published secret": (
        lambda: signed("secretsecretsecretsecretsecretse", "HS256", "oct"),
        "algorithm-not-accepted",
    ),
    "RS512": (lambda: signed(algorithm="RS512"), "algorithm-not-accepted"),
    "algorithm of another key": (lambda: signed(ED_KEY, "EdDSA", "rsa"), "algorithm-not-accepted"),
    "signed by a stranger": (lambda: signed(STRANGER), "wrong-signature"),
    "signature cut off": (lambda: signed().rsplit(".", 1)[0] + ".", "wrong-signature"),
    "payload replaced": (payload_replaced, "wrong-signature"),
    "expired": (lambda: signed(exp=ago(seconds=45)), "expired"),
    "not yet": (lambda: signed(nbf=ago(seconds=-90)), "not-yet-valid"),
    "issued tomorrow": (lambda: signed(iat=ago(days=-1)), "not-yet-valid"),
    "another audience": (lambda: signed(aud="elsewhere"), "wrong-audience"),
    "another issuer": (lambda: signed(iss="https://elsewhere.example"), "wrong-issuer"),
    "issuer with a slash": (lambda: signed(iss=ISSUER + "/"), "wrong-issuer"),
    "no exp": (lambda: signed(exp=None), "claim-missing"),
    "no nbf": (lambda: signed(nbf=None), "claim-missing"),
    "no iat": (lambda: signed(iat=None), "claim-missing"),
    "no iss": (lambda: signed(iss=None), "claim-missing"),
    "no aud": (lambda: signed(aud=None), "claim-missing"),
    "no sub": (lambda: signed(sub=None), "claim-missing"),
    "empty sub": (lambda: signed(sub=""), "subject-unusable"),
    "sub with a line break": (lambda: signed(sub="a\nb"), "subject-unusable"),
    "endless sub": (lambda: signed(sub="x" * 300), "subject-unusable"),
    "unknown key": (lambda: signed(kid="nobody"), "unknown-key"),
    "no kid": (lambda: signed(kid=None), "malformed"),
    "weak key": (lambda: jwt.encode(claims(), WEAK_KEY, algorithm="RS256", headers={"kid": "weak"}), "unknown-key"),
    "encryption key": (lambda: signed(kid="encryption"), "unknown-key"),
    "key meant for another algorithm": (lambda: signed(kid="other-alg"), "unknown-key"),
    "critical extension": (
        lambda: forged({"alg": "RS256", "kid": "rsa", "crit": ["x"], "x": 1}, plain_claims()),
        "malformed",
    ),
    "header is a list": (lambda: forged([], plain_claims()), "malformed"),
    "deep header": (lambda: base64.urlsafe_b64encode(b"[" * 9000).decode() + ".e30.", "malformed"),
    "too long": (lambda: "a" * 20_000, "too-long"),
    "nonsense": (lambda: "nonsense", "malformed"),
    "two parts": (lambda: "a.b", "malformed"),
    "not text": (lambda: "\x00.\x00.\x00", "malformed"),
}


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("attack", ATTACKS)
async def test_a_token_that_must_not_be_believed(verifier: TokenVerifier, attack: str) -> None:
    make, because = ATTACKS[attack]
    with pytest.raises(Refused) as refused:
        await verifier.verify(make())
    assert refused.value.refusal.code == "token-not-accepted"
    assert refused.value.detail == {"because": because}


async def test_clocks_may_differ_by_thirty_seconds(verifier: TokenVerifier) -> None:
    await verifier.verify(signed(exp=ago(seconds=15)))
    await verifier.verify(signed(nbf=ago(seconds=-15), iat=ago(seconds=-15)))


@given(st.text(max_size=200))
async def test_no_text_breaks_the_verifier(text: str) -> None:
    with pytest.raises(Refused):
        await TokenVerifier(FixedKeys(), issuer=ISSUER, audience=AUDIENCE).verify(text)


@pytest.mark.parametrize(
    ("claim", "given_claims", "expected"),
    [
        ("roles", {"roles": "a b"}, {"a", "b"}),
        ("realm_access.roles", {"realm_access": {"roles": ["a"]}, "roles": None}, {"a"}),
        ("https://x.example/roles", {"https://x.example/roles": ["a"], "roles": None}, {"a"}),
        ("realm_access.roles", {"realm_access": ["a"]}, set()),
        ("roles", {"roles": {"a": 1}}, set()),
        ("roles", {"roles": [1, None, "a", "", "b\n"]}, {"a"}),
        ("nothing", {}, set()),
    ],
)
async def test_roles_are_read_where_the_settings_say(
    claim: str, given_claims: dict[str, Any], expected: set[str]
) -> None:
    verifier = TokenVerifier(FixedKeys(), issuer=ISSUER, audience=AUDIENCE, roles_claim=claim)
    assert (await verifier.verify(signed(**given_claims))).roles == expected


@pytest.mark.parametrize("sites", [None, [], ["*"], "*", ["*", " "]])
async def test_no_token_reaches_every_site(verifier: TokenVerifier, sites: object) -> None:
    who = await verifier.verify(signed(sites=sites))
    assert who.sites - {" "} == frozenset()
    assert not who.everywhere
