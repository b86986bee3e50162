"""A secured broker: each service by its own user, its own topics and no other."""

import asyncio
import ssl
import stat
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    KafkaError,
    NoError,
    TopicAuthorizationFailedError,
    for_code,
)
from aiokafka.protocol.fetch import FetchRequest
from uuid6 import uuid7

from contracts.events.catalogue import OWNERS, READERS, TOPICS
from contracts.events.registry import canonical
from services.chassis.assembly import broker
from services.chassis.inbox.conformance import STUDY, Noted, house, serial
from services.chassis.inbox.kafka import ConsumerSettings, KafkaConsumer
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.kafka import KafkaConnection
from services.chassis.log.port import Batch, NewEvent, NewMessage, StreamAppend
from services.chassis.log.postgres import PostgresLog
from services.chassis.relay.kafka import KafkaProducer
from services.chassis.relay.postgres import PostgresCursor
from services.chassis.relay.relay import Relay, RelaySettings
from services.chassis.relay.render import render
from services.chassis.settings import settings_of, strangers
from services.cli import catalogue
from services.cli.cluster import acls
from services.cli.cluster.administration import ensure_rules
from services.cli.cluster.cluster import SecuredKafka
from services.cli.embedded import State
from tests.conftest import Database
from tests.integration.kafka_clients import read, until, variables, write

ALLOCATION = "reluth.allocation"
TREATMENT = "reluth.treatment"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
async def secured(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SecuredKafka]:
    state = State.acquire(tmp_path_factory.mktemp("secured"))
    cluster = SecuredKafka(state)
    await cluster.start()
    try:
        yield cluster
    finally:
        await cluster.stop()
        state.release()


def test_the_published_table_of_rules_is_that_of_the_contracts() -> None:
    assert (ROOT / "deploy/kafka/acls.txt").read_text() == acls.table()


async def test_each_service_writes_its_own_topics_and_no_other(secured: SecuredKafka) -> None:
    for service in catalogue.NAMES:
        connection = secured.connection(service)
        for topic in TOPICS:
            if OWNERS[topic] == service:
                await write(connection, topic)
            else:
                with pytest.raises(TopicAuthorizationFailedError):
                    await write(connection, topic)


async def test_each_service_reads_what_the_contracts_say_and_no_other(secured: SecuredKafka) -> None:
    """As a member of its group, and by the bare request, which knows of no group and asks for no list of topics."""
    for topic in TOPICS:
        await write(secured.connection(OWNERS[topic]), topic, b"for its readers")
    for service in catalogue.NAMES:
        connection = secured.connection(service)
        for topic in TOPICS:
            if service in READERS[topic]:
                assert b"for its readers" in await read(connection, topic, acls.group(service))
                assert await fetched(connection, topic) is NoError
            else:
                with pytest.raises((TopicAuthorizationFailedError, GroupAuthorizationFailedError)):
                    await read(connection, topic, acls.group(service))
                assert await fetched(connection, topic) is TopicAuthorizationFailedError


async def fetched(connection: KafkaConnection, topic: str) -> type[Exception]:
    """What the only node answers when it is asked for the records of a partition."""
    client = AIOKafkaClient(**connection.options())
    try:
        await client.bootstrap()
        request = FetchRequest(100, 0, 10**6, 0, [(topic, [(0, 0, 10**6)])])
        async with asyncio.timeout(10):
            while not await client.ready(1):
                await asyncio.sleep(0.02)
            response = await client.send(1, request)
        ((_, ((_, code, *_),)),) = response.topics
        return for_code(code)
    finally:
        await client.close()


async def test_assessment_cannot_even_see_that_there_are_allocations_and_treatments(secured: SecuredKafka) -> None:
    assert await _seen_by(secured, "assessment") == {"reluth.enrolment", "reluth.assessment"}
    for topic in (ALLOCATION, TREATMENT, "reluth.dosimetry"):
        assert await fetched(secured.connection("assessment"), topic) is TopicAuthorizationFailedError
    assert await _seen_by(secured, "analytics") == set(TOPICS) - {"reluth.dosimetry"}
    assert await fetched(secured.connection("analytics"), ALLOCATION) is NoError


async def _seen_by(secured: SecuredKafka, user: str) -> set[str]:
    consumer = AIOKafkaConsumer(**secured.connection(user).options())
    await consumer.start()
    try:
        return set(await consumer.topics())
    finally:
        await consumer.stop()


async def test_a_group_belongs_to_its_service(secured: SecuredKafka) -> None:
    """Somebody else in it would take partitions away from whom they are for."""
    with pytest.raises(GroupAuthorizationFailedError):
        await read(secured.connection("safety"), "reluth.enrolment", acls.group("assessment"))


async def test_a_service_cannot_give_itself_rights(secured: SecuredKafka) -> None:
    with pytest.raises(KafkaError, match="Authorization"):
        await ensure_rules(secured.connection("assessment"), acls.rules())


