"""The cluster as a command that is started twice, and as three nodes of which one is killed."""

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAuthorizationFailedError

from services.chassis.kafka import KafkaConnection
from services.cli import catalogue
from services.cli.cluster import acls
from services.cli.cluster.administration import ensure_rules
from services.cli.cluster.cluster import SecuredKafka
from services.cli.embedded import State
from services.cli.embedded.process import StartFailed
from tests.integration.kafka_clients import read, until, variables, write

ALLOCATION = "reluth.allocation"
READ = acls.Operation.READ
ROOT = Path(__file__).parents[2]


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
