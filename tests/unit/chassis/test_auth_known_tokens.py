"""A token is checked once, and believed only as long as it would be if it were checked each time."""

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from services.chassis.auth import tokens
from services.chassis.auth.tokens import LEEWAY, TokenVerifier, VerificationKey, keys_of
from services.chassis.auth.who import Who
from services.chassis.refusal import Refused
from tests.unit.chassis.issuing import AUDIENCE, ISSUER, JWKS, ago, signed


class Keys:
    """An issuer's keys until they are withdrawn."""

    def __init__(self) -> None:
        self.held = keys_of(JWKS)

    async def key(self, kid: str) -> VerificationKey | None:
        return self.held.get(kid)


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def verifier(keys: Keys) -> TokenVerifier:
    return TokenVerifier(keys, issuer=ISSUER, audience=AUDIENCE)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many signatures were checked."""
    count, decode = 0, jwt.decode

    def counting(*given: Any, **named: Any) -> Any:
        nonlocal count
        count += 1
        return decode(*given, **named)

    monkeypatch.setattr(jwt, "decode", counting)
    return lambda: count


async def test_a_signature_is_checked_once(verifier: TokenVerifier, checked: Callable[[], int]) -> None:
    token = signed()
    assert {await verifier.verify(token) for _ in range(5)} == {
        Who("u-17", frozenset({"investigator"}), frozenset({"01"}))
    }
    assert checked() == 1


@pytest.mark.parametrize("seconds", [3600 + LEEWAY + 1, -LEEWAY - 2])
async def test_outside_its_time_it_is_checked_again(
    verifier: TokenVerifier, checked: Callable[[], int], monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    token, now = signed(), time.time()
    await verifier.verify(token)
    monkeypatch.setattr(tokens.time, "time", lambda: now + seconds)
    await verifier.verify(token)
    assert checked() == 2


async def test_a_known_token_runs_out(verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    token = signed(exp=ago(seconds=LEEWAY - 2))
    await verifier.verify(token)
    monkeypatch.setattr(tokens.time, "time", lambda: now + 3)
    monkeypatch.setattr(tokens, "LEEWAY", LEEWAY - 3)  # as if the library's clock had moved on as well
    with pytest.raises(Refused) as refused:
        await verifier.verify(token)
    assert refused.value.detail == {"because": "expired"}


async def test_a_key_that_is_withdrawn_takes_its_tokens_with_it(verifier: TokenVerifier, keys: Keys) -> None:
    token = signed()
    await verifier.verify(token)
    keys.held = {}
    with pytest.raises(Refused) as refused:
        await verifier.verify(token)
    assert refused.value.detail == {"because": "unknown-key"}


async def test_another_key_under_the_same_id_does_not_vouch_for_them(verifier: TokenVerifier, keys: Keys) -> None:
    token = signed()
    await verifier.verify(token)
    keys.held = {"rsa": VerificationKey("rsa", "ES256", keys.held["ec"].key)}
    with pytest.raises(Refused):
        await verifier.verify(token)


async def test_the_memory_of_tokens_is_bounded(
    verifier: TokenVerifier, checked: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MAX_KNOWN", 3)
    several = [signed(sub=f"u-{n}") for n in range(5)]
    for token in several:
        await verifier.verify(token)
    assert len(verifier._known) == 3
    await verifier.verify(several[-1])
    assert checked() == 5
    await verifier.verify(several[0])
    assert checked() == 6


async def test_what_is_not_believed_is_not_remembered(verifier: TokenVerifier) -> None:
    for _ in range(2):
        with pytest.raises(Refused):
            await verifier.verify(signed(aud="somebody else"))
    assert not verifier._known
