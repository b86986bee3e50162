"""Key-encryption keys at hand, from a file or a variable. The first one wraps, the others still open."""

import base64
import binascii
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.chassis.files import read_secret, write_secret_once
from services.chassis.sealing.kms import TransitKek, TransitKey
from services.chassis.sealing.port import KeyEncryptionKey, SealBroken, UnknownKek, WrappedKey
from services.chassis.settings import Mode, Settings

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
KEK_FILE: Final = "kek"
_FORMAT: Final = b"\x01"


class UnusableKek(ValueError):
    """What was given is not a list of keys. The message quotes nothing of it."""


class LocalKeks:
    """A `KeyEncryptionKey` from keys in memory. To rotate: put a new key in front, restart, `rewrap`, drop the old."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise UnusableKek(f"a key-encryption key has {KEY_BYTES} bytes, and one is needed")
        self._keys = {_id(key): AESGCM(key) for key in keys}
        self._active = _id(keys[0])

    @property
    def active(self) -> str:
        """The id of the key that wraps now: it begins with a hash of the key, which tells nothing of a random one."""
        return self._active

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all keys at hand."""
        return frozenset(self._keys)

    async def current(self) -> str:
        """See `active`."""
        return self._active

    async def wrap(self, data_key: bytes, bound_to: bytes) -> WrappedKey:
        """Wrap under the active key."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self._active].encrypt(nonce, data_key, _FORMAT + bound_to)
        return WrappedKey(_FORMAT + nonce + sealed, self._active)

    async def unwrap(self, key: WrappedKey, bound_to: bytes) -> bytes:
        """Open with the key that wrapped it."""
        kek = self._keys.get(key.kek_id)
        if kek is None:
            raise UnknownKek(f"{key.kek_id} is not among the key-encryption keys given")
        if key.wrapped[:1] != _FORMAT or len(key.wrapped) <= 1 + NONCE_BYTES:
            raise SealBroken("a wrapped key has an unknown form")
        nonce, sealed = key.wrapped[1 : 1 + NONCE_BYTES], key.wrapped[1 + NONCE_BYTES :]
        try:
            return kek.decrypt(nonce, sealed, _FORMAT + bound_to)
        except InvalidTag:
            raise SealBroken("a wrapped key does not open") from None


def fresh_kek() -> str:
    """A new key in the form in which files and variables hold it."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


@asynccontextmanager
async def kek_of(settings: Settings) -> AsyncIterator[KeyEncryptionKey]:
    """What wraps here: the key management service that the settings name, else keys at hand.

    Keys at hand that are named beside a service still open what they wrapped, and wrap nothing any more. Raises as
    `keks_of`.
    """
    key = transit_key_of(settings)
    if key is None:
        yield keks_of(settings)
        return
    at_hand = settings.kek is not None or settings.kek_file is not None or _own_path(settings).exists()
    kek = TransitKek(key, timeout=settings.upstream_timeout, before=keks_of(settings) if at_hand else None)
    try:
        yield kek
    finally:
        await kek.aclose()


def transit_key_of(settings: Settings) -> TransitKey | None:
    """The key in a key management service that the settings name, if they name one."""
    if settings.kms_url is None or settings.kms_key is None or settings.kms_token_file is None:
        return None
    return TransitKey(settings.kms_url, settings.kms_key, settings.kms_token_file, settings.kms_ca_file)


def keks_of(settings: Settings) -> LocalKeks:
    """The keys at hand that the settings name, or in embedded mode those of the state directory, made at first use.

    Raises `UnusableKek` when there are none, `ExposedSecret` when others can read the file.
    """
    if settings.kek is not None:
        return LocalKeks(_parse(settings.kek.get_secret_value()))
    if settings.kek_file is not None:
        return keks_in(settings.kek_file)
    if settings.mode is Mode.EMBEDDED:
        return _own(_own_path(settings))
    raise UnusableKek("no key-encryption key: set RELUTH_KEK_FILE, RELUTH_KEK or RELUTH_KMS_URL")


def keks_in(path: Path) -> LocalKeks:
    """The keys of a file. Raises `UnusableKek`, `ExposedSecret` when others can read it, and OSError."""
    return LocalKeks(_parse(read_secret(path).decode("ascii", "replace")))


def _own_path(settings: Settings) -> Path:
    return settings.state_dir / KEK_FILE


def _own(path: Path) -> LocalKeks:
    def fresh() -> bytes:
        return fresh_kek().encode()

    return LocalKeks(_parse(write_secret_once(path, fresh).decode("ascii", "replace")))


def _parse(text: str) -> list[bytes]:
    try:
        return [base64.b64decode(line + "=" * (-len(line) % 4), altchars=b"-_", validate=True) for line in text.split()]
    except (binascii.Error, ValueError):
        raise UnusableKek("a key-encryption key is 32 random bytes in base64url") from None


def _id(key: bytes) -> str:
    return "kek-" + sha256(b"reluth.kek\x00" + key).hexdigest()[:16]
