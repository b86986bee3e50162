"""A secured broker: each service by its own user, its own topics and no other; nothing lost when a leader is killed."""

import asyncio
import json
import os
import signal
import ssl
import stat
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
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
from services.cli.embedded.process import StartFailed
from tests.conftest import Database

ALLOCATION = "reluth.allocation"
READ = acls.Operation.READ
ROOT = Path(__file__).parents[2]


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)


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


async def write(connection: KafkaConnection, topic: str, value: bytes = b"{}") -> None:
    """As the relay writes. Raises what the broker answered."""
    producer = AIOKafkaProducer(**connection.options(), enable_idempotence=True, acks="all", request_timeout_ms=5000)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, b"RELUTH/01-001")
    finally:
        await producer.stop()


async def read(connection: KafkaConnection, topic: str, group: str) -> list[bytes]:
    """Everything in a topic, as a member of a group. Raises what the broker answered."""
    consumer = AIOKafkaConsumer(topic, **connection.options(), group_id=group, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(15):
            while not consumer.assignment():
                await consumer.getmany(timeout_ms=50)
            ends = await consumer.end_offsets(consumer.assignment())
            found: list[bytes] = []
            while len(found) < sum(ends.values()):
                fetched = await consumer.getmany(timeout_ms=200)
                found += [record.value for records in fetched.values() for record in records]
            return found
    finally:
        await consumer.stop()


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
    await client.bootstrap()
    try:
        request = FetchRequest(100, 0, 10**6, 0, [(topic, [(0, 0, 10**6)])])
        async with asyncio.timeout(10):
            while not await client.ready(1):
                await asyncio.sleep(0.02)
            response = await client.send(1, request)
        ((_, ((_, code, *_),)),) = response.topics
        return for_code(code)
    finally:
        await client.close()


async def test_assessment_cannot_even_see_that_there_are_allocations(secured: SecuredKafka) -> None:
    assert await _seen_by(secured, "assessment") == {"reluth.enrolment", "reluth.assessment"}
    assert await fetched(secured.connection("assessment"), ALLOCATION) is TopicAuthorizationFailedError
    assert await _seen_by(secured, "analytics") == set(TOPICS)
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


def variables(file: Path) -> Mapping[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


@contextmanager
def command(directory: Path, nodes: int = 1) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`make kafka`, ready; its output so far. Interrupted at the end, if it still runs, as by Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli.cluster", "--nodes", str(nodes), "--state-dir", str(directory)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, f"ended with status {process.wait(30)} after {said!r}"
            said += line
        yield process, said
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait(60)
        process.stdout.close()


async def test_a_second_start_keeps_users_data_and_address(tmp_path: Path) -> None:
    """The command in the foreground, twice; between them a rule appears that no contract knows."""
    directory = tmp_path / "a directory"
    with command(directory) as (process, said):
        given = variables(directory / "kafka/credentials/enrolment.env")
        assert f"bootstrap    {given['RELUTH_KAFKA_BOOTSTRAP']}" in said
        assert given["RELUTH_ENROLMENT_KAFKA_PASSWORD"] not in said
        await write(_connection(given, "enrolment"), "reluth.enrolment", b"kept")
        children = psutil.Process(process.pid).children(recursive=True)
        admin = _admin(directory, given)
        await ensure_rules(admin, acls.rules() | {acls.Rule("assessment", acls.Resource.TOPIC, ALLOCATION, READ)})
    assert not psutil.wait_procs(children, timeout=10)[1]
    with command(directory):
        assert variables(directory / "kafka/credentials/enrolment.env") == given
        safety = variables(directory / "kafka/credentials/safety.env")
        assert await read(_connection(safety, "safety"), "reluth.enrolment", acls.group("safety")) == [b"kept"]
        assessment = variables(directory / "kafka/credentials/assessment.env")
        with pytest.raises(TopicAuthorizationFailedError):
            await read(_connection(assessment, "assessment"), ALLOCATION, acls.group("assessment"))
    state = State.acquire(directory)
    try:
        with pytest.raises(StartFailed, match="holds a cluster of 1"):
            await SecuredKafka(state, 3).start()
    finally:
        state.release()


def _connection(given: Mapping[str, str], service: str) -> KafkaConnection:
    return KafkaConnection(
        given["RELUTH_KAFKA_BOOTSTRAP"],
        security_protocol="SASL_SSL",
        ssl_context=ssl.create_default_context(cafile=given["RELUTH_KAFKA_CA_FILE"]),
        username=service,
        password=given[f"RELUTH_{service.upper()}_KAFKA_PASSWORD"],
    )


def _admin(directory: Path, given: Mapping[str, str]) -> KafkaConnection:
    passwords = json.loads((directory / "kafka/credentials/passwords.json").read_text())
    return replace(_connection(given, "enrolment"), username=acls.ADMIN, password=passwords[acls.ADMIN])


async def test_a_killed_leader_loses_nothing_of_three_nodes(tmp_path: Path) -> None:
    """kill -9 of the node that leads the partition, in the middle of an idempotent producer's work."""
    state = State.acquire(tmp_path / "three")
    cluster = SecuredKafka(state, 3)
    try:
        await cluster.start()
        connection = cluster.connection("enrolment")
        await until(lambda: _in_sync(cluster, 3))
        assert await _setting(cluster, "min.insync.replicas") == "2"
        leader = (await _partition(cluster))["leader"]
        sent, killed = 3000, asyncio.Event()
        producer = AIOKafkaProducer(
            **connection.options(), enable_idempotence=True, acks="all", linger_ms=5, request_timeout_ms=30_000
        )
        await producer.start()
        try:
            acknowledged = []
            for number in range(sent):
                acknowledged.append(await producer.send("reluth.enrolment", b"%d" % number, partition=0))
                if number == sent // 3:
                    await acknowledged[0]
                    os.kill(cluster.pid(leader), signal.SIGKILL)
                    killed.set()
            places = [record.offset for record in await asyncio.wait_for(asyncio.gather(*acknowledged), 60)]
        finally:
            await producer.stop()
        assert killed.is_set()
        assert places == sorted(set(places))
        assert (await _partition(cluster))["leader"] != leader
        assert await _values(cluster, sent) == [b"%d" % number for number in range(sent)]
    finally:
        await cluster.stop()
        state.release()


async def _values(cluster: SecuredKafka, least: int) -> list[bytes]:
    """Partition 0 from its beginning to its end."""
    tp = TopicPartition("reluth.enrolment", 0)
    consumer = AIOKafkaConsumer(**cluster.connection("safety").options(), auto_offset_reset="earliest")
    await consumer.start()
    try:
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        assert end >= least
        return [(await asyncio.wait_for(consumer.getone(), 20)).value for _ in range(end)]
    finally:
        await consumer.stop()


async def _partition(cluster: SecuredKafka) -> dict[str, Any]:
    admin = AIOKafkaAdminClient(**cluster.connection(acls.ADMIN).options())
    await admin.start()
    try:
        (topic,) = await admin.describe_topics(["reluth.enrolment"])
        assert len(topic["partitions"]) == catalogue.PARTITIONS
        return dict(next(p for p in topic["partitions"] if p["partition"] == 0))
    finally:
        await admin.close()


async def _in_sync(cluster: SecuredKafka, copies: int) -> bool:
    partition = await _partition(cluster)
    assert len(partition["replicas"]) == copies
    return len(partition["isr"]) == copies


async def _setting(cluster: SecuredKafka, name: str) -> str:
    """What is in force for a topic, wherever it was set."""
    admin = AIOKafkaAdminClient(**cluster.connection(acls.ADMIN).options())
    await admin.start()
    try:
        answers = await admin.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, "reluth.enrolment", {name: None})]
        )
        (resource,) = answers[0].resources
        return str(resource[4][0][1])
    finally:
        await admin.close()
