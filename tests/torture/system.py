"""The whole system, each part a process of its own, and a supervisor that knows one thing: start it again as before."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import httpx

from services.chassis.auth.issuer import LocalIssuer
from services.chassis.migrations.run import migrate
from services.chassis.settings import settings_of
from services.cli import catalogue
from services.cli.databases import Databases
from services.cli.embedded import EmbeddedKafka, EmbeddedPostgres, State
from services.cli.embedded.java import read_properties, write_properties
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.embedded.process import Child
from services.cli.embedded.state import marker
from services.cli.embedded.topics import ensure_topics
from services.cli.running import Running, remember
from services.cli.serving import serving
from services.cli.system import variables
from tests.torture.proxy import Proxy

DATABASE, BROKER = "database", "broker"
ROOT: Final = Path(__file__).parents[2]
READY_SECONDS, AGAIN_SECONDS = 180.0, 0.3


class Part(Protocol):
    """Something that runs in a process of its own. `start` is always the same; `ended` tidies up after it."""

    name: str

    @property
    def pid(self) -> int | None: ...

    async def start(self) -> None: ...

    async def ended(self) -> str: ...

    async def stop(self) -> None: ...


class _Server:
    """Database or broker in a state directory of its own: it starts as the product starts it, each time anew."""

    def __init__(self, name: str, path: Path, make: Callable[[State], EmbeddedPostgres | EmbeddedKafka]) -> None:
        self.name, self._path, self._make = name, path, make
        self.server: EmbeddedPostgres | EmbeddedKafka | None = None
        self._state: State | None = None

    @property
    def pid(self) -> int | None:
        return self.server.pid if self.server else None

    async def start(self) -> None:
        """Like a new run of the program: the lock, what a killed run left, the server with its own recovery."""
        self._state = await asyncio.to_thread(State.acquire, self._path)
        self.server = self._make(self._state)
        try:
            await self.server.start()
        except BaseException:
            self._release()
            raise

    async def ended(self) -> str:
        assert self.server is not None
        why = str(await self.server.ended())
        await self.stop()
        return why

    async def stop(self) -> None:
        if self.server is not None and self._state is not None:
            await self.server.stop()
            self._release()

    def _release(self) -> None:
        if self._state is not None:
            self._state.release()
            self._state = None


class _Service:
    """One service: `reluth serve NAME`, with a clock that a file moves."""

    def __init__(self, name: str, state: State, given: Mapping[str, Any]) -> None:
        self.name, self._state, self._given = name, state, given
        self.clock = state.path / f"{name}.clock"
        self.clock.write_text("0")
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child and self._child.running else None

    async def start(self) -> None:
        self._child = await Child.spawn(
            self.name,
            [
                *(sys.executable, "-X", marker(self._state.path), "-m", "tests.torture.service"),
                *(self.clock, "serve", self.name),
            ],
            directory=ROOT,
            log=self._state.path / f"{self.name}.output.log",
            death_signal=signal.SIGTERM,
            environment=variables(self._given),
        )

    async def ended(self) -> str:
        assert self._child is not None
        return str(await self._child.ended())

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop((signal.SIGTERM, 20.0))


class _Advertised(EmbeddedKafka):
    """A broker that tells its clients another port than its own."""

    def __init__(self, state: State, *, port: int, advertised: int) -> None:
        super().__init__(state, port=port)
        self._advertised = advertised

    def _write_settings(self, data: str, port: int, controller: int) -> str:
        name = super()._write_settings(data, port, controller)
        told = {"advertised.listeners": f"CLIENT://{LOOPBACK}:{self._advertised}"}
        write_properties(self._home / name, read_properties(self._home / name) | told)
        return name


@dataclass(slots=True)
class Supervised:
    """A part and its supervisor. `starts` counts; while `held`, it is not started again."""

    part: Part
    starts: int = 0
    ends: list[tuple[float, str]] = field(default_factory=list)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    _free: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        self._free.set()
        while True:
            await self._free.wait()
            try:
                await self.part.start()
            except Exception as error:  # such as a disk that is full: tried again, as any supervisor does
                self.ends.append((time.time(), f"did not start: {error}"))
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            self.starts += 1
            self.ends.append((time.time(), await self.part.ended()))
            await asyncio.sleep(AGAIN_SECONDS)

    def hold(self) -> None:
        """From now on it stays away once it has ended."""
        self._free.clear()

    def release(self) -> None:
        self._free.set()


@dataclass(slots=True)
class Whole:
    """The running system: what a load needs to talk to it, and what a fault needs to hit it."""

    path: Path
    urls: dict[str, str]
    given: dict[str, dict[str, Any]]
    issuer: LocalIssuer
    parts: dict[str, Supervised]
    proxies: dict[str, Proxy]
    """By service, before its database; `broker` before Kafka."""
    client: httpx.AsyncClient

    @property
    def where(self) -> Running:
        """For what looks inside."""
        return Running(self.urls, self.given, None)

    def pid(self, name: str) -> int | None:
        return self.parts[name].part.pid

    @property
    def admin_url(self) -> str:
        """The database's superuser, not through a proxy."""
        part = self.parts[DATABASE].part
        assert isinstance(part, _Server)
        assert isinstance(part.server, EmbeddedPostgres)
        return part.server.admin_url

    def clock(self, service: str) -> Path:
        part = self.parts[service].part
        assert isinstance(part, _Service)
        return part.clock

    async def health(self, service: str) -> dict[str, Any] | None:
        """What the service says of itself, None if it says nothing."""
        try:
            answer = (await self.client.get(f"{self.urls[service]}/health/ready", timeout=3)).json()
        except (httpx.HTTPError, ValueError):
            return None
        found: dict[str, Any] = answer if "checks" in answer else answer.get("context", {})
        return found if "checks" in found else None

    async def answers(self) -> bool:
        """Whether all services take requests."""
        found = await asyncio.gather(*(self.health(name) for name in catalogue.NAMES))
        return all(says is not None and says["status"] != "failed" for says in found)

    async def until(self, holds: Callable[[], Awaitable[bool]], what: str, seconds: float = READY_SECONDS) -> float:
        """Wait for something, and return how long it took. Raises AssertionError with what the services say."""
        begun = time.monotonic()
        while not await holds():
            if time.monotonic() - begun > seconds:
                says = {name: await self.health(name) for name in catalogue.NAMES}
                ends = {name: one.ends[-1][1][-300:] for name, one in self.parts.items() if one.ends}
                raise AssertionError(f"not {what} after {seconds:g} s: {says} {ends}")
            await asyncio.sleep(0.1)
        return time.monotonic() - begun


