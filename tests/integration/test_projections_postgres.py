"""Projections on real PostgreSQL: builds under load, races of processes, columns of every kind, the own log."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, LargeBinary, Numeric, String, Text, Uuid, func, select
from sqlalchemy.dialects.postgresql import JSONB
from uuid6 import uuid7

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.registry import canonical
from services.chassis.inbox.conformance import (
    REGISTRY,
    STUDY,
    House,
    Noted,
    Reader,
    Source,
    Trails,
    house,
    serial,
)
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.log.port import Batch, NewEvent, StoredEvent, StreamAppend
from services.chassis.log.postgres import PostgresLog
from services.chassis.projections.feed import InboxFeed, LogFeed
from services.chassis.projections.operations import Operations
from services.chassis.projections.port import FeedName, RowRejected
from services.chassis.projections.projection import table_of
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader
from services.chassis.unavailable import Unavailable
from tests.conftest import Database


@pytest.fixture
async def pool(database: Database) -> "AsyncIterator[asyncpg.Pool[asyncpg.Record]]":
    async with asyncpg.create_pool(database.url, min_size=2, max_size=8) as opened:
        yield opened


async def feed_in(h: House, source: Source, batches: int, size: int = 20) -> None:
    consumer = Reader(h.inbox)
    for n in range(batches):
        await consumer.take(*(source.note(f"01-{(n * size + i) % 17:03d}", i) for i in range(size)))


async def test_a_rebuild_under_load_is_equal_and_stays_so(
    pool: "asyncpg.Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new build catches up while the inbox goes on, in another process as far as the database can tell."""
    monkeypatch.setattr("services.chassis.projections.projections.STEP", 50)
    monkeypatch.setattr("services.chassis.projections.projections.SMALL_GAP", 50)
    service, source = await house(PostgresStore(pool)), Source()
    await feed_in(service, source, 30)
    beside = await house(PostgresStore(pool))
    consumer = Reader(service.inbox, number=5)
    stop = asyncio.Event()

    async def load() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            await consumer.take(*(source.note(f"01-{(n + i) % 17:03d}", n) for i in range(10)))

    loading = asyncio.create_task(load())
    try:
        for _ in range(3):
            rebuilt = await beside.operations.rebuild("trails")
            assert rebuilt.same is True
            await beside.operations.switch("trails")
    finally:
        stop.set()
        await loading
    assert await service.trails() == serial(source.said)
    assert await beside.trails() == serial(source.said)
    assert (await beside.operations.rebuild("trails")).same is True


