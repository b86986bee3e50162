"""Sealing and unsealing of free text (AES-256-GCM, one data key per person, wrapped by the key-encryption key)."""

import base64
import binascii
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from contracts.vocabulary.sealed import SealedText
from services.chassis.clock import Clock, system_clock
from services.chassis.refusal import Refused
from services.chassis.sealing.port import (
    KEY_DESTROYED,
    TEXT_TOO_LONG,
    KeyEncryptionKey,
    SealBroken,
    StoredKey,
    SubjectKeys,
)

MAX_BYTES: Final = 32_768  # of a text in UTF-8
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_REWRAP_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Destruction:
    """That a key was destroyed, when and why: to be recorded as a fact by whoever decided it."""

    key_id: str
    at: datetime
    reason: str


class Sealer:
    """Seals texts under the key of a person.

    Keys are not kept in memory: after `destroy` no process can open anything, not even one that did a moment ago.
    `purpose` says what a text is (for example a field's name); it is authenticated, so that a sealed text copied into
    another field, or under another person's key, does not open.
    """

    def __init__(self, keys: SubjectKeys, kek: KeyEncryptionKey, *, clock: Clock = system_clock) -> None:
        self._keys, self._kek, self._clock = keys, kek, clock

    async def seal(self, subject_key_id: str, text: str, *, purpose: str) -> SealedText:
        """Seal. Makes the person's key at first use. Raises `Refused` (410, 422)."""
        plain = text.encode("utf-8")
        if len(plain) > MAX_BYTES:
            raise Refused(TEXT_TOO_LONG, limit_bytes=MAX_BYTES)
        data_key = await self._data_key(await self._stored(subject_key_id))
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(data_key).encrypt(nonce, plain, _bound("text", subject_key_id, purpose))
        return SealedText(key_id=subject_key_id, nonce=_text(nonce), ciphertext=_text(sealed))

    async def unseal(self, sealed: SealedText, *, purpose: str) -> str:
        """Open. Raises `Refused` (410) when the key was destroyed, `SealBroken` for anything but what was sealed."""
        stored = await self._keys.get(sealed.key_id)
        if stored is None:
            raise SealBroken("the text names a key that never was")
        data_key = await self._data_key(stored)
        try:
            bound = _bound("text", sealed.key_id, purpose)
            plain = AESGCM(data_key).decrypt(_bytes(sealed.nonce), _bytes(sealed.ciphertext), bound)
            return plain.decode("utf-8")
        except (InvalidTag, ValueError):
            raise SealBroken("the text is not what was sealed, or was sealed for another purpose") from None

    async def destroy(self, subject_key_id: str, reason: str) -> Destruction:
        """Destroy a person's key for good: every text under it is unreadable from now on, and none can be added.

        The ciphertexts stay where they are, and with them every hash over them. `reason` is a code or a text that names
        nobody; it is returned, to be recorded.
        """
        if not reason.strip():
            raise ValueError("the destruction of a key needs a reason")
        stored = await self._keys.destroy(subject_key_id, self._clock())
        return Destruction(subject_key_id, stored.destroyed_at or stored.created_at, reason)

    async def rewrap(self) -> int:
        """Wrap every living key with the active key-encryption key. Returns how many were not. Texts are untouched."""
        done = 0
        while behind := await self._keys.under_other_kek(await self._kek.current(), _REWRAP_BATCH):
            for stored in behind:
                if stored.key is not None:
                    fresh = await self._kek.wrap(await self._data_key(stored), _bound("key", stored.key_id, ""))
                    done += await self._keys.rewrap(stored.key_id, stored.key, fresh)
        return done

    async def _stored(self, key_id: str) -> StoredKey:
        stored = await self._keys.get(key_id)
        if stored is not None:
            return stored
        wrapped = await self._kek.wrap(os.urandom(_KEY_BYTES), _bound("key", key_id, ""))
        return await self._keys.create(key_id, wrapped, self._clock())

    async def _data_key(self, stored: StoredKey) -> bytes:
        if stored.key is None:
            raise Refused(KEY_DESTROYED, destroyed_at=stored.destroyed_at)
        return await self._kek.unwrap(stored.key, _bound("key", stored.key_id, ""))


def _bound(kind: str, key_id: str, purpose: str) -> bytes:
    """What is authenticated beside the text. Lengths keep the parts apart."""
    parts = [part.encode("utf-8") for part in ("reluth.sealed.v1", kind, key_id, purpose)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise SealBroken("the text is not what was sealed") from None
