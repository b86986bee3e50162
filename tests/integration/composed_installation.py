"""docker-compose.yml as an installation: its containers as processes, beside a PostgreSQL and an issuer."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from services.chassis.auth.issuer import LocalIssuer
from services.chassis.kafka import KafkaConnection
from services.cli import catalogue
from services.cli.embedded import EmbeddedPostgres, State
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.exits import Exit
from services.cli.serving import serving
from tests.integration.composed import Container, Ended, compose
from tests.integration.composed_broker import Broker

START_SECONDS = 120.0  # of a machine that has other work too
FILE = compose({"RELUTH_OIDC_ISSUER": "https://login.example"})
STEPS = ("provision", "migrate")
PORTS = {name: FILE["services"][name]["environment"]["RELUTH_HTTP_PORT"] for name in catalogue.NAMES}


@dataclass(frozen=True)
class Installation:
    """The services of the file as processes, and what is needed to make more of them."""

    running: dict[str, Container]
    broker: Broker
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

    async def provision(self, room: Path, secrets: Path) -> Ended:
        """The container of that name once more, with these secrets."""
        container = Container("provision", self.file["services"]["provision"], room, self.addresses)
        container.place(secrets)
        return await container.once()

    def user(self, name: str, password: str | None = None, mechanism: str = "SCRAM-SHA-512") -> KafkaConnection:
        """How a service reaches the broker with its own secret, or somebody with another."""
        word = password if password is not None else (self.secrets / f"{name}_kafka_password").read_text()
        return KafkaConnection(self.addresses["kafka:9092"], "SASL_PLAINTEXT", None, mechanism, name, word)

    @property
    def admin(self) -> KafkaConnection:
        """Whom the broker obeys."""
        return self.user("admin", (self.secrets / "kafka_admin_password").read_text(), "PLAIN")


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


async def until_healthy(container: Container) -> None:
    assert container.process is not None
    async with asyncio.timeout(START_SECONDS):
        while not await container.healthy():
            assert container.process.returncode is None, container.log.read_text()
            await asyncio.sleep(0.1)


def kafka_addresses() -> dict[str, str]:
    """A place on this machine for each listener of the broker."""
    taken: list[int] = []
    while len(taken) < 3:
        taken.append(find_port(taken=taken))
    client, internal, controller = map(str, taken)
    return {
        "kafka:9092": f"{LOOPBACK}:{client}",
        "CLIENT://:9092": f"CLIENT://{LOOPBACK}:{client}",
        **{"9092": client, "9094": internal, "9093": controller},
    }


@contextlib.asynccontextmanager
async def broker_of(room: Path, secrets_: Path, addresses: dict[str, str]) -> AsyncIterator[Broker]:
    """The container of the broker, not started."""
    broker = Broker(FILE["services"]["kafka"], room, addresses)
    broker.place(secrets_)
    await broker.install()
    try:
        yield broker
    finally:
        await _killed(broker)


@contextlib.asynccontextmanager
async def installed(room: Path) -> AsyncIterator[Installation]:
    """Secrets made, broker and PostgreSQL started, provisioned twice, migrated, the five services started."""
    ports = {name: find_port() for name in catalogue.NAMES}
    addresses = {f"{name}:{PORTS[name]}": f"{LOOPBACK}:{port}" for name, port in ports.items()}
    addresses |= {PORTS[name]: str(port) for name, port in ports.items()}
    addresses |= {"0.0.0.0": LOOPBACK, **kafka_addresses()}
    async with contextlib.AsyncExitStack() as stack:
        made = await _reluth(room / "made", "secrets", str(room / "secrets"))
        assert made.status == Exit.OK, made.output
        broker = await stack.enter_async_context(broker_of(room / "kafka", room / "secrets", addresses))
        await broker.start()
        address = await stack.enter_async_context(_postgres(room / "postgres", room / "secrets"))
        for path in (room / "secrets").iterdir():  # the name, resolved
            path.write_text(path.read_text().replace("@postgres:5432/", f"@{address}/"))
        listener = socket.create_server((LOOPBACK, 0))
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        issuer = LocalIssuer(room, issuer=url, audience="reluth")
        await stack.enter_async_context(serving("issuer", issuer.app(), listener))
        file = compose({"RELUTH_OIDC_ISSUER": url})
        running = {n: Container(n, file["services"][n], room / n, addresses) for n in (*STEPS, *catalogue.NAMES)}
        for container in running.values():
            container.place(room / "secrets")
            stack.push_async_callback(_killed, container)
        await until_healthy(broker)
        for name in ("provision", "provision", "migrate"):  # the first of them twice: what is there stays
            ended = await running[name].once()
            assert ended.status == Exit.OK, ended.output
        for name in catalogue.NAMES:
            await running[name].start()
        urls = {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
        yield Installation(running, broker, urls, room / "secrets", issuer, file, addresses)


async def _killed(container: Container) -> None:
    if container.process is not None and container.process.returncode is None:
        container.process.kill()
        await container.process.wait()


async def _reluth(room: Path, *command: str) -> Ended:
    return await Container("once", {"command": list(command), "environment": {}}, room, {}).once()