async def test_nobody_gets_in_without_his_password_or_in_plain_text(secured: SecuredKafka) -> None:
    right = secured.connection("enrolment")
    for wrong in (
        replace(right, password="guessed"),
        replace(right, username="nobody"),
        replace(right, username="safety"),
        KafkaConnection(secured.bootstrap),
        KafkaConnection(secured.bootstrap, security_protocol="SSL", ssl_context=right.ssl_context),
        replace(right, security_protocol="SASL_PLAINTEXT", ssl_context=None),
    ):
        with pytest.raises(KafkaConnectionError):
            await asyncio.wait_for(write(wrong, "reluth.enrolment"), 20)


async def test_a_broker_with_another_authority_is_not_spoken_to(secured: SecuredKafka) -> None:
    """Else a password's proof would go to whoever answers at the address."""
    stranger = replace(secured.connection("enrolment"), ssl_context=ssl.create_default_context())
    with pytest.raises(KafkaConnectionError):
        await asyncio.wait_for(write(stranger, "reluth.enrolment"), 20)


async def test_nodes_speak_to_none_without_a_certificate_of_theirs(secured: SecuredKafka) -> None:
    for kind in ("internal", "controller"):
        context = ssl.create_default_context(cafile=str(secured.ca_file))
        port = getattr(secured.ports[0], kind)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="127.0.0.1")
        with pytest.raises((ssl.SSLError, ConnectionError)):  # TLS 1.3: the refusal comes with the first read
            await asyncio.wait_for(reader.readexactly(1), 10)
        writer.transport.abort()


async def test_secrets_are_for_this_account_alone(secured: SecuredKafka) -> None:
    home = secured.credentials.parent
    words = [v for s in catalogue.NAMES for n, v in secured.settings(s).items() if n.endswith("PASSWORD")]
    assert len(set(words)) == len(catalogue.NAMES)
    files = {p: p.read_text("latin-1") for p in home.rglob("*") if p.is_file() and not p.name.endswith("index")}
    secret = [p for p, text in files.items() if any(word in text for word in words)]
    keys = [p for p, text in files.items() if "PRIVATE KEY" in text]
    assert {p.parent.name for p in secret} == {"credentials"}
    assert {p.name for p in keys} == {"ca.key", "node.pem"}
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in secret + keys)
    line = psutil.Process(secured.pid(1)).cmdline()
    assert not any(word in argument for word in words for argument in line)


async def test_settings_alone_lead_a_fact_from_a_log_to_a_read_model(
    secured: SecuredKafka, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay as enrolment's user, the inbox as safety's, each from the variables of its own file."""
    connections = {}
    for service in ("enrolment", "safety"):
        with monkeypatch.context() as environment:
            for name, value in variables(secured.credentials / f"{service}.env").items():
                environment.setenv(name, value)
            assert not strangers(catalogue.NAMES)
            connections[service] = broker(settings_of(service))
    await emptied(secured, "reluth.enrolment")  # of what other tests wrote, which is no fact
    async with asyncpg.create_pool(database.url, min_size=1, max_size=6) as pool:
        log = await PostgresLog.open(database.url)
        inside = await house(PostgresStore(pool))
        relay = Relay(
            log,
            PostgresCursor(pool),
            lambda: KafkaProducer(connections["enrolment"], request_timeout=5),
            lambda stored: render(stored, "enrolment"),
            RelaySettings(),
        )
        consumer = KafkaConsumer(
            inside.inbox, connections["safety"], acls.group("safety"), ["reluth.enrolment"], ConsumerSettings(poll=0.1)
        )
        tasks = [asyncio.create_task(part.run()) for part in (relay, consumer)]
        try:
            for number in range(1, 6):
                fact = Noted(study=STUDY, subject="01-001", number=number)
                value = canonical(fact.model_dump(mode="json"))
                message = NewMessage("reluth.enrolment", fact.key, value)
                event = NewEvent(uuid.UUID(int=uuid7().int), fact.type_name, 1, b'{"actor":"a"}', value, (message,))
                await log.append(Batch((StreamAppend("noted-01-001", number - 1, (event,)),)))

            async def arrived() -> bool:
                standing = (await inside.inbox.standings()).get("reluth.enrolment")
                return standing is not None and standing.topic_pos == 5

            await until(arrived)
            said = [render(stored, "enrolment") for stored in await log.read_outbox(0, 100)]
            assert await inside.trails() == serial(said)
        finally:
            relay.stop()
            consumer.stop()
            await asyncio.wait_for(asyncio.gather(*tasks), 30)
            await log.close()


async def emptied(secured: SecuredKafka, topic: str) -> None:
    partitions = [TopicPartition(topic, n) for n in range(catalogue.PARTITIONS)]
    consumer = AIOKafkaConsumer(**secured.connection(acls.ADMIN).options())
    admin = AIOKafkaAdminClient(**secured.connection(acls.ADMIN).options())
    await consumer.start()
    await admin.start()
    try:
        ends = await consumer.end_offsets(partitions)
        await admin.delete_records({tp: RecordsToDelete(before_offset=end) for tp, end in ends.items() if end})
    finally:
        await admin.close()
        await consumer.stop()
