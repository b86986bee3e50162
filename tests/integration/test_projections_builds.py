"""Builds on PostgreSQL hold up nobody and need not keep what they fold; what is written at once comes back whole."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import Column, Double, MetaData, Table, Text

from contracts.events.envelope import Envelope
from services.chassis.inbox.conformance import BROKEN, REGISTRY, TOO_LONG, House, Reader, Source, house, serial
from services.chassis.inbox.port import Entry, Partition, TopicStanding
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.projections.checksum import checksum
from services.chassis.projections.feed import InboxFeed
from services.chassis.projections.port import GenerationStatus
from services.chassis.projections.projection import table_of
from tests.conftest import Database


@pytest.fixture
async def pool(database: Database) -> "AsyncIterator[asyncpg.Pool[asyncpg.Record]]":
    async with asyncpg.create_pool(database.url, min_size=2, max_size=8) as opened:
        yield opened


async def hear(h: House, source: Source, count: int) -> None:
    await Reader(h.inbox).take(*(source.note(f"01-{n % 13:03d}", n) for n in range(count)))


async def test_who_follows_the_inbox_does_not_wait_for_a_builders_step(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    h, source = await house(PostgresStore(pool)), Source()
    await hear(h, source, 20)
    async with h.inbox.store.begin() as tx:
        building = await h.projections.add(tx, next(iter(h.projections.all.values())), await tx.generations.all())
    async with h.inbox.store.begin() as tx:
        assert await tx.generations.lock_one(building.table) == building
        consumer = Reader(h.inbox, number=1)
        await asyncio.wait_for(consumer.take(source.note("01-001", 1)), 5)
        assert await h.trails() == serial(source.said)
    rebuilt = await h.operations.rebuild("trails")
    assert (rebuilt.generation.table, rebuilt.same) == (building.table, True)


async def test_a_fact_that_arrives_while_a_build_ends_is_caught_up(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """The inbox passes the build by, which ends at the position before: the next transaction gives it both facts."""
    h, source = await house(PostgresStore(pool)), Source()
    await hear(h, source, 20)
    ended = (await h.operations.rebuild("trails")).generation
    async with h.inbox.store.begin() as tx:
        await tx.generations.put([replace(ended, status=GenerationStatus.BUILDING)])
    consumer = Reader(h.inbox, number=1)
    await consumer.take(source.note("01-001", 1))
    async with h.inbox.store.begin() as tx:
        assert await tx.generations.lock_one(ended.table) == replace(ended, status=GenerationStatus.BUILDING)
        await tx.generations.put([ended])
    await consumer.take(source.note("01-002", 2))
    trails = next(iter(h.projections.all.values()))
    async with h.inbox.store.begin() as tx:
        assert await tx.generations.lock_one(ended.table) == replace(ended, position=22)
        rows = await tx.rows.scan(table_of(trails, ended), None, 100)
    assert {row["key"]: trails.from_row(row) for row in rows} == serial(source.said)


@pytest.mark.parametrize("kept", [0, 3, 1000])
async def test_rows_do_not_depend_on_how_many_states_a_build_keeps(
    pool: "asyncpg.Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """With subjects whose fold fails, and whose row does not fit, in the middle of a step."""
    monkeypatch.setattr("services.chassis.projections.projections.STEP", 16)
    monkeypatch.setattr("services.chassis.projections.projections.KEPT_STATES", kept)
    monkeypatch.setattr("services.chassis.projections.folding.BREATH", 3)
    h, source = await house(PostgresStore(pool)), Source()
    consumer = Reader(h.inbox)
    for n in range(0, 80, 8):
        await consumer.take(*(source.note(f"01-{i % 7:03d}", _number(i)) for i in range(n, n + 8)))
    live = await h.parked()
    assert {key for _, key, _ in live} == {"TRIAL/01-003", "TRIAL/01-005"}
    rebuilt = await h.operations.rebuild("trails")
    assert (rebuilt.same, rebuilt.parked) == (True, 2)
    built = [(key, position) for follower, key, position in await h.parked() if follower == rebuilt.generation.table]
    assert built == [(key, position) for _, key, position in live]


def _number(i: int) -> int:
    return {24: BROKEN, 40: TOO_LONG}.get(i, i)


async def test_a_build_reads_what_was_folded_live(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    h, source = await house(PostgresStore(pool)), Source()
    await hear(h, source, 9)
    feed = InboxFeed(h.inbox.store, REGISTRY)
    async with h.inbox.store.begin(snapshot=True) as tx:
        stored = await feed.read(tx, 0, 9, ["test.noted"])
        entries = await tx.inbox.read(0, 9)
    live = [feed.arrival(Entry(n, message, entries[0].received_at)) for n, message in enumerate(source.said, 1)]
    for one, other in zip(stored, live, strict=True):
        assert (one.position, one.key, one.place, one.type) == (other.position, other.key, other.place, other.type)
        assert isinstance(one.content, Envelope)
        for field in fields(Envelope):
            assert getattr(one.content, field.name) == getattr(other.content, field.name), field.name
            assert type(getattr(one.content, field.name)) is type(getattr(other.content, field.name)), field.name
    assert [arrival.position for arrival in stored[3:5]] == [4, 5]
    assert stored[-1].position == 9


async def test_one_generation_takes_over_from_another_in_one_statement(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """At most one may serve at any moment of it: they are written in the order in which they are given."""
    h, source = await house(PostgresStore(pool)), Source()
    await hear(h, source, 3)
    await h.operations.rebuild("trails")
    for _ in range(2):
        async with h.inbox.store.begin() as tx:
            serving, ready = sorted(await tx.generations.lock(), key=lambda g: g.status is GenerationStatus.READY)
            await tx.generations.put(
                [replace(serving, status=GenerationStatus.READY), replace(ready, status=GenerationStatus.SERVING)]
            )
        assert await h.trails() == serial(source.said)


async def test_who_waits_is_told_at_once(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    h, source = await house(PostgresStore(pool)), Source()
    first, second = source.note("01-001", 1), source.note("01-001", 2)
    early = await Reader(h.inbox, number=1).take(second)
    assert (early.waiting, list(h.inbox.status.waiting)) == (1, ["test.notes TRIAL/01-001"])
    late = await Reader(h.inbox, number=2).take(first)
    assert (late.waiting, h.inbox.status.waiting) == (0, {})


async def test_a_column_of_floats_has_no_checksum(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    table = Table(
        "p_floats_v1_g1", MetaData(schema="projections"), Column("key", Text, primary_key=True), Column("x", Double)
    )
    async with PostgresStore(pool).begin() as tx:
        await tx.rows.create(table)
        await tx.rows.put(table, [{"key": "a", "x": 0.5}])
        with pytest.raises(TypeError, match="float"):
            await checksum(tx, table)


async def test_standings_and_offsets_come_back_as_they_were_stored(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    store, place = PostgresStore(pool), Partition("b", 2)
    first = [TopicStanding("a"), TopicStanding("b", 5, 7, 6, ((1, 5), (8, 9)), 12, datetime(2026, 1, 5, tzinfo=UTC))]
    second = [TopicStanding("a", 1, 2, 3, ((1, 1),), 4), TopicStanding("b", 9, 10, 11, ((1, 9),), 13)]
    for standings, offset in ((first, 3), (second, 8)):
        async with store.begin() as tx:
            head = await tx.inbox.lock()
            await tx.inbox.store(head, (), standings, "cluster", {place: offset})
        async with store.begin() as tx:
            known = await tx.inbox.look("cluster", [place], (), ())
            assert known.standings == await tx.inbox.standings() == {s.topic: s for s in standings}
            assert known.offsets == await tx.inbox.offsets("cluster", [place]) == {place: offset}
            assert await tx.inbox.lock() == head
