"""What sealing needs from the world: a place for wrapped keys, and something that wraps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from services.chassis.refusal import Refusal

KEY_DESTROYED: Final = Refusal(
    "key-destroyed",
    410,
    "The texts under this key were destroyed for good.",
    "Nothing brings them back, and no new text can be added under this key.",
)
TEXT_TOO_LONG: Final = Refusal("text-too-long", 422, "The text is too long to be kept.", "Shorten it, or split it.")


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key that only the key-encryption key `kek_id` can open."""

    wrapped: bytes
    kek_id: str


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What is kept under a key id. `key` is None once it was destroyed."""

    key_id: str
    key: WrappedKey | None
    created_at: datetime
    destroyed_at: datetime | None


class SubjectKeys(Protocol):
    """The wrapped data keys. Implementations pass `services.chassis.sealing.conformance`."""

    async def get(self, key_id: str) -> StoredKey | None:
        """What is kept under the id, if anything."""
        ...

    async def create(self, key_id: str, key: WrappedKey, at: datetime) -> StoredKey:
        """Keep a key unless there is one, or was one. Returns what is kept now: the first writer wins."""
        ...

    async def destroy(self, key_id: str, at: datetime) -> StoredKey:
        """Forget the key for good. An id that was never used is barred as well; a second time changes nothing."""
        ...

    async def under_other_kek(self, kek_id: str, limit: int) -> Sequence[StoredKey]:
        """Living keys that are not wrapped by `kek_id`, at most `limit`."""
        ...

    async def rewrap(self, key_id: str, old: WrappedKey, new: WrappedKey) -> bool:
        """Replace the wrapping if it is still `old`. False if it was destroyed or replaced meanwhile."""
        ...


class KeyEncryptionKey(Protocol):
    """Wraps data keys: keys at hand (`kek.LocalKeks`) or a key management service (`kms.TransitKek`).

    `bound_to` is authenticated with the key: a wrapped key moved to another id does not open.
    Implementations pass `services.chassis.sealing.conformance_kek`. All methods raise `Unavailable` when the key is
    elsewhere and cannot be asked for.
    """

    async def current(self) -> str:
        """The id of the key that wraps now."""
        ...

    async def wrap(self, data_key: bytes, bound_to: bytes) -> WrappedKey:
        """Wrap under the active key."""
        ...

    async def unwrap(self, key: WrappedKey, bound_to: bytes) -> bytes:
        """Open. Raises `UnknownKek`, `SealBroken`."""
        ...


class UnknownKek(Exception):
    """A key was wrapped by a key-encryption key that is not at hand."""


class SealBroken(Exception):
    """A ciphertext or a wrapped key is not what was written: altered, moved, or opened for another purpose."""
