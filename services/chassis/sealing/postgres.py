"""`SubjectKeys` in PostgreSQL, beside the log whose texts they open."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import asyncpg

from services.chassis.log import statements
from services.chassis.sealing.port import StoredKey, WrappedKey

_sql: Callable[[str], str] = partial(statements.statement, Path(__file__).parent / "sql")


class PostgresSubjectKeys:
    """Keys in the table `subject_keys`. Each method is one statement."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def get(self, key_id: str) -> StoredKey | None:
        """What is kept under the id, if anything."""
        row = await self._pool.fetchrow(_sql("get"), key_id)
        return _stored(row) if row else None

    async def create(self, key_id: str, key: WrappedKey, at: datetime) -> StoredKey:
        """Keep a key unless there is or was one."""
        await self._pool.execute(_sql("create"), key_id, key.wrapped, key.kek_id, at)
        kept = await self.get(key_id)  # rows are never deleted: what was there before us is there now
        if kept is None:
            raise LookupError(f"{key_id} is gone from subject_keys, where nothing is ever deleted")
        return kept

    async def destroy(self, key_id: str, at: datetime) -> StoredKey:
        """Forget the key, or bar the id."""
        row = await self._pool.fetchrow(_sql("destroy"), key_id, at)
        if row is None:
            raise LookupError(f"{key_id} was neither there nor could be barred")
        return _stored(row)

    async def under_other_kek(self, kek_id: str, limit: int) -> Sequence[StoredKey]:
        """Living keys wrapped by another key."""
        return [_stored(row) for row in await self._pool.fetch(_sql("under_other_kek"), kek_id, limit)]

    async def rewrap(self, key_id: str, old: WrappedKey, new: WrappedKey) -> bool:
        """Replace the wrapping if it is still the old one."""
        done = await self._pool.fetchval(_sql("rewrap"), key_id, old.wrapped, new.wrapped, new.kek_id)
        return done is not None


def _stored(row: asyncpg.Record) -> StoredKey:
    key = WrappedKey(row["wrapped"], row["kek_id"]) if row["wrapped"] is not None else None
    return StoredKey(row["key_id"], key, row["created_at"], row["destroyed_at"])
