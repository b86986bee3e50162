"""From one service's log to another's read model over real PostgreSQL and real Kafka."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from contracts.events.wire import to_headers
from services.chassis.inbox.conformance import Source, serial
from services.chassis.inbox.inbox import PATIENCE
from services.chassis.inbox.kafka import ConsumerState, KafkaConsumer
from services.chassis.relay.postgres import PostgresCursor
from services.chassis.relay.relay import Relay
from services.chassis.relay.render import render
from services.cli.embedded import EmbeddedKafka, State
from services.cli.embedded.topics import ensure_topics
from tests.conftest import Database
from tests.integration.kafka_clients import until
from tests.integration.wire import Wire, running, wired


@pytest.fixture
async def wire(database: Database, kafka_bootstrap: str) -> AsyncIterator[Wire]:
    topic = f"t{uuid.uuid4().hex[:8]}.notes"
    await ensure_topics(kafka_bootstrap, {topic: 3})
    async with wired(database, database, topic) as made:
        yield made


async def test_a_fact_travels_from_the_log_to_the_read_model(wire: Wire, kafka_bootstrap: str) -> None:
    relay, consumer = wire.relay(kafka_bootstrap), wire.consumer(kafka_bootstrap)
    await wire.say(200)
    async with running(relay, consumer):
        await until(wire.holds_everything)
        await wire.say(30)
        await until(wire.holds_everything)
        assert consumer.status.state is ConsumerState.CONSUMING
        assert relay.status.condition().status == consumer.status.condition().status == "ok"
    await wire.check()


async def test_a_consumer_killed_after_its_transaction_takes_nothing_twice(wire: Wire, kafka_bootstrap: str) -> None:
    """Kafka never hears of an offset: every restart is sent back to the beginning by the group, and on by the row."""

    class Died(BaseException):
        """What kill -9 looks like from inside: nothing runs after it."""

    relay = wire.relay(kafka_bootstrap)
    await wire.say(300)
    receive = wire.house.inbox.receive
    async with running(relay):
        for _ in range(4):
            consumer = wire.consumer(kafka_bootstrap, batch=20)
            task = asyncio.create_task(consumer.run())

            async def die(*arguments: object, mortal: "asyncio.Task[None]" = task) -> object:
                result = await receive(*arguments)  # type: ignore[arg-type]
                mortal.cancel()
                return result

            wire.house.inbox.receive = die  # type: ignore[method-assign,assignment]
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 30)
        wire.house.inbox.receive = receive  # type: ignore[method-assign]
        async with running(wire.consumer(kafka_bootstrap)):
            await until(wire.holds_everything)
    await wire.check()


async def test_members_of_a_group_come_and_go(wire: Wire, kafka_bootstrap: str) -> None:
    """Partitions move under load; every fact once."""
    async with running(wire.relay(kafka_bootstrap)), AsyncExitStack() as stack:
        await stack.enter_async_context(running(wire.consumer(kafka_bootstrap, batch=10)))
        for _ in range(3):
            async with running(wire.consumer(kafka_bootstrap, batch=10)):
                await wire.say(60)
            await wire.say(20)
        await until(wire.holds_everything)
    await wire.check()


async def test_two_groups_of_one_service_are_one_consumer(wire: Wire, kafka_bootstrap: str) -> None:
    """A zombie as bad as can be: another group reads the same partitions at the same time into the same inbox."""
    one, other = wire.consumer(kafka_bootstrap, batch=7), wire.consumer(kafka_bootstrap, group="zombie", batch=11)
    await wire.say(300)
    async with running(wire.relay(kafka_bootstrap), one, other):
        await until(wire.holds_everything)
    await wire.check()


async def test_two_relays_at_once_double_nothing_for_consumers(wire: Wire, kafka_bootstrap: str) -> None:
    """The second takes the lease while the first is in the middle of it."""
    await wire.say(200)
    first = wire.relay(kafka_bootstrap, "first")
    cursor = PostgresCursor(wire.pool)
    async with running(first, wire.consumer(kafka_bootstrap)):
        await until(_published(first, 50))
        second = wire.relay(kafka_bootstrap, "second", lease=0.1)

        async def overtaken() -> bool:
            await wire.pool.execute("UPDATE relay_cursor SET lease_until = now() - interval '1 hour' WHERE epoch = 1")
            return second.status.epoch == 2

        async def noticed() -> bool:
            """The first learns of it when it has something to publish."""
            await wire.say(1)
            return first.status.fenced >= 1

        async with running(second):
            saying = asyncio.create_task(wire.say(300))
            await until(overtaken)
            await saying
            await until(noticed)
            await until(wire.holds_everything)
    assert (await cursor.state()).epoch >= 2
    await wire.check()


def _published(relay: Relay, count: int) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        return relay.status.published >= count

    return enough


async def test_records_deleted_in_the_broker_are_named(wire: Wire, kafka_bootstrap: str) -> None:
    """Deleted before this consumer ever read them: what it holds is not 1..n, and it says what is missing."""
    relay = wire.relay(kafka_bootstrap)
    await wire.say(30, subjects=3)
    async with running(relay):
        await until(_published(relay, 30))
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
        await admin.start()
        try:
            partitions = [TopicPartition(wire.topic, number) for number in range(3)]
            await admin.delete_records({tp: RecordsToDelete(before_offset=-1) for tp in partitions})
        finally:
            await admin.close()
        await wire.say(3, subjects=3)
        async with running(wire.consumer(kafka_bootstrap)):
            await until(_waiting(wire, 3))
    report = await wire.house.inbox.completeness()
    assert (report.status, report.detail) == ("ok", {wire.topic: "waiting for 1 to 30 of 1..33"})
    wire.now.at += PATIENCE
    report = await wire.house.inbox.completeness()
    assert (report.status, report.detail) == ("failed", {wire.topic: "missing 1 to 30 of 1..33"})
    assert len(await wire.house.parking.list()) == 3
    assert wire.house.inbox.status.condition().status == "degraded"
    assert await wire.house.trails() == {}
    # the outbox still has them: published again, the keys go on by themselves
    await wire.pool.execute("UPDATE relay_cursor SET cluster_id = 'lost'")
    async with running(wire.relay(kafka_bootstrap), wire.consumer(kafka_bootstrap)):
        await until(wire.holds_everything)
    await wire.check()


def _waiting(wire: Wire, count: int) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        return len(wire.house.inbox.status.waiting) == count

    return enough


async def test_a_hole_made_by_hand_holds_up_its_key_alone(wire: Wire, kafka_bootstrap: str) -> None:
    source = Source()
    messages = [source.note(f"01-00{n}", i, topic=wire.topic) for i, n in enumerate((1, 2, 1, 2, 1))]
    await _produce(kafka_bootstrap, [m for m in messages if m.topic_pos != 3])
    consumer = wire.consumer(kafka_bootstrap)
    async with running(consumer):
        await until(_waiting(wire, 1))
        await until(_stored(wire, 3))
        assert (await wire.house.inbox.completeness()).detail == {wire.topic: "waiting for 3 of 1..5"}
        assert [p.key for p in await wire.house.parking.list()] == [f"{wire.topic} TRIAL/01-001"]
        await _produce(kafka_bootstrap, messages)
        await until(_stored(wire, 5))
    assert await wire.house.trails() == serial(messages)
    assert await wire.house.parking.list() == []


def _stored(wire: Wire, count: int) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        return len(await wire.house.entries()) == count

    return enough


async def _produce(bootstrap: str, messages: "list") -> None:  # type: ignore[type-arg]
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for m in messages:
            await producer.send_and_wait(m.topic, m.value, m.key.encode(), headers=to_headers(m))
    finally:
        await producer.stop()


async def test_a_source_that_went_back_stops_the_consumer(wire: Wire, kafka_bootstrap: str) -> None:
    """The source's database was restored to an older point and has said something else since."""
    source, restored = Source(), Source()
    messages = [source.note("01-001", n, topic=wire.topic) for n in range(3)]
    other = [restored.note("01-002", n, topic=wire.topic) for n in range(3)]
    await _produce(kafka_bootstrap, messages)
    consumer = wire.consumer(kafka_bootstrap)
    async with running(consumer):
        await until(_stored(wire, 3))
        await _produce(kafka_bootstrap, other[2:])
        await until(_refusing(consumer))
        condition = consumer.status.condition()
        assert condition.status == "failed"
        assert f"source went back: source now has event {other[2].event_id}" in str(condition.detail["because"])
    assert len(await wire.house.entries()) == 3


