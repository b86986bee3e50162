"""The local token issuer of embedded mode: one key pair in the state directory, discovery, and minting.

It exists so that trying the system needs no identity provider. External mode never makes one.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.chassis.auth.tokens import VerificationKey, keys_of
from services.chassis.clock import Clock, system_clock
from services.chassis.files import write_secret_once

KEY_FILE: Final = "issuer-key.pem"
MAX_TTL: Final = timedelta(days=7)


class LocalIssuer:
    """Signs tokens with the key in `state_dir`, which is made at first use and shared by all processes there.

    `issuer` is the URL under which `app` is served; tokens carry it, and verifiers compare it.
    """

    def __init__(self, state_dir: Path, *, issuer: str, audience: str, clock: Clock = system_clock) -> None:
        self.issuer, self.audience, self._clock = issuer, audience, clock
        self._key = _load_or_create(state_dir / KEY_FILE)
        public = OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        self._kid = sha256(json.dumps(public, sort_keys=True).encode()).hexdigest()[:16]
        self.jwks: dict[str, Any] = {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": "EdDSA"}]}
        self._keys = keys_of(self.jwks)

    def mint(
        self,
        actor: str,
        roles: Iterable[str],
        sites: Iterable[str] = (),
        ttl: timedelta = timedelta(hours=8),
    ) -> str:
        """A token for that account. Raises ValueError beyond a week: these keys are for trying, not for keeping."""
        if not timedelta(0) < ttl <= MAX_TTL:
            raise ValueError(f"a token lives more than 0 and at most {MAX_TTL.days} days")
        now = self._clock()
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": actor,
            "iat": now,
            "nbf": now,
            "exp": now + ttl,
            "jti": secrets.token_hex(8),
            "roles": sorted(roles),
            "sites": sorted(sites),
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self._kid})

    async def key(self, kid: str) -> VerificationKey | None:
        """A `KeySource` for verifiers that share the state directory and need no HTTP."""
        return self._keys.get(kid)

    def app(self) -> Starlette:
        """The discovery document and the public keys, as an ASGI application to serve at `issuer`."""

        async def configuration(_: Request) -> JSONResponse:
            return JSONResponse(
                {
                    "issuer": self.issuer,
                    "jwks_uri": self.issuer.rstrip("/") + "/jwks.json",
                    "id_token_signing_alg_values_supported": ["EdDSA"],
                    "subject_types_supported": ["public"],
                    "response_types_supported": [],
                }
            )

        async def jwks(_: Request) -> JSONResponse:
            return JSONResponse(self.jwks)

        return Starlette(routes=[Route("/.well-known/openid-configuration", configuration), Route("/jwks.json", jwks)])


def _load_or_create(path: Path) -> Ed25519PrivateKey:
    def fresh() -> bytes:
        return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    key = load_pem_private_key(write_secret_once(path, fresh), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path.name} does not hold an Ed25519 key")
    return key
