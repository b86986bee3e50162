"""Keys and tokens for tests: good ones, and what an attacker would make."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from services.chassis.auth.tokens import VerificationKey, keys_of

ISSUER, AUDIENCE = "https://issuer.example", "reluth"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
WEAK_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = Ed25519PrivateKey.generate()
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
JWKS: dict[str, Any] = {
    "keys": [
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "rsa"},
        {**ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), "kid": "ec", "use": "sig"},
        {**OKPAlgorithm.to_jwk(ED_KEY.public_key(), as_dict=True), "kid": "ed", "alg": "EdDSA"},
        {**RSAAlgorithm.to_jwk(WEAK_KEY.public_key(), as_dict=True), "kid": "weak"},
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "encryption", "use": "enc"},
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "other-alg", "alg": "HS256"},
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True)},
        {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U", "kid": "oct", "alg": "HS256"},
        {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
        "not an object",
    ]
}


class FixedKeys:
    """A key source without a network."""

    async def key(self, kid: str) -> VerificationKey | None:
        return keys_of(JWKS).get(kid)


def claims(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    base = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u-17", "iat": now, "nbf": now, "exp": now + timedelta(hours=1)}
    base |= {"roles": ["investigator"], "sites": ["01"]}
    return {name: value for name, value in (base | changes).items() if value is not None}


def signed(key: Any = RSA_KEY, algorithm: str = "RS256", kid: str | None = "rsa", **changes: Any) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=headers)


def forged(header: object, payload: object, signature: bytes = b"") -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part(header)}.{part(payload)}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def hs256_with_the_public_key() -> str:
    pem = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = {name: int(v.timestamp()) if isinstance(v, datetime) else v for name, v in claims().items()}
    unsigned = forged({"alg": "HS256", "kid": "rsa", "typ": "JWT"}, body).rsplit(".", 1)[0]
    tag = base64.urlsafe_b64encode(hmac.digest(pem, unsigned.encode(), "sha256")).decode().rstrip("=")
    return f"{unsigned}.{tag}"


def plain_claims() -> dict[str, Any]:
    return {name: int(v.timestamp()) if isinstance(v, datetime) else v for name, v in claims().items()}


def ago(**delta: float) -> datetime:
    return datetime.now(UTC) - timedelta(**delta)
