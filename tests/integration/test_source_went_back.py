"""A source's database is restored to an older point, beside a reader that is newer: real PostgreSQL, real Kafka."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from services.chassis.inbox.kafka import ConsumerState, KafkaConsumer
from services.chassis.relay.relay import Relay
from services.cli.embedded import EmbeddedKafka, State
from services.cli.embedded.topics import ensure_topics
from tests.conftest import Database, Server, fresh_database
from tests.integration.kafka_clients import until
from tests.integration.wire import Wire, running, wired

BACKED_UP, LOST = 20, 10


@pytest.fixture
async def topic(kafka_bootstrap: str) -> str:
    name = f"t{uuid.uuid4().hex[:8]}.notes"
    await ensure_topics(kafka_bootstrap, {name: 3})
    return name


@asynccontextmanager
async def copied(server: Server, database: Database, name: str) -> AsyncIterator[Database]:
    """The database as it is now; nobody may be connected to it."""
    admin = await asyncpg.connect(server.admin_url)
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {database.name}")
        own, new = f"/{database.name}?", f"/{name}?"
        yield replace(database, name=name, url=database.url.replace(own, new))
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


@pytest.fixture
async def reader(postgres_server: Server) -> AsyncIterator[Database]:
    async with fresh_database(postgres_server) as database:
        yield database


@pytest.fixture
async def older(
    postgres_server: Server, database: Database, reader: Database, topic: str, kafka_bootstrap: str
) -> AsyncIterator[Database]:
    """The source as it was when it was backed up. It went on, and the reader has read that."""
    await _read(database, reader, topic, kafka_bootstrap, BACKED_UP)
    async with copied(postgres_server, database, f"{database.name}_older") as copy:
        await _read(database, reader, topic, kafka_bootstrap, LOST)
        yield copy


async def _read(source: Database, reader: Database, topic: str, bootstrap: str, facts: int) -> None:
    async with wired(source, reader, topic) as wire, running(wire.relay(bootstrap), wire.consumer(bootstrap)):
        await wire.say(facts)
        await until(wire.holds_everything)
        await wire.check()


def announced(relay: Relay) -> Callable[[], Awaitable[bool]]:
    async def has() -> bool:
        return relay.status.announced > 0

    return has


def refusing(consumer: KafkaConsumer) -> Callable[[], Awaitable[bool]]:
    async def refuses() -> bool:
        return consumer.status.state is ConsumerState.REFUSING

    return refuses


async def _refused(wire: Wire, bootstrap: str, *reasons: str) -> None:
    """The reader stops at the first word of the restored source for one of the reasons, and holds what it held."""
    before = await wire.house.operations.checksum("trails"), await wire.house.entries()
    for _ in range(2):  # and again after a restart
        consumer = wire.consumer(bootstrap)
        async with running(wire.relay(bootstrap), consumer):
            await until(refusing(consumer), 60)
            assert consumer.status.condition().status == "failed"
            assert "source went back: source" in str(consumer.status.last_error)
            assert any(reason in str(consumer.status.last_error) for reason in reasons)
    assert (await wire.house.operations.checksum("trails"), await wire.house.entries()) == before
    assert len(before[1]) == BACKED_UP + LOST


async def test_it_is_recognised_before_it_says_anything(
    older: Database, database: Database, reader: Database, topic: str, kafka_bootstrap: str
) -> None:
    """And when its newest state is put back, all goes on in the same cluster."""
    async with wired(older, reader, topic) as wire:
        await _refused(wire, kafka_bootstrap, f"{topic} 1..{BACKED_UP} at most, but {BACKED_UP + LOST} was read")
    async with wired(database, reader, topic) as wire:
        relay = wire.relay(kafka_bootstrap)
        async with running(relay):
            await until(announced(relay))
    await _read(database, reader, topic, kafka_bootstrap, LOST)


async def test_it_is_recognised_although_it_has_recorded_more_than_was_lost(
    older: Database, reader: Database, topic: str, kafka_bootstrap: str
) -> None:
    """It took commands before its relay could say anything."""
    async with wired(older, reader, topic) as wire:
        await wire.say(2 * LOST)
        which = range(BACKED_UP + 1, BACKED_UP + LOST + 1)  # partitions are read in any order
        await _refused(wire, kafka_bootstrap, *(f"announces another fact at {topic} {number} " for number in which))


async def test_it_is_recognised_in_a_new_empty_cluster(
    older: Database, reader: Database, topic: str, tmp_path: Path
) -> None:
    state = State.acquire(tmp_path / "kafka")
    kafka = EmbeddedKafka(state)
    try:
        bootstrap = await kafka.start()
        await ensure_topics(bootstrap, {topic: 5})
        async with wired(older, reader, topic) as wire:
            await _refused(wire, bootstrap, f"1..{BACKED_UP} at most")
    finally:
        await kafka.stop()
        state.release()


async def test_a_source_that_was_restored_to_its_newest_point_goes_on(
    postgres_server: Server, database: Database, reader: Database, topic: str, kafka_bootstrap: str
) -> None:
    await _read(database, reader, topic, kafka_bootstrap, BACKED_UP)
    async with copied(postgres_server, database, f"{database.name}_same") as same:
        await _read(same, reader, topic, kafka_bootstrap, LOST)


async def test_a_reader_that_was_restored_to_an_older_point_goes_on(
    postgres_server: Server, database: Database, reader: Database, topic: str, kafka_bootstrap: str
) -> None:
    await _read(database, reader, topic, kafka_bootstrap, BACKED_UP)
    async with copied(postgres_server, reader, f"{reader.name}_older") as before:
        await _read(database, reader, topic, kafka_bootstrap, LOST)
        await _read(database, before, topic, kafka_bootstrap, LOST)
