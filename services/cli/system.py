"""The whole installation on this machine: database, broker, issuer and services, started together, ended together."""

import asyncio
import contextlib
import json
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from services.chassis.auth.issuer import LocalIssuer
from services.chassis.clock import Clock, system_clock
from services.chassis.settings import PREFIX, settings_of
from services.cli import catalogue
from services.cli.databases import Databases, DatabaseUrls
from services.cli.embedded import EmbeddedKafka, EmbeddedPostgres, Report, State, Step
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.embedded.process import Child
from services.cli.embedded.progress import silent
from services.cli.embedded.state import marker
from services.cli.embedded.topics import ensure_topics
from services.cli.running import remember

READY_SECONDS = 60.0
STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Options:
    """How to run. Without URLs, database and broker are started by us, in the state directory."""

    state_dir: Path = Path(".reluth")
    database_url: str | None = None
    kafka: str | None = None
    processes: bool = False
    ports: Mapping[str, int] = field(default_factory=dict)


class _Server(uvicorn.Server):
    """A server that leaves the signals to us: several live in one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch none."""
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Never called: we catch no signal here."""


class System:
    """`async with System(options) as system:` everything answers; at the end everything has stopped.

    `clock` is what the services call now; only a system whose services live in this process can be given another one.
    """

    def __init__(self, options: Options, *, clock: Clock = system_clock, report: Report = silent) -> None:
        self.options, self._clock, self._report = options, clock, report
        self.urls: dict[str, str] = {}
        self._stack = contextlib.AsyncExitStack()
        self._ended: list[asyncio.Task[object]] = []
        self._state: State
        self.issuer: LocalIssuer

    async def __aenter__(self) -> "System":
        async with contextlib.AsyncExitStack() as stack:
            self._state = await asyncio.to_thread(State.acquire, self.options.state_dir)
            stack.callback(self._state.release)
            admin_url, bootstrap = await self._servers(stack)
            databases = await Databases(admin_url, self._state.path / "databases.json").ensure(catalogue.NAMES)
            issuer_url = await self._serve_issuer(stack)
            sockets = self._bind()
            self.urls |= {name: f"http://{LOOPBACK}:{port(s)}" for name, s in sockets.items()}
            configuration = self._configuration(databases, bootstrap, issuer_url)
            remember(self._state.path, configuration)
            if self.options.processes:
                await self._spawn(stack, configuration, sockets)
            else:
                await self._serve(stack, configuration, sockets)
            await self._until_ready()
            self._state.record(urls=self.urls)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def until(self, stop: asyncio.Event) -> None:
        """Wait for `stop`. Raises `StartFailed` when a part of the system ends although nobody asked it to."""
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({stopping, *self._ended}, return_when=asyncio.FIRST_COMPLETED)
        if not stopping.done():
            stopping.cancel()
            ended = next(task for task in self._ended if task.done())
            raise StartFailed(f"a part of the system ended by itself: {ended.get_name()} {ended.result() or ''}")

    async def _servers(self, stack: contextlib.AsyncExitStack) -> tuple[str, str]:
        """Database and broker: those that were given, or our own, started at the same time."""

        async def postgres() -> str:
            if self.options.database_url:
                return self.options.database_url
            server = EmbeddedPostgres(self._state, port=self.options.ports.get("postgres"))
            stack.push_async_callback(server.stop)
            self._report(Step("PostgreSQL", "starting"))
            url = await server.start()
            self._report(Step("PostgreSQL", "ready", done=1))
            return url

        async def kafka() -> str:
            if self.options.kafka:
                bootstrap = self.options.kafka
            else:
                server = EmbeddedKafka(self._state, port=self.options.ports.get("kafka"), report=self._report)
                stack.push_async_callback(server.stop)
                self._report(Step("Kafka", "starting"))
                bootstrap = await server.start()
            await ensure_topics(bootstrap, catalogue.topics(settings_of().topic_prefix))
            self._report(Step("Kafka", "ready", done=1))
            return bootstrap

        try:
            async with asyncio.TaskGroup() as group:
                starting = group.create_task(postgres()), group.create_task(kafka())
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return starting[0].result(), starting[1].result()

    async def _serve_issuer(self, stack: contextlib.AsyncExitStack) -> str:
        listener = bound(self._state, "issuer", self.options.ports)
        url = f"http://{LOOPBACK}:{port(listener)}"
        self.issuer = LocalIssuer(self._state.path, issuer=url, audience=settings_of().oidc_audience)
        await self._run(stack, "issuer", self.issuer.app(), listener)
        self.urls["issuer"] = url
        return url

    def _bind(self) -> dict[str, socket.socket]:
        sockets = {name: bound(self._state, name, self.options.ports) for name in catalogue.NAMES}
        self._state.record(ports={name: port(s) for name, s in sockets.items()})
        return sockets

    def _configuration(
        self, databases: Mapping[str, DatabaseUrls], bootstrap: str, issuer_url: str
    ) -> dict[str, dict[str, Any]]:
        """What each service is told, by the names of its settings. Everything else comes from our own environment."""
        return {
            name: {
                "state_dir": str(self._state.path),
                "database_url": databases[name].app,
                "migration_url": databases[name].owner,
                "kafka_bootstrap": bootstrap,
                "oidc_issuer": issuer_url,
                "upstream_urls": {n: self.urls[n] for n in catalogue.NAMES},
            }
            for name in catalogue.NAMES
        }

    async def _serve(
        self,
        stack: contextlib.AsyncExitStack,
        configuration: Mapping[str, Mapping[str, Any]],
        sockets: Mapping[str, socket.socket],
    ) -> None:
        for name in catalogue.NAMES:
            app = catalogue.spec(name).create(settings_of(name, **configuration[name]), clock=self._clock)
            await self._run(stack, name, app, sockets[name])
            self._report(Step("services", name, done=catalogue.NAMES.index(name) + 1, total=len(catalogue.NAMES)))

    async def _run(self, stack: contextlib.AsyncExitStack, name: str, app: ASGIApp, listener: socket.socket) -> None:
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=int(STOP_SECONDS)
        )
        server = _Server(config)
        task: asyncio.Task[object] = asyncio.create_task(server.serve(sockets=[listener]), name=f"serve-{name}")

        async def stop() -> None:
            server.should_exit = True
            with contextlib.suppress(Exception, SystemExit):
                await task

        stack.push_async_callback(stop)
        while not server.started and not task.done():  # uvicorn sets a flag and offers nothing to wait for
            await asyncio.wait({task}, timeout=0.01)
        if task.done():
            raise StartFailed(f"{name} did not start; its log is on standard error")
        self._ended.append(task)

    async def _spawn(
        self,
        stack: contextlib.AsyncExitStack,
        configuration: Mapping[str, Mapping[str, Any]],
        sockets: Mapping[str, socket.socket],
    ) -> None:
        for name in catalogue.NAMES:
            listener = sockets[name]
            given = {**configuration[name], "http_host": LOOPBACK, "http_port": port(listener)}
            listener.close()
            child = await Child.spawn(
                name,
                [sys.executable, "-X", marker(self._state.path), "-m", "services.cli.main", "serve", name],
                directory=Path.cwd(),
                log=self._state.path / f"{name}.log",
                death_signal=signal.SIGTERM,
                environment=variables(given),
            )
            stack.push_async_callback(child.stop, (signal.SIGTERM, STOP_SECONDS))
            self._state.record(children={name: child.pid})
            self._ended.append(asyncio.create_task(child.ended(), name=name))

    async def _until_ready(self) -> None:
        """Until every service says that it is ready. Raises `StartFailed` with what the slowest one says."""
        async with httpx.AsyncClient(timeout=5) as client:
            for name in catalogue.NAMES:
                await self._ready(client, name)

    async def _ready(self, client: httpx.AsyncClient, name: str) -> None:
        last = "it does not answer"
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            for task in self._ended:
                if task.done():
                    raise StartFailed(str(task.result()))
            with contextlib.suppress(httpx.TransportError):
                response = await client.get(f"{self.urls[name]}/health/ready")
                if response.is_success:
                    return
                last = response.text
            await asyncio.sleep(0.05)
        raise StartFailed(f"{name} is not ready after {READY_SECONDS:g} s: {last}")


class StartFailed(RuntimeError):
    """A part of the system did not come up."""


def port(listener: socket.socket) -> int:
    """The port that a socket listens on."""
    found: int = listener.getsockname()[1]
    return found


def bound(state: State, name: str, ports: Mapping[str, int]) -> socket.socket:
    """A listening socket: on the port asked for, else on the one of the last run if it is free, else on any."""
    wanted = ports.get(name)
    last = state.last.ports.get(name) if state.last else None
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, wanted if wanted is not None else find_port(last)))
    except OSError as error:
        listener.close()
        raise StartFailed(f"port {wanted} for {name} is taken ({error.strerror}); choose another or none") from error
    return listener


def variables(given: Mapping[str, Any]) -> dict[str, str]:
    """Settings as the variables that a process is started with."""
    return {
        f"{PREFIX}{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }
