"""`SubjectKeys` in memory: the model that the PostgreSQL one is compared with, and what unit tests use."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.chassis.sealing.port import StoredKey, WrappedKey


class MemorySubjectKeys:
    """Keys in a dictionary. Every method runs without a pause, so each is atomic."""

    def __init__(self) -> None:
        self._kept: dict[str, StoredKey] = {}

    async def get(self, key_id: str) -> StoredKey | None:
        """What is kept under the id, if anything."""
        return self._kept.get(key_id)

    async def create(self, key_id: str, key: WrappedKey, at: datetime) -> StoredKey:
        """Keep a key unless there is or was one."""
        return self._kept.setdefault(key_id, StoredKey(key_id, key, at, None))

    async def destroy(self, key_id: str, at: datetime) -> StoredKey:
        """Forget the key, or bar the id."""
        kept = self._kept.get(key_id, StoredKey(key_id, None, at, at))
        self._kept[key_id] = replace(kept, key=None, destroyed_at=kept.destroyed_at or at)
        return self._kept[key_id]

    async def under_other_kek(self, kek_id: str, limit: int) -> Sequence[StoredKey]:
        """Living keys wrapped by another key."""
        return [s for s in self._kept.values() if s.key is not None and s.key.kek_id != kek_id][:limit]

    async def rewrap(self, key_id: str, old: WrappedKey, new: WrappedKey) -> bool:
        """Replace the wrapping if it is still the old one."""
        kept = self._kept.get(key_id)
        if kept is None or kept.key != old:
            return False
        self._kept[key_id] = replace(kept, key=new)
        return True