async def test_two_processes_that_start_at_once_make_one_generation(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    houses = await asyncio.gather(*(house(PostgresStore(pool)) for _ in range(4)))
    source = Source()
    await feed_in(houses[0], source, 2)
    assert [g.generation.table for g in await houses[1].operations.list()] == ["p_trails_v1_g1"]
    assert await houses[3].trails() == serial(source.said)


async def test_consumers_of_several_processes_take_turns(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Three replicas with a partition each, and each also handed what the others have: once each, in order."""
    houses = [await house(PostgresStore(pool)) for _ in range(3)]
    source = Source()
    said = [source.note(f"01-{n % 9:03d}", n) for n in range(240)]

    async def replica(n: int) -> None:
        mine, theirs = Reader(houses[n].inbox, number=n), Reader(houses[n].inbox, number=10 + n)
        for start in range(0, 240, 24):
            await mine.take(*(m for m in said[start : start + 24] if hash(m.key) % 3 == n))
            await theirs.take(*said[max(0, start - 24) : start])

    await asyncio.gather(*(replica(n) for n in range(3)))
    assert await houses[0].trails() == serial(said)
    assert len(await houses[0].entries()) == 240


_ID = UUID(int=7)


@dataclass(frozen=True)
class Everything:
    """A state with a value of every kind of column."""

    text: str = "é'\"\\"
    number: Decimal = Decimal("1.50")
    day: date = date(2026, 1, 5)
    moment: datetime = datetime(2026, 1, 5, 8, tzinfo=UTC)
    id: UUID = _ID
    yes: bool = True
    raw: bytes = b"\x00\xff"
    parts: tuple[Decimal, ...] = (Decimal("0.10"),)
    nothing: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Kinds:
    """A projection with a column of every kind."""

    name: str = "kinds"
    version: int = 1
    feed: FeedName = FeedName.INBOX
    handles: tuple[type[Fact], ...] = (Noted,)

    def key(self, envelope: Envelope[Fact]) -> str | None:
        return envelope.fact.key

    def initial(self, key: str) -> Everything:
        return Everything()

    def fold(self, state: Everything, envelope: Envelope[Fact]) -> Everything:
        fact = envelope.fact
        assert isinstance(fact, Noted)
        return replace(state, note="x" * fact.number if fact.number >= 0 else "a\x00b")

    def columns(self) -> Sequence[Column[Any]]:
        return (
            Column("text", Text),
            Column("number", Numeric(9, 2)),
            Column("day", Date),
            Column("moment", DateTime(timezone=True)),
            Column("id", Uuid),
            Column("yes", Boolean, index=True),
            Column("raw", LargeBinary),
            Column("parts", JSONB),
            Column("nothing", Text, nullable=True),
            Column("note", String(5)),
        )

    def to_row(self, state: Everything) -> Mapping[str, Any]:
        row = {name: getattr(state, name) for name in Everything.__dataclass_fields__}
        return {**row, "parts": [str(part) for part in state.parts]}

    def from_row(self, row: Mapping[str, Any]) -> Everything:
        fields = {name: row[name] for name in Everything.__dataclass_fields__}
        return Everything(**{**fields, "parts": tuple(Decimal(part) for part in row["parts"])})


async def test_every_kind_of_column_comes_back(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    store, source, kinds = PostgresStore(pool), Source(), Kinds()
    projections = Projections(store, [kinds], [InboxFeed(store, REGISTRY)])
    await projections.start()
    h = await house(store)
    h = replace(h, inbox=type(h.inbox)(store, REGISTRY, [projections]))
    consumer = Reader(h.inbox)
    await consumer.take(source.note("01-001", 3), source.note("01-002", 5))
    await consumer.take(source.note("01-001", 4), source.note("01-002", 6), source.note("01-003", -1))
    reader = ProjectionReader(projections, kinds)
    found = (await reader.find({"yes": True})).value
    assert found == {"TRIAL/01-001": Everything(note="xxxx"), "TRIAL/01-002": Everything(note="xxxxx")}
    operations = Operations(projections)
    assert [p.key for p in await store_parked(store)] == ["TRIAL/01-002", "TRIAL/01-003"]
    rows = await reader.select(lambda t: select(func.count().label("n"), func.max(t.c.note)).select_from(t))
    assert rows.value[0]["n"] == 2
    assert (await reader.select(lambda t: select(t.c.parts).limit(1))).value[0]["parts"] == ["0.10"]
    in_list = await reader.select(lambda t: select(t.c.key).where(t.c.note.in_(["xxxx", "no"]), t.c.yes.is_(True)))
    assert [row["key"] for row in in_list.value] == ["TRIAL/01-001"]
    assert (await operations.rebuild("kinds")).same is True


async def store_parked(store: PostgresStore) -> Sequence[Any]:
    async with store.begin() as tx:
        return await tx.followers.parked()


async def test_a_refused_row_does_not_end_the_transaction(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    store = PostgresStore(pool)
    h = await house(store)
    async with store.begin() as tx:
        table = table_of(Trails(), (await tx.generations.all())[0])
        good = {"key": "a", "count": 1, "steps": "", "seen": []}
        with pytest.raises(RowRejected):
            async with tx.savepoint():
                await tx.rows.put(table, [good, {**good, "key": "b", "steps": "x" * 65}])
        await tx.rows.put(table, [good])
    assert list(await h.trails()) == ["a"]


async def test_the_own_log_in_the_same_database(database: Database, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    log = await PostgresLog.open(database.url)
    trails = Trails(feed=FeedName.LOG)
    projections = Projections(PostgresStore(pool), [trails], [LogFeed(log, decode)])
    reader = ProjectionReader(projections, trails)
    await projections.start()
    running = asyncio.create_task(projections.run())
    try:
        for version in range(40):
            fact = Noted(study=STUDY, subject="01-001", number=version)
            payload = canonical(fact.model_dump(mode="json"))
            event = NewEvent(UUID(int=uuid7().int), fact.type_name, 1, b'{"actor":"a"}', payload)
            recorded = await log.append(Batch((StreamAppend("noted", version, (event,)),)))
        assert await reader.wait_for(recorded.position, 10)
        assert (await reader.find()).value["TRIAL/01-001"].seen == (37, 38, 39)
        assert (await Operations(projections).rebuild("trails")).same is True
    finally:
        projections.stop()
        await asyncio.wait_for(running, 10)
        await log.close()


def decode(event: StoredEvent) -> Envelope[Fact]:
    return Envelope(
        REGISTRY.decode(event.type, event.schema, event.payload),
        event.event_id,
        "own",
        event.stream,
        event.version,
        event.position,
        event.recorded_at,
        event.hash.hex(),
        Provenance(**json.loads(event.meta)),
    )


async def test_the_inbox_log_cannot_be_changed_by_the_service(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    h = await house(PostgresStore(pool))
    await feed_in(h, Source(), 1)
    for statement in ("UPDATE inbox SET key = 'x'", "DELETE FROM inbox", "TRUNCATE inbox"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


async def test_rows_that_went_missing_are_told(database: Database, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Deleted by hand, behind the standing's back: the count of the rows says so."""
    h = await house(PostgresStore(pool))
    await feed_in(h, Source(), 1)
    admin = await asyncpg.connect(database.admin_url)
    await admin.execute("DELETE FROM inbox WHERE in_pos = 7")
    await admin.close()
    report = await h.inbox.completeness()
    assert report.status == "failed"
    assert report.detail == {"test.notes": "20 messages were stored, 19 are there"}


async def test_a_database_that_is_away_is_unavailable(database: Database) -> None:
    async with asyncpg.create_pool(database.url, min_size=1, max_size=1) as pool:
        store = PostgresStore(pool)
        with pytest.raises(Unavailable):
            await _killed_in_the_middle(store, database.admin_url)
        async with store.begin() as tx:
            assert await tx.inbox.head() == 0


async def _killed_in_the_middle(store: PostgresStore, admin_url: str) -> None:
    async with store.begin() as tx:
        admin = await asyncpg.connect(admin_url)
        await admin.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await admin.close()
        await tx.inbox.lock()
