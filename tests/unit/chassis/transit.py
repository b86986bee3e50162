"""A double of the transit engine: what it answers was compared with OpenBao 2.7.2, by the same cases run on both."""

import base64
import os
from collections.abc import Callable
from pathlib import Path

import httpx
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.sealing.kms import TransitKek, TransitKey
from services.chassis.sealing.port import KeyEncryptionKey

TOKEN = "s.a-token-that-nobody-should-see"
NAME = "reluth"


class TransitDouble:
    """Keys by name, each a list of versions. Encrypting under an unknown name makes a key, as the real one does."""

    def __init__(self) -> None:
        self.token = TOKEN
        self.keys: dict[str, list[AESGCM]] = {NAME: [_fresh()]}
        self.oldest: dict[str, int] = {}
        self.type = "aes256-gcm96"
        self.asked: list[tuple[str, str]] = []
        self.failure: Callable[[], Response] | None = None
        routes = [
            Route("/v1/transit/encrypt/{name}", self._encrypt, methods=["POST"]),
            Route("/v1/transit/decrypt/{name}", self._decrypt, methods=["POST"]),
            Route("/v1/transit/keys/{name}", self._key),
            Route("/v1/transit/keys/{name}/rotate", self._rotate, methods=["POST"]),
            Route("/v1/transit/keys/{name}/config", self._config, methods=["POST"]),
        ]
        self._routes = Starlette(routes=routes)

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        self.asked.append((request.method, request.url.path))
        app: Starlette | Response = self._routes
        if self.failure is not None:
            app = self.failure()
        elif request.headers.get("x-vault-token") != self.token:
            app = _errors(403, "permission denied")
        await app(scope, receive, send)

    async def _encrypt(self, request: Request) -> Response:
        asked, name = await request.json(), request.path_params["name"]
        versions, nonce = self.keys.setdefault(name, [_fresh()]), os.urandom(12)
        sealed = versions[-1].encrypt(nonce, *map(base64.b64decode, (asked["plaintext"], asked["associated_data"])))
        ciphertext = f"vault:v{len(versions)}:{base64.b64encode(nonce + sealed).decode()}"
        return _data(ciphertext=ciphertext, key_version=len(versions))

    async def _decrypt(self, request: Request) -> Response:
        asked, name = await request.json(), request.path_params["name"]
        if name not in self.keys:
            return _errors(400, "encryption key not found")
        prefix, version, text = asked["ciphertext"].split(":")
        assert prefix == "vault"
        number = int(version[1:])
        if number > len(self.keys[name]):
            return _errors(400, "invalid ciphertext: version is too new")
        if number < self.oldest.get(name, 1):
            return _errors(400, "ciphertext or signature version is disallowed by policy (too old)")
        try:
            raw = base64.b64decode(text, validate=True)
        except ValueError:
            return _errors(400, "invalid ciphertext: could not decode base64")
        if len(raw) < 12:
            return _errors(400, "invalid ciphertext length")
        try:
            bound = base64.b64decode(asked["associated_data"])
            plain = self.keys[name][number - 1].decrypt(raw[:12], raw[12:], bound)
        except InvalidTag:
            return _errors(400, "cipher: message authentication failed")
        return _data(plaintext=base64.b64encode(plain).decode())

    async def _key(self, request: Request) -> Response:
        versions = self.keys.get(request.path_params["name"])
        return _data(latest_version=len(versions), type=self.type) if versions else JSONResponse({"errors": []}, 404)

    async def _rotate(self, request: Request) -> Response:
        self.keys[request.path_params["name"]].append(_fresh())
        return await self._key(request)

    async def _config(self, request: Request) -> Response:
        self.oldest[request.path_params["name"]] = (await request.json())["min_decryption_version"]
        return await self._key(request)


class TransitKeeper:
    """Commands the service at `base`, real or not, over the client that also asks it."""

    def __init__(self, base: str, token_file: Path, client: Callable[[], httpx.AsyncClient]) -> None:
        self._base, self._token, self._client = base, token_file.read_text(), client
        key = TransitKey(base, NAME, token_file)
        self.kek: KeyEncryptionKey = TransitKek(key, timeout=20, client=client)

    async def rotate(self) -> None:
        await self._post("rotate", {})

    async def forget(self) -> None:
        newest = (await self.kek.current()).rpartition("v")[2]
        await self._post("config", {"min_decryption_version": int(newest)})

    async def _post(self, what: str, body: object) -> None:
        async with self._client() as client:
            answer = await client.post(
                f"{self._base}/v1/transit/keys/{NAME}/{what}", json=body, headers={"X-Vault-Token": self._token}
            )
            answer.raise_for_status()


def token_file(at: Path, token: str = TOKEN) -> Path:
    path = at / "kms-token"
    path.write_text(token)
    path.chmod(0o600)
    return path


def _fresh() -> AESGCM:
    return AESGCM(os.urandom(32))


def _data(**data: object) -> Response:
    return JSONResponse({"data": data})


def _errors(status: int, *errors: str) -> Response:
    return JSONResponse({"errors": list(errors)}, status)
