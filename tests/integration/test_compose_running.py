"""What the containers of docker-compose.yml do, done by processes on real servers: the same commands and variables."""

import asyncio
import secrets
import shutil
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import psutil
import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaConnectionError, TopicAuthorizationFailedError

from contracts.events.catalogue import TOPICS
from services.chassis.kafka import KafkaConnection
from services.cli import catalogue
from services.cli.cluster import acls, administration
from services.cli.exits import Exit
from tests.integration.composed_installation import (
    START_SECONDS,
    Installation,
    broker_of,
    installed,
    kafka_addresses,
    until_healthy,
)
from tests.integration.kafka_clients import read, until, write

ALLOCATION = "reluth.allocation"


@pytest.fixture(scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    async with installed(tmp_path_factory.mktemp("compose")) as installation:
        yield installation


async def test_all_services_become_healthy_and_a_fact_reaches_analytics(installation: Installation) -> None:
    await asyncio.gather(*(until_healthy(installation.running[name]) for name in catalogue.NAMES))
    token = installation.issuer.mint("compose", ["sponsor"])
    body = {"requirement": "CONTRACT", "met_on": "2022-01-05", "reference": "TMF-1"}
    async with httpx.AsyncClient(timeout=30) as client:
        for headers, status in (({}, 401), ({"Authorization": f"Bearer {token}"}, 201)):
            answer = await client.post(
                f"{installation.urls['enrolment']}/studies/RELUTH/sites/01/requirements",
                json=body,
                headers={**headers, "Idempotency-Key": secrets.token_hex(8)},
            )
            assert answer.status_code == status, answer.text
        inspector = {"Authorization": f"Bearer {installation.issuer.mint('compose', ['inspector'])}"}

        async def held() -> bool:
            """By the broker, with its users and rights."""
            positions = {"consistency": f"enrolment:{answer.headers['Reluth-Position']}"}
            url = f"{installation.urls['analytics']}/studies/RELUTH/positions"
            return (await client.get(url, params=positions, headers=inspector)).is_success

        await until(held, START_SECONDS)
        for name in catalogue.NAMES:
            metrics = await client.get(f"{installation.urls[name]}/metrics")
            assert metrics.is_success
            assert metrics.text.startswith("# HELP")


async def _seen_by(user: KafkaConnection) -> set[str]:
    """The topics that he may know of. Raises KafkaConnectionError where he is not let in."""
    consumer = AIOKafkaConsumer(**user.options())
    try:
        await consumer.start()
        return set(await consumer.topics())
    finally:
        await consumer.stop()


async def test_with_the_credentials_of_assessment_there_are_no_arms(installation: Installation) -> None:
    assert await _seen_by(installation.user("assessment")) == {"reluth.enrolment", "reluth.assessment"}
    with pytest.raises(TopicAuthorizationFailedError):
        await read(installation.user("assessment"), ALLOCATION, acls.group("assessment"))
    with pytest.raises(TopicAuthorizationFailedError):
        await write(installation.user("assessment"), ALLOCATION)
    assert await _seen_by(installation.user("analytics")) == set(TOPICS) - {"reluth.dosimetry"}


async def test_nobody_gets_in_without_his_password(installation: Installation) -> None:
    own = installation.user("assessment")
    broker = (installation.secrets / "kafka_broker_passwords").read_text().partition("broker=")[2].strip()
    for wrong in (
        replace(own, password="guessed"),
        replace(own, username="analytics"),
        replace(own, sasl_mechanism="PLAIN"),
        replace(installation.admin, sasl_mechanism="SCRAM-SHA-512"),
        installation.user("broker", broker, "PLAIN"),  # who is let in from inside the container alone
        KafkaConnection(own.bootstrap),
    ):
        with pytest.raises(KafkaConnectionError):
            await asyncio.wait_for(_seen_by(wrong), 20)


async def test_provision_puts_new_passwords_in_force_and_takes_what_the_contracts_do_not_say(
    installation: Installation, tmp_path: Path
) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(installation.secrets, changed)
    (changed / "assessment_kafka_password").write_text("another")
    old, new = installation.user("assessment"), installation.user("assessment", "another")
    much = acls.Rule("assessment", acls.Resource.TOPIC, ALLOCATION, acls.Operation.READ)
    await administration.ensure_rules(installation.admin, acls.rules() | {much})
    assert ALLOCATION in await _seen_by(old)
    try:
        ended = await installation.provision(tmp_path / "first", changed)
        assert ended.status == Exit.OK, ended.output
        assert ALLOCATION not in await _seen_by(new)
        with pytest.raises(KafkaConnectionError):
            await _seen_by(old)
    finally:
        ended = await installation.provision(tmp_path / "second", installation.secrets)
    assert ended.status == Exit.OK, ended.output
    assert await _seen_by(old)


async def test_a_rule_of_somebody_else_stays_and_is_named(installation: Installation, tmp_path: Path) -> None:
    rule = acls.Rule("billing", acls.Resource.TOPIC, ALLOCATION, acls.Operation.READ)
    admin = AIOKafkaAdminClient(**installation.admin.options())
    await admin.start()
    try:
        await administration._give(admin, rule)
        await until(lambda: _holds_a_foreign_rule(admin))
        ended = await installation.provision(tmp_path / "provision", installation.secrets)
        assert ended.status == Exit.FAILED
        assert f"User:billing on '{ALLOCATION}'" in ended.output
        assert await _holds_a_foreign_rule(admin)
    finally:
        await administration._take(admin, rule)
        await admin.close()


async def _holds_a_foreign_rule(admin: AIOKafkaAdminClient) -> bool:
    try:
        await administration._rules(admin, 1)
    except administration.ForeignRule:
        return True
    return False


async def test_no_process_shows_a_secret(installation: Installation) -> None:
    """Neither in its command line nor in a variable, where everybody who may inspect a container sees it."""
    words = {p.read_text() for p in installation.secrets.iterdir()}
    words |= {urlsplit(word).password or word for word in words}
    words |= {line.partition("=")[2] for word in words for line in word.splitlines() if line.count("=") == 1}
    words = {word for word in words if len(word) > 20}
    assert len(words) > len(list(installation.secrets.iterdir()))
    for container in (installation.broker, *(installation.running[name] for name in catalogue.NAMES)):
        assert container.process is not None
        process = psutil.Process(container.process.pid)
        for found in (process, *process.children(recursive=True)):
            shown = "\n".join((*found.cmdline(), *found.environ().values()))
            assert f"{container.room}/secrets/" in shown  # the right process, and it has secrets
            assert not [word for word in words if word in shown], container.name
    broker = installation.broker
    written = [broker.log, *broker.config.iterdir(), *(broker.room / "home/logs").iterdir()]
    assert not [path for path in written for word in words if word in path.read_text()]


async def test_a_new_storage_has_an_id_of_its_own_and_keeps_it(installation: Installation, tmp_path: Path) -> None:
    """By the id a relay sees that the broker has lost what it was told, and publishes it again."""
    async with broker_of(tmp_path / "kafka", installation.secrets, kafka_addresses()) as broker:
        found = []
        for _ in range(2):
            await broker.start()
            await until_healthy(broker)
            found.append(broker.cluster_id)
            broker.signal(signal.SIGTERM)
            await broker.ended()
    assert found[0] == found[1]
    assert found[0] != installation.broker.cluster_id


async def test_a_service_cannot_change_its_schema(installation: Installation) -> None:
    connection = await asyncpg.connect((installation.secrets / "safety_database_url").read_text())
    try:
        for statement in ("CREATE TABLE t (x int)", "ALTER TABLE events ADD x int", "DROP TABLE events"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("name", "missing", "status", "says"),
    [
        ("safety", "database_url", Exit.USAGE, "RELUTH_DATABASE_URL_FILE"),
        ("safety", "kafka_password", Exit.USAGE, "RELUTH_KAFKA_PASSWORD_FILE"),
        ("provision", "safety_kafka_password", Exit.USAGE, "RELUTH_SAFETY_KAFKA_PASSWORD_FILE"),
        ("randomizer", "kek", Exit.FAILED, "secrets/kek"),
        ("migrate", "safety_migration_url", Exit.USAGE, "RELUTH_SAFETY_MIGRATION_URL_FILE"),
    ],
)
async def test_without_a_secret_it_ends_at_once_and_says_which(
    installation: Installation, tmp_path: Path, name: str, missing: str, status: Exit, says: str
) -> None:
    container = installation.another(name, tmp_path / name)
    (container.room / "secrets" / missing).unlink()
    async with asyncio.timeout(60):
        ended = await container.once()
    assert ended.status == status, ended.output
    assert says in ended.output
    assert "Traceback" not in ended.output


async def test_where_nobody_answers_nothing_is_healthy(installation: Installation, tmp_path: Path) -> None:
    assert not await installation.another("safety", tmp_path / "safety").healthy()


async def test_sigterm_ends_it_in_its_time_and_nothing_was_written(installation: Installation) -> None:
    containers = [installation.running[name] for name in catalogue.NAMES]
    await asyncio.gather(*(until_healthy(container) for container in containers))
    for container in containers:
        container.signal(signal.SIGTERM)
    for container in containers:
        async with asyncio.timeout(float(container.service["stop_grace_period"].removesuffix("s"))):
            ended = await container.ended()
        assert ended.status == Exit.OK, ended.output
        assert list(container.scratch.iterdir()) == []  # the root of the container can be read-only
