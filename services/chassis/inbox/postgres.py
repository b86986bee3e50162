"""The inbox and all that hangs on it in the service's own PostgreSQL database."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from contracts.events.wire import Message
from services.chassis.background import Watermark
from services.chassis.inbox import ranges
from services.chassis.inbox.lines_postgres import PostgresLines
from services.chassis.inbox.port import (
    Entry,
    FollowersTx,
    Identity,
    InboxTx,
    Kept,
    Key,
    Known,
    LinesTx,
    Parked,
    Partition,
    Place,
    TopicStanding,
)
from services.chassis.log.statements import statement
from services.chassis.meta import Meta
from services.chassis.pool import AWAY, NOT_LET_IN
from services.chassis.projections.lazily import Lazily
from services.chassis.projections.port import GenerationsTx, RowsTx
from services.chassis.projections.postgres import PostgresGenerations, PostgresRows
from services.chassis.unavailable import Unavailable

_sql = partial(statement, Path(__file__).parent / "sql")


class PostgresInbox:
    """An `InboxTx` over the tables `inbox*`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def lock(self) -> int:
        """See `InboxTx.lock`."""
        return int(await self._connection.fetchval(_sql("lock_head")))

    async def head(self) -> int:
        """See `InboxTx.head`."""
        return int(await self._connection.fetchval(_sql("head")))

    async def offsets(self, cluster_id: str, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """See `InboxTx.offsets`."""
        rows = await self._connection.fetch(_sql("offsets"), cluster_id, *_columns(partitions, 2))
        return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}

    async def set_offsets(self, cluster_id: str, offsets: Mapping[Partition, int]) -> None:
        """See `InboxTx.set_offsets`."""
        if offsets:
            await self._connection.execute(
                _sql("set_offsets"), cluster_id, *_columns(offsets, 2), list(offsets.values())
            )

    async def held(self, places: Collection[Place]) -> Mapping[Place, Identity]:
        """See `InboxTx.held`."""
        rows = await self._connection.fetch(_sql("held"), *_columns(places, 2))
        return {Place(row[0], row[1]): Identity(UUID(bytes=row[2].bytes), row[3].hex()) for row in rows}

    async def look(
        self, cluster_id: str, partitions: Collection[Partition], places: Collection[Place], keys: Collection[Key]
    ) -> Known:
        """See `InboxTx.look`."""
        wanted = (*_columns(partitions, 2), *_columns(places, 2), *_columns(keys, 2))
        offsets: dict[Partition, int] = {}
        held: dict[Place, Identity] = {}
        seqs: dict[Key, int] = {}
        standings: dict[str, TopicStanding] = {}
        waits = False
        for kind, topic, key, n, m, event_id, chain, ranges_held, counts, since in await self._connection.fetch(
            _sql("look"), cluster_id, *wanted
        ):
            match kind:
                case "offset":
                    offsets[Partition(topic, n)] = m
                case "place":
                    held[Place(topic, n)] = Identity(UUID(bytes=event_id.bytes), chain.hex())
                case "key" if n is not None:
                    seqs[Key(topic, key)] = n
                case "standing":
                    out_pos, announced = counts
                    standings[topic] = TopicStanding(topic, n, m, out_pos, ranges.unflat(ranges_held), announced, since)
                case "waits":
                    waits = True
        return Known(offsets, held, seqs, standings, waits)

    async def waiting(self, keys: Collection[Key] | None = None) -> Sequence[Message]:
        """See `InboxTx.waiting`."""
        wanted = (None, None) if keys is None else _columns(keys, 2)
        return [_message(row) for row in await self._connection.fetch(_sql("waiting"), *wanted)]

    async def store(
        self,
        head: int,
        entries: Sequence[Entry],
        standings: Collection[TopicStanding],
        cluster_id: str,
        offsets: Mapping[Partition, int],
    ) -> None:
        """See `InboxTx.store`."""
        await self._connection.execute(
            _sql("store"),
            [entry.in_pos for entry in entries],
            *_columns((_fields(entry.message) for entry in entries), 16),
            entries[0].received_at if entries else None,
            head + len(entries),
            *_columns((_standing(standing) for standing in standings), 7),
            cluster_id,
            *_columns(offsets, 2),
            list(offsets.values()),
        )

    async def hold(self, messages: Sequence[Message], received_at: datetime) -> None:
        """See `InboxTx.hold`."""
        if messages:
            rows = (_fields(message) for message in messages)
            await self._connection.execute(_sql("hold"), *_columns(rows, 16), received_at)

    async def release(self, places: Collection[Place]) -> None:
        """See `InboxTx.release`."""
        if places:
            await self._connection.execute(_sql("release"), *_columns(places, 2))

    async def standings(self) -> Mapping[str, TopicStanding]:
        """See `InboxTx.standings`."""
        return {
            row[0]: TopicStanding(row[0], row[1], row[2], row[3], ranges.unflat(row[4]), row[5], row[6])
            for row in await self._connection.fetch(_sql("standings"))
        }

    async def at(self, place: Place) -> Message:
        """See `InboxTx.at`."""
        (row,) = await self._connection.fetch(_sql("at"), *place)
        return _message(row)

    async def read(self, after: int, until: int, types: Collection[str] | None = None) -> Sequence[Entry]:
        """See `InboxTx.read`."""
        wanted = None if types is None else list(types)
        return [_entry(row) for row in await self._connection.fetch(_sql("read"), after, until, wanted)]

    async def stretch(self, after: int, until: int, types: Collection[str]) -> Sequence[Kept]:
        """See `InboxTx.stretch`."""
        return Lazily(Kept._make, await self._connection.fetch(_sql("stretch"), after, until, list(types)))

    async def read_key(self, key: str, start: int, until: int) -> Sequence[Entry]:
        """See `InboxTx.read_key`."""
        return [_entry(row) for row in await self._connection.fetch(_sql("read_key"), key, start, until)]

    async def rows(self, topic: str) -> int:
        """See `InboxTx.rows`."""
        return int(await self._connection.fetchval(_sql("rows"), topic))


