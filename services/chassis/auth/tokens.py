"""Verification of access tokens: JSON Web Tokens with asymmetric signatures, and nothing else."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from services.chassis.auth.refusals import TOKEN_NOT_ACCEPTED
from services.chassis.auth.who import Who
from services.chassis.refusal import Refused

ALGORITHMS: Final = frozenset({"RS256", "ES256", "EdDSA"})
LEEWAY: Final = 30  # seconds by which the clocks of issuer and service may differ
MAX_TOKEN: Final = 16_384  # characters; longer ones are not worth parsing
MAX_NAME: Final = 255
MIN_RSA_BITS: Final = 2048
MAX_KNOWN: Final = 1024  # verified tokens that are remembered; a trial has fewer callers at a time
REQUIRED: Final = ("iss", "aud", "exp", "nbf", "iat", "sub")

_REASONS: Final[Mapping[type[Exception], str]] = {
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "not-yet-valid",
    jwt.InvalidIssuedAtError: "not-yet-valid",
    jwt.InvalidAudienceError: "wrong-audience",
    jwt.InvalidIssuerError: "wrong-issuer",
    jwt.MissingRequiredClaimError: "claim-missing",
    jwt.InvalidSignatureError: "wrong-signature",
}


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key of the issuer, bound to the one algorithm it is used with.

    The binding is the defence against algorithm confusion: a token never chooses how its key is used.
    """

    kid: str
    algorithm: str
    key: Any


class KeySource(Protocol):
    """Where the issuer's public keys come from."""

    async def key(self, kid: str) -> VerificationKey | None:
        """The key of that id, or None. Raises `Unavailable` when no keys can be had at all."""
        ...


def keys_of(jwks: Mapping[str, Any]) -> dict[str, VerificationKey]:
    """The usable keys of a JWK set, by id. Symmetric, weak, unnamed and encryption keys are left out."""
    found: dict[str, VerificationKey] = {}
    entries = jwks.get("keys")
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        algorithm, kid = _algorithm(entry), entry.get("kid")
        if algorithm is None or not isinstance(kid, str) or kid in found:
            continue
        if entry.get("use", "sig") != "sig" or entry.get("alg", algorithm) != algorithm:
            continue
        try:
            key = jwt.PyJWK(entry, algorithm).key
        except jwt.PyJWTError:
            continue
        if isinstance(key, RSAPublicKey) and key.key_size < MIN_RSA_BITS:
            continue
        found[kid] = VerificationKey(kid, algorithm, key)
    return found


def _algorithm(entry: Mapping[str, Any]) -> str | None:
    match entry.get("kty"), entry.get("crv"):
        case "RSA", _:
            return "RS256"
        case "EC", "P-256":
            return "ES256"
        case "OKP", "Ed25519":
            return "EdDSA"
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _Verified:
    """What a token said when its signature was checked, and when and under which key that still holds."""

    who: Who
    key: VerificationKey
    since: float
    until: float


class TokenVerifier:
    """Turns a bearer token into a `Who`, or raises `Refused` (401) with a reason code and nothing of the token.

    A signature is checked once: the same bytes signed by a key that is still the issuer's are as good the second time.
    Whether the key is, and whether the token is not yet or no longer valid, is asked every time. Only the hash of a
    token is kept, and only of tokens that were accepted, so that nobody can fill the memory with made-up ones.
    """

    def __init__(
        self, keys: KeySource, *, issuer: str, audience: str, roles_claim: str = "roles", sites_claim: str = "sites"
    ) -> None:
        self._keys, self._issuer, self._audience = keys, issuer, audience
        self._roles_claim, self._sites_claim = roles_claim, sites_claim
        self._known: dict[bytes, _Verified] = {}

    async def verify(self, token: str) -> Who:
        """The caller whom the token names."""
        digest = sha256(token.encode()).digest()
        known = self._known.get(digest)
        stands = known is not None and known.since <= time.time() < known.until
        if known is not None and stands and await self._keys.key(known.key.kid) is known.key:
            return known.who
        claims, key = await self._claims(token)
        who = self._named(claims)
        if len(self._known) >= MAX_KNOWN:
            del self._known[next(iter(self._known))]
        since, until = max(int(claims["nbf"]), int(claims["iat"])) - LEEWAY, int(claims["exp"]) + LEEWAY
        self._known[digest] = _Verified(who, key, since, until)
        return who

    def _named(self, claims: Mapping[str, Any]) -> Who:
        actor = claims["sub"]
        if not _is_name(actor):
            raise _not_accepted("subject-unusable")
        # "*" would read as "all sites" to a person; a token cannot say that, only the policy can.
        sites = frozenset(_names(claims, self._sites_claim)) - {"*"}
        return Who(actor, frozenset(_names(claims, self._roles_claim)), sites)

    async def _claims(self, token: str) -> tuple[dict[str, Any], VerificationKey]:
        if len(token) > MAX_TOKEN:
            raise _not_accepted("too-long")
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError):  # the library lets deep nesting through
            raise _not_accepted("malformed") from None
        kid, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            raise _not_accepted("algorithm-not-accepted")
        if not isinstance(kid, str):
            raise _not_accepted("malformed")
        key = await self._keys.key(kid)
        if key is None:
            raise _not_accepted("unknown-key")
        if key.algorithm != algorithm:
            raise _not_accepted("algorithm-not-accepted")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm],
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY,
                options={"require": list(REQUIRED)},
            )
        except jwt.PyJWTError as error:
            raise _not_accepted(_REASONS.get(type(error), "malformed")) from None
        return claims, key


def _not_accepted(because: str) -> Refused:
    return Refused(TOKEN_NOT_ACCEPTED, because=because)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME and value.isprintable()


def _names(claims: Mapping[str, Any], claim: str) -> Sequence[str]:
    """A claim that is a list of names or one text of names parted by spaces. The literal claim wins over the path."""
    value: Any = claims.get(claim)
    if value is None:
        value = claims
        for step in claim.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        value = value.split()
    return [name for name in value if _is_name(name)] if isinstance(value, list) else []