def _refusing(consumer: KafkaConsumer) -> Callable[[], Awaitable[bool]]:
    async def refuses() -> bool:
        return consumer.status.state is ConsumerState.REFUSING

    return refuses


async def test_a_foreign_record_stops_its_partition_with_a_message(wire: Wire, kafka_bootstrap: str) -> None:
    source = Source()
    await _produce(kafka_bootstrap, [source.note("01-001", 1, topic=wire.topic)])
    producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
    await producer.start()
    await producer.send_and_wait(wire.topic, b"{}", b"TRIAL/01-001", headers=[("ce_specversion", b"1.0")])
    await producer.stop()
    await _produce(kafka_bootstrap, [source.note("01-001", 2, topic=wire.topic)])
    consumer = wire.consumer(kafka_bootstrap)

    async def halted() -> bool:
        return bool(consumer.status.stopped)

    async with running(consumer):
        await until(halted)
        assert consumer.status.condition().status == "failed"
        assert "not written by a relay" in str(consumer.status.stopped)
    assert len(await wire.house.entries()) == 1


async def test_the_database_away_for_a_while_loses_nothing(
    wire: Wire, database: Database, kafka_bootstrap: str
) -> None:
    consumer = wire.consumer(kafka_bootstrap)
    async with running(wire.relay(kafka_bootstrap), consumer):
        await wire.say(20)
        await until(wire.holds_everything)
        said = [render(stored, "source") for stored in await wire.log.read_outbox(0, 100)]
        admin = await asyncpg.connect(database.admin_url.replace(f"/{database.name}?", "/postgres?"))
        try:
            await admin.execute(f"ALTER DATABASE {database.name} WITH ALLOW_CONNECTIONS false")
            kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1"
            await admin.fetch(kill, database.name)

            async def noticed() -> bool:
                return consumer.status.failures > 0

            await _produce(kafka_bootstrap, said)  # any record makes the consumer open a transaction
            await until(noticed)
            assert consumer.status.condition().status != "ok"
        finally:
            await admin.execute(f"ALTER DATABASE {database.name} WITH ALLOW_CONNECTIONS true")
            await admin.close()
        await until(_recovered(consumer))