@asynccontextmanager
async def whole(path: Path, database: Path | None = None) -> AsyncIterator[Whole]:
    """Start everything; at the end everything has stopped. `database`: where the database keeps its data."""
    path.mkdir(parents=True, exist_ok=True)
    ports = dict(zip((DATABASE, BROKER, "proxy"), _ports(3), strict=True))
    servers = {
        DATABASE: _Server(
            DATABASE, database or path / DATABASE, lambda state: EmbeddedPostgres(state, port=ports[DATABASE])
        ),
        BROKER: _Server(
            BROKER,
            path / BROKER,
            lambda state: _Advertised(state, port=ports[BROKER], advertised=ports["proxy"]),
        ),
    }
    async with contextlib.AsyncExitStack() as stack:
        state = await asyncio.to_thread(State.acquire, path / "services")
        stack.callback(state.release)
        proxies = {BROKER: Proxy(ports["proxy"], ports[BROKER])}
        found = _ports(len(catalogue.NAMES))
        proxies |= {n: Proxy(p, ports[DATABASE]) for n, p in zip(catalogue.NAMES, found, strict=True)}
        for proxy in proxies.values():
            await proxy.start()
            stack.push_async_callback(proxy.refuse)
        tasks: list[asyncio.Task[None]] = []
        parts: dict[str, Supervised] = {}
        stack.push_async_callback(_stop, parts, tasks)
        for name, server in servers.items():
            parts[name] = Supervised(server)
            tasks.append(asyncio.create_task(parts[name].run(), name=name))
        given, issuer, urls = await _prepare(stack, state, parts, proxies)
        client = await stack.enter_async_context(httpx.AsyncClient(limits=httpx.Limits(max_connections=200)))
        remember(state.path, given)
        system = Whole(path, urls, given, issuer, parts, proxies, client)
        for name in catalogue.NAMES:
            parts[name] = Supervised(_Service(name, state, given[name]))
            tasks.append(asyncio.create_task(parts[name].run(), name=name))
        await system.until(system.answers, "ready")
        state.record(urls=urls)
        yield system


async def _prepare(
    stack: contextlib.AsyncExitStack, state: State, parts: Mapping[str, Supervised], proxies: Mapping[str, Proxy]
) -> tuple[dict[str, dict[str, Any]], LocalIssuer, dict[str, str]]:
    """Databases, topics and the issuer; and what each service is told."""
    import socket

    async with asyncio.timeout(READY_SECONDS):
        while not all(one.starts for one in parts.values()):
            await asyncio.sleep(0.02)
    database = parts[DATABASE].part
    assert isinstance(database, _Server)
    assert isinstance(database.server, EmbeddedPostgres)
    databases = await Databases(database.server.admin_url, state.path / "databases.json").ensure(catalogue.NAMES)
    for name in catalogue.NAMES:
        await migrate(databases[name].owner, f"{name}_app")
    bootstrap = f"{LOOPBACK}:{proxies[BROKER].port}"
    await ensure_topics(bootstrap, catalogue.topics())
    listener = socket.create_server((LOOPBACK, 0))
    url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    issuer = LocalIssuer(state.path, issuer=url, audience=settings_of().oidc_audience)
    await stack.enter_async_context(serving("issuer", issuer.app(), listener))
    ports = dict(zip(catalogue.NAMES, _ports(len(catalogue.NAMES)), strict=True))
    urls = {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
    direct = f":{database.server.port}/"
    given: dict[str, dict[str, Any]] = {
        name: {
            "state_dir": str(state.path),
            "database_url": databases[name].app.replace(direct, f":{proxies[name].port}/"),
            "kafka_bootstrap": bootstrap,
            "oidc_issuer": url,
            "upstream_urls": urls,
            "http_host": LOOPBACK,
            "http_port": ports[name],
            "log_level": "warning",
        }
        for name in catalogue.NAMES
    }
    return given, issuer, {**urls, "issuer": url}


def _ports(count: int) -> list[int]:
    found: list[int] = []
    for _ in range(count):
        found.append(find_port(taken=found))
    return found


async def _stop(parts: Mapping[str, Supervised], tasks: list[asyncio.Task[None]]) -> None:
    """The supervisors first, then services, then servers."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(parts[name].part.stop() for name in catalogue.NAMES if name in parts))
    await asyncio.gather(*(parts[name].part.stop() for name in (DATABASE, BROKER)))
