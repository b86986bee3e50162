"""A key-encryption key that never leaves its service: the transit engine of HashiCorp Vault and OpenBao, over HTTP."""

import asyncio
import base64
import logging
import random
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from services.chassis.files import read_secret
from services.chassis.sealing.port import KeyEncryptionKey, SealBroken, UnknownKek, WrappedKey
from services.chassis.unavailable import Unavailable

PART: Final = "key-management-service"
_PAUSES: Final = (0.05, 0.2)  # seconds before the second and third attempt, up to doubled by chance
_CIPHERTEXT: Final = re.compile(r"vault:v([1-9][0-9]{0,8}):[A-Za-z0-9+/]+={0,2}")
_TYPES: Final = frozenset({"aes128-gcm96", "aes256-gcm96", "chacha20-poly1305", "xchacha20-poly1305"})
_BAD_REQUEST: Final = 400
_NO_SUCH_KEY: Final = ("encryption key not found", "too old", "too new")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TransitKey:
    """Where the key is, and the file with the token that may use it, read anew for every question.

    Tokens end; whoever renews them replaces the file.
    """

    url: str
    name: str
    token_file: Path
    ca_file: Path | None = None

    @property
    def prefix(self) -> str:
        """How the ids of this key's versions begin."""
        return f"transit:{self.name}:v"


class TransitKek:
    """A `KeyEncryptionKey` in a key management service. `before`: what wrapped until then, and still opens.

    Every sealing and opening asks the service: it can be cut off there, and it is written down there who opened what.
    To rotate: rotate the key in the service, then rewrap.
    """

    def __init__(
        self,
        key: TransitKey,
        *,
        timeout: float,
        before: KeyEncryptionKey | None = None,
        client: Callable[[], httpx.AsyncClient] | None = None,
    ) -> None:
        self._key, self._timeout, self._before = key, timeout, before
        self._client = client() if client else httpx.AsyncClient(verify=_trust(key.ca_file))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def current(self) -> str:
        """The id of the key that wraps now. Raises `Unavailable`, `UnknownKek` when there is no such key."""
        told = await self._ask("GET", "keys", None)
        version = told.get("latest_version")
        if not isinstance(version, int) or told.get("type") not in _TYPES:
            raise UnknownKek(f"{self._key.name} is not a key that seals and authenticates")
        return f"{self._key.prefix}{version}"

    async def wrap(self, data_key: bytes, bound_to: bytes) -> WrappedKey:
        """Wrap under the newest version. Asks first whether there is such a key: the service would make one."""
        await self.current()
        told = await self._ask("POST", "encrypt", {"plaintext": _text(data_key), "associated_data": _text(bound_to)})
        ciphertext = str(told.get("ciphertext"))
        match = _CIPHERTEXT.fullmatch(ciphertext)
        if match is None:
            raise self._failed("answered with something else than a wrapped key")
        return WrappedKey(ciphertext.encode("ascii"), f"{self._key.prefix}{match[1]}")

    async def unwrap(self, key: WrappedKey, bound_to: bytes) -> bytes:
        """Open with the version that wrapped it, or with what wrapped before."""
        if not key.kek_id.startswith(self._key.prefix):
            if self._before is None:
                raise UnknownKek(f"{key.kek_id} is not a version of {self._key.name}")
            return await self._before.unwrap(key, bound_to)
        ciphertext = key.wrapped.decode("ascii", "replace")
        match = _CIPHERTEXT.fullmatch(ciphertext)
        if match is None or key.kek_id != f"{self._key.prefix}{match[1]}":
            raise SealBroken("a wrapped key has an unknown form")
        told = await self._ask("POST", "decrypt", {"ciphertext": ciphertext, "associated_data": _text(bound_to)})
        try:
            return base64.b64decode(told["plaintext"], validate=True)
        except (KeyError, TypeError, ValueError):
            raise self._failed("answered with something else than a key") from None

    async def _ask(self, method: str, what: str, body: Mapping[str, str] | None) -> Mapping[str, Any]:
        url = f"{self._key.url.rstrip('/')}/v1/transit/{what}/{self._key.name}"
        answer = await self._heard(method, url, body)
        told = _json(answer)
        if answer.is_success and isinstance(told.get("data"), dict):
            data: Mapping[str, Any] = told["data"]
            return data
        if answer.status_code == httpx.codes.NOT_FOUND and what == "keys":
            raise UnknownKek(f"the key management service has no key {self._key.name}")
        if answer.status_code == _BAD_REQUEST and what == "decrypt":
            if any(reason in error for error in map(str, told.get("errors") or ()) for reason in _NO_SUCH_KEY):
                raise UnknownKek(f"the key management service no longer has that version of {self._key.name}")
            raise SealBroken("a wrapped key does not open")
        raise self._failed(f"answered {answer.status_code} to {what}")

    async def _heard(self, method: str, url: str, body: Mapping[str, str] | None) -> httpx.Response:
        """The answer, of whatever status. Each question may be repeated: none of them changes anything."""
        headers = {"X-Vault-Token": self._token(), "X-Vault-Request": "true"}
        try:
            async with asyncio.timeout(self._timeout):
                for pause in _PAUSES:
                    try:
                        return await self._client.request(method, url, json=body, headers=headers)
                    except httpx.RequestError:
                        await asyncio.sleep(pause * random.uniform(1, 2))  # noqa: S311
                return await self._client.request(method, url, json=body, headers=headers)
        except (TimeoutError, httpx.RequestError):
            raise self._failed("does not answer") from None

    def _token(self) -> str:
        """Raises `Unavailable` when there is none at this moment, `ExposedSecret` when others can read the file."""
        try:
            token = read_secret(self._key.token_file).decode("ascii", "replace").strip()
        except OSError as error:
            raise self._failed(f"cannot be asked: its token cannot be read ({error.strerror})") from None
        if not token.isprintable() or not token.isascii() or not token:
            raise self._failed("cannot be asked: the file with its token holds something else")
        return token

    def _failed(self, how: str) -> Unavailable:
        _logger.error("the key management service %s", how)
        return Unavailable(PART)


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _trust(ca_file: Path | None) -> ssl.SSLContext | bool:
    return ssl.create_default_context(cafile=str(ca_file)) if ca_file else True


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