def _recovered(consumer: KafkaConsumer) -> Callable[[], Awaitable[bool]]:
    async def fine() -> bool:
        return consumer.status.state is ConsumerState.CONSUMING

    return fine


async def test_a_new_empty_cluster_gets_everything_and_changes_nothing(
    wire: Wire, tmp_path: Path, kafka_bootstrap: str
) -> None:
    """The broker is disposable: all of it is destroyed, an empty one with other partitions has its address."""
    state = State.acquire(tmp_path / "first")
    first = EmbeddedKafka(state)
    bootstrap = await first.start()
    await ensure_topics(bootstrap, {wire.topic: 3})
    relay, consumer = wire.relay(bootstrap), wire.consumer(bootstrap)
    await wire.say(100)
    async with running(relay, consumer):
        await until(wire.holds_everything)
        before = await wire.house.operations.checksum("trails")
        await first.stop()
        state.release()
        await wire.say(20)  # the log goes on without a broker
        state = State.acquire(tmp_path / "second")
        second = EmbeddedKafka(state, port=int(bootstrap.rsplit(":", 1)[1]))
        try:
            await second.start()
            await ensure_topics(bootstrap, {wire.topic: 5})
            await until(wire.holds_everything, 60)
            assert relay.status.republished == 1

            async def reread() -> bool:
                return wire.house.inbox.status.duplicates >= 100

            await until(reread)
            await wire.check()
            assert before[1] != (await wire.house.operations.checksum("trails"))[1]
        finally:
            relay.stop()
            consumer.stop()
            await second.stop()
            state.release()


async def test_no_broker_is_a_condition_not_an_end(wire: Wire) -> None:
    relay, consumer = wire.relay("127.0.0.1:9"), wire.consumer("127.0.0.1:9")

    async def both() -> bool:
        return relay.status.failures > 1 and consumer.status.failures > 1

    async with running(relay, consumer):
        await until(both)
        assert relay.status.condition().status == consumer.status.condition().status == "degraded"
