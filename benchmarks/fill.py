"""A log as so many appends of one event each would have left it, made faster than by appending."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.load import PAYLOAD, PER_STREAM
from benchmarks.reluth_log import ANSWER, META
from services.chassis.log.chain import GENESIS, link
from services.cli.databases import DatabaseUrls

_START = datetime(2026, 1, 5, tzinfo=UTC)
_TABLES = ("events", "outbox", "commands", "streams")
_PAYLOAD = PAYLOAD.encode()
_STRETCH = 20_000

Say = Callable[[str], None]


async def fill(urls: DatabaseUrls, count: int, say: Say) -> None:
    """Everything that so many appends would have left. Indexes are dropped and built again: ten times as fast."""
    owner = await asyncpg.connect(urls.owner)
    try:
        indexes = await _drop_indexes(owner)
        async with asyncio.TaskGroup() as group:
            group.create_task(_others(urls.owner, count))
            last = await _events(owner, count, say)
        await owner.execute("SET maintenance_work_mem = '1GB'")
        for number, statement in enumerate(indexes):
            say(f"index {number + 1} of {len(indexes)}")
            await owner.execute(statement)
        say("vacuum")
        for table in _TABLES:
            await owner.execute(f"VACUUM (ANALYZE) {table}")
        await owner.execute("UPDATE log_head SET pos = $1, out_pos = $1, hash = $2, recorded_at = $3", count, *last)
    finally:
        await owner.close()


async def _drop_indexes(owner: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    """Drop what is unique; the statements that make it again, as the migrations did."""
    again: list[str] = []
    for table in _TABLES:
        constraints = await owner.fetch(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = $1::regclass AND contype = 'p'",
            table,
        )
        for name, definition in constraints:
            await owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        for name, definition in await owner.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1", table
        ):
            await owner.execute(f"DROP INDEX {name}")
            again.append(definition)
    return again


async def _events(owner: "asyncpg.Connection[asyncpg.Record]", count: int, say: Say) -> tuple[bytes, datetime]:
    """COPY the events, linked; hash and time of the last."""
    columns = ["pos", "event_id", "stream_id", "version", "type", "schema", "meta", "payload", "recorded_at", "hash"]
    chain = _chain(count)
    last: list[tuple[Any, ...]] = []
    for done in range(_STRETCH, count + _STRETCH, _STRETCH):
        stretch = list(islice(chain, _STRETCH))
        await owner.copy_records_to_table("events", records=stretch, columns=columns)
        last = stretch[-1:]
        say(f"{min(done, count):,} of {count:,} events")
    return last[0][9], last[0][8]


def _chain(count: int) -> Iterator[tuple[Any, ...]]:
    """Rows of `events`."""
    previous = GENESIS
    for position in range(1, count + 1):
        number, version = divmod(position - 1, PER_STREAM)
        event_id, stream, version = _event_id(position), f"subject-{number}", version + 1
        at = _START + timedelta(milliseconds=position)
        previous = link(
            previous,
            position=position,
            event_id=event_id,
            stream=stream,
            version=version,
            type_="test.happened",
            schema=1,
            recorded_at=at,
            meta=META,
            payload=_PAYLOAD,
        )
        yield position, event_id, stream, version, "test.happened", 1, META, _PAYLOAD, at, previous


def _event_id(position: int) -> UUID:
    """In the form and order of UUID version 7, as the service makes them."""
    moment = 1_767_571_200_000 + position
    return UUID(int=moment << 80 | 7 << 76 | 2 << 62 | position)


async def _others(url: str, count: int) -> None:
    """Outbox, answers and stream versions hold nothing that the server could not make itself."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "INSERT INTO outbox (out_pos, pos, topic, topic_pos, key, key_seq, value)"
            f" SELECT n, n, 'test.facts', n, 'subject-' || (n - 1) / {PER_STREAM}, (n - 1) % {PER_STREAM} + 1, $1"
            " FROM generate_series(1, $2::bigint) n",
            _PAYLOAD,
            count,
        )
        await connection.execute(
            "INSERT INTO commands (key, request_hash, response, pos)"
            " SELECT gen_random_uuid()::text, $1, $2, n FROM generate_series(1, $3::bigint) n",
            bytes(32),
            ANSWER,
            count,
        )
        await connection.execute(
            "INSERT INTO streams (stream_id, version)"
            f" SELECT 'subject-' || n, {PER_STREAM} FROM generate_series(0, $1::bigint / {PER_STREAM} - 1) n",
            count,
        )
    finally:
        await connection.close()