class PostgresFollowers:
    """A `FollowersTx` over the tables `parked` and `cursors`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def parked(self, follower: str | None = None, keys: Collection[str] | None = None) -> Sequence[Parked]:
        """See `FollowersTx.parked`."""
        wanted = None if keys is None else list(keys)
        return [Parked(*row) for row in await self._connection.fetch(_sql("parked"), follower, wanted)]

    async def park(self, parked: Parked) -> None:
        """See `FollowersTx.park`."""
        await self._connection.execute(
            _sql("park"), parked.follower, parked.key, parked.position, parked.reason, parked.parked_at
        )

    async def unpark(self, follower: str, key: str) -> None:
        """See `FollowersTx.unpark`."""
        await self._connection.execute(_sql("unpark"), follower, key)

    async def unpark_all(self, follower: str) -> None:
        """See `FollowersTx.unpark_all`."""
        await self._connection.execute(_sql("unpark"), follower, None)

    async def cursor(self, name: str) -> int:
        """See `FollowersTx.cursor`."""
        return int(await self._connection.fetchval(_sql("cursor"), name) or 0)

    async def lock_cursor(self, name: str) -> int:
        """See `FollowersTx.lock_cursor`."""
        position = await self._connection.fetchval(_sql("lock_cursor"), name)
        if position is None:
            await self._connection.execute(_sql("new_cursor"), name)
            position = await self._connection.fetchval(_sql("lock_cursor"), name)
        return int(position)

    async def move_cursor(self, name: str, position: int) -> None:
        """See `FollowersTx.move_cursor`."""
        await self._connection.execute(_sql("move_cursor"), name, position)


class PostgresTx:
    """A `Tx` on one connection."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection
        self.inbox: InboxTx = PostgresInbox(connection)
        self.lines: LinesTx = PostgresLines(connection)
        self.followers: FollowersTx = PostgresFollowers(connection)
        self.generations: GenerationsTx = PostgresGenerations(connection)
        self.rows: RowsTx = PostgresRows(connection)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """See `Tx.savepoint`. It is not released: the transaction's end does that without a round trip of its own."""
        await self._connection.execute("SAVEPOINT step")
        try:
            yield
        except Exception:
            await self._connection.execute("ROLLBACK TO SAVEPOINT step")
            raise


class PostgresStore:
    """A `Store` on a pool of the service's own role."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self.grown = Watermark()

    @asynccontextmanager
    async def begin(self, *, snapshot: bool = False) -> AsyncIterator[PostgresTx]:
        """See `Store.begin`."""
        try:
            connection = await self._pool.acquire()
        except NOT_LET_IN as error:
            raise Unavailable("database") from error
        try:
            isolation: Any = "repeatable_read" if snapshot else "read_committed"
            async with connection.transaction(isolation=isolation, readonly=snapshot):
                yield PostgresTx(connection)
        except AWAY as error:
            raise Unavailable("database") from error
        finally:
            await self._pool.release(connection)


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows as one list per column, for unnest."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    return columns


def _fields(message: Message) -> tuple[Any, ...]:
    return (
        message.topic,
        message.topic_pos,
        message.key,
        message.key_seq,
        message.out_pos,
        message.source,
        message.event_id,
        message.type,
        message.schema,
        message.stream,
        message.version,
        message.position,
        message.recorded_at,
        bytes.fromhex(message.chain),
        Meta(message.provenance, message.occurred_on).encode(),
        message.value,
    )


def _standing(standing: TopicStanding) -> tuple[Any, ...]:
    held = "{" + ",".join(map(str, ranges.flat(standing.held))) + "}"
    counts = (standing.topic_pos, standing.position, standing.out_pos)
    return standing.topic, *counts, held, standing.announced, standing.since


def _message(row: "asyncpg.Record") -> Message:
    meta = Meta.decode(row["meta"])
    return Message(
        topic=row["topic"],
        topic_pos=row["topic_pos"],
        key=row["key"],
        key_seq=row["key_seq"],
        out_pos=row["out_pos"],
        source=row["source"],
        event_id=UUID(bytes=row["event_id"].bytes),
        type=row["type"],
        schema=row["schema"],
        stream=row["stream"],
        version=row["version"],
        position=row["pos"],
        recorded_at=row["recorded_at"],
        chain=row["chain"].hex(),
        provenance=meta.provenance,
        value=row["value"],
        occurred_on=meta.occurred_on,
    )


def _entry(row: "asyncpg.Record") -> Entry:
    return Entry(row["in_pos"], _message(row), row["received_at"])
