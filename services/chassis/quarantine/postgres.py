"""A quarantine in PostgreSQL, beside the log and no part of it."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg

from contracts.vocabulary.sealed import SealedText
from services.chassis.freetext.scan import Hit, Kind
from services.chassis.log.statements import statement
from services.chassis.pool import AWAY, NOT_LET_IN, rows
from services.chassis.quarantine.port import MOST, SHOWN, UNKNOWN_TEXT, About, Held
from services.chassis.refusal import Refused
from services.chassis.unavailable import Unavailable

_sql = partial(statement, Path(__file__).parent / "sql")


class PostgresQuarantine:
    """`Quarantine` in the table `quarantine`. Each method but `hold` is one statement."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def hold(self, held: Held, same: Callable[[Held], bool]) -> Held | None:
        """See `Quarantine.hold`. Three statements in one transaction: who comes for the same person waits."""
        try:
            connection = await self._pool.acquire()
        except NOT_LET_IN as error:
            raise Unavailable("database") from error
        try:
            async with connection.transaction():
                await connection.execute(_sql("lock"), held.about.key_id)
                for row in await connection.fetch(_sql("of"), held.about.key_id, held.purpose):
                    if same(other := _held(row)):
                        return other
                added = await connection.fetch(_sql("add"), *_written(held), MOST)
        except AWAY as error:
            raise Unavailable("database") from error
        finally:
            await self._pool.release(connection)
        return held if added else None

    async def of(self, key_id: str, purpose: str) -> Sequence[Held]:
        """See `Quarantine.of`."""
        return [_held(row) for row in await self._rows("of", key_id, purpose)]

    async def all(self, realm: str, scope: str) -> Sequence[Held]:
        """See `Quarantine.all`."""
        return [_held(row) for row in await self._rows("all", realm, scope, SHOWN)]

    async def one(self, realm: str, scope: str, text: UUID) -> Held:
        """See `Quarantine.one`."""
        return _only(await self._rows("one", realm, scope, text))

    async def release(self, text: UUID, by: str, at: datetime) -> None:
        """See `Quarantine.release`."""
        await self._rows("release", text, by, at)

    async def remove(self, realm: str, scope: str, text: UUID) -> None:
        """See `Quarantine.remove`."""
        _only(await self._rows("remove", realm, scope, text))

    async def forget(self, key_id: str) -> None:
        """See `Quarantine.forget`."""
        await self._rows("forget", key_id)

    async def sweep(self, before: datetime) -> int:
        """See `Quarantine.sweep`."""
        return len(await self._rows("sweep", before))

    async def _rows(self, name: str, *arguments: object) -> "list[asyncpg.Record]":
        return await rows(self._pool, _sql(name), *arguments)


def _written(held: Held) -> tuple[object, ...]:
    return (
        held.id,
        held.about.realm,
        held.about.scope,
        held.about.key_id,
        held.purpose,
        json.dumps([[hit.kind.value, hit.start, hit.end] for hit in held.hits]),
        held.salt,
        held.digest,
        held.text.model_dump_json() if held.text else None,
        held.sent_by,
        held.since,
    )


def _only(found: "list[asyncpg.Record]") -> Held:
    if not found:
        raise Refused(UNKNOWN_TEXT)
    return _held(found[0])


def _held(row: "asyncpg.Record") -> Held:
    return Held(
        id=UUID(bytes=row["id"].bytes),
        about=About(row["realm"], row["scope"], row["key_id"]),
        purpose=row["purpose"],
        hits=tuple(Hit(start, end, Kind(kind)) for kind, start, end in json.loads(row["hits"])),
        salt=row["salt"],
        digest=row["digest"],
        text=SealedText.model_validate(json.loads(row["sealed"])) if row["sealed"] else None,
        sent_by=row["sent_by"],
        since=row["since"],
        released_by=row["released_by"],
        released_at=row["released_at"],
    )
