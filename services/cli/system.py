"""The whole installation on this machine: database, broker, issuer and services, started together, ended together.

What the services are made of takes two seconds to import, and Kafka longer to start: so this module imports little,
starts the servers first and the rest beside them. Imports within functions are of that kind.
"""

import asyncio
import contextlib
import json
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from services.chassis.clock import Clock, system_clock
from services.cli import catalogue
from services.cli.databases import DatabaseUrls
from services.cli.embedded import Report, ServerEnded, State, Step
from services.cli.embedded.ports import LOOPBACK, find_port
from services.cli.embedded.process import Child, StartFailed
from services.cli.embedded.progress import silent
from services.cli.embedded.state import marker
from services.cli.running import remember
from services.cli.servers import Options, Servers, Stops, together

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from services.chassis.auth.issuer import LocalIssuer

__all__ = ["Options", "System", "variables"]

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 15.0
_STEPS: Final = len(catalogue.NAMES)


class System:
    """`async with System(options) as system:` everything answers; at the end everything has stopped.

    `clock` is what the services call now; only a system whose services live in this process can be given another one.
    Raises the embedded servers' errors, `DatabasesUnusable`, `TopicMismatch`, KafkaError, `StartFailed`.
    """

    def __init__(self, options: Options, *, clock: Clock = system_clock, report: Report = silent) -> None:
        self.options, self._clock, self._report = options, clock, report
        self.urls: dict[str, str] = {}
        self._stack = contextlib.AsyncExitStack()
        self._watched: list[asyncio.Task[Any]] = []
        self._ready_services: list[str] = []
        self._loaded: asyncio.Future[None]
        self._state: State
        self.issuer: LocalIssuer

    async def __aenter__(self) -> "System":
        async with contextlib.AsyncExitStack() as stack:
            self._state = await asyncio.to_thread(State.acquire, self.options.state_dir)
            stack.callback(self._state.release)
            self._loaded = asyncio.ensure_future(asyncio.to_thread(_load))
            try:
                servers = Servers(self._state, self.options, self._report, self._loaded, self._watch)
                databases, bootstrap = await servers.start(stack)
                await self._services(stack, databases, bootstrap)
            except BaseExceptionGroup as failures:
                raise failures.exceptions[0] from None
            finally:
                with contextlib.suppress(Exception):
                    await self._loaded  # a thread cannot be cancelled: wait, rather than leave it importing
            self._state.record(urls=self.urls)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def until(self, stop: asyncio.Event) -> None:
        """Wait for `stop`. Raises `ServerEnded`, which names it, when a part ends although nobody asked it to."""
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({stopping, *self._watched}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
        self._alive()

    def _alive(self) -> None:
        for task in self._watched:
            if task.done() and not task.cancelled():
                error = task.exception() or task.result()
                raise error if isinstance(error, ServerEnded) else ServerEnded(f"{task.get_name()} ended by itself")

    def _watch(self, name: str, ended: Awaitable[object]) -> None:
        """Take the end of a part for the end of all of it."""
        self._watched.append(asyncio.ensure_future(ended))
        self._watched[-1].set_name(name)

    # --- services

    async def _services(
        self, stack: contextlib.AsyncExitStack, databases: Mapping[str, DatabaseUrls], bootstrap: str
    ) -> None:
        from services.chassis.auth.issuer import LocalIssuer
        from services.chassis.settings import settings_of

        listener = self._bound("issuer")
        url = self.urls["issuer"] = _address(listener)
        self.issuer = LocalIssuer(self._state.path, issuer=url, audience=settings_of().oidc_audience)
        stops: Stops = []
        stack.push_async_callback(together, stops)
        await self._serve("issuer", self.issuer.app(), listener, stops)
        listeners = {name: self._bound(name) for name in catalogue.NAMES}
        self.urls |= {name: _address(listener) for name, listener in listeners.items()}
        self._state.record(ports={name: _port(listener) for name, listener in listeners.items()})
        given = self._configuration(databases, bootstrap)
        remember(self._state.path, given)
        stops = []
        stack.push_async_callback(together, stops)
        start = self._spawn if self.options.processes else self._create
        self._report(Step("services", "starting", total=_STEPS))
        async with asyncio.TaskGroup() as group:
            for name in catalogue.NAMES:
                group.create_task(start(name, given[name], listeners[name], stops))

    def _configuration(self, databases: Mapping[str, DatabaseUrls], bootstrap: str) -> dict[str, dict[str, Any]]:
        """What each service is told, by the names of its settings. Everything else comes from our own environment."""
        configuration: dict[str, dict[str, Any]] = {}
        for name in catalogue.NAMES:
            configuration[name] = {
                "state_dir": str(self._state.path),
                "database_url": databases[name].app,
                "kafka_bootstrap": bootstrap,
                "oidc_issuer": self.urls["issuer"],
                "upstream_urls": {n: self.urls[n] for n in catalogue.NAMES},
            }
            if self.options.log_file is not None:
                log = self.options.log_file.absolute()
                configuration[name]["log_file"] = str(log.with_name(f"{name}.log") if self.options.processes else log)
        return configuration

    async def _create(
        self,
        name: str,
        given: Mapping[str, Any],
        listener: socket.socket,
        stops: Stops,
    ) -> None:
        """A service in this process."""
        from services.chassis.settings import settings_of

        app = catalogue.spec(name).create(settings_of(name, **given), clock=self._clock)
        await self._serve(name, app, listener, stops)
        await self._ready(name)

    async def _serve(self, name: str, app: "Starlette", listener: socket.socket, stops: Stops) -> None:
        from services.cli.serving import serving

        stack = contextlib.AsyncExitStack()
        task = await stack.enter_async_context(serving(name, app, listener))
        stops.append(stack.aclose)
        self._watch(name, task)

    async def _spawn(
        self,
        name: str,
        given: Mapping[str, Any],
        listener: socket.socket,
        stops: Stops,
    ) -> None:
        """A service in a process of its own."""
        number = _port(listener)
        listener.close()
        child = await Child.spawn(
            name,
            [sys.executable, "-X", marker(self._state.path), "-m", "services.cli", "serve", name],
            directory=Path.cwd(),
            log=self._state.path / f"{name}.output.log",
            death_signal=signal.SIGTERM,
            environment=variables({**given, "http_host": LOOPBACK, "http_port": number}),
        )
        self._state.record(children={name: child.pid})

        async def stop() -> None:
            await child.stop((signal.SIGTERM, STOP_SECONDS))

        stops.append(stop)
        self._watch(name, child.ended())
        await self._ready(name)

    async def _ready(self, name: str) -> None:
        """Until the service says that it is ready. Raises `StartFailed` with what it says instead."""
        import httpx

        last = "it does not answer"
        deadline = time.monotonic() + READY_SECONDS
        async with httpx.AsyncClient(timeout=5) as client:
            while time.monotonic() < deadline:
                try:
                    self._alive()
                except ServerEnded as ended:
                    raise StartFailed(str(ended)) from None
                with contextlib.suppress(httpx.TransportError):
                    response = await client.get(f"{self.urls[name]}/health/ready")
                    if response.is_success:
                        self._count_ready(name)
                        return
                    last = response.text
                await asyncio.sleep(0.05)  # another process may have to start: there is nothing to wait on but asking
        raise StartFailed(f"{name} is not ready after {READY_SECONDS:g} s: {last}")

    def _count_ready(self, name: str) -> None:
        self._ready_services.append(name)
        done = len(self._ready_services)
        text = "ready" if done == _STEPS else f"{name} is ready"
        self._report(Step("services", text, done=done, total=_STEPS))

    def _bound(self, name: str) -> socket.socket:
        """A socket that listens: on the port asked for, else on that of the last run if it is free, else on any.

        It listens at once: two sockets that are only bound can share a port, and the second would fail later.
        """
        wanted = self.options.ports.get(name)
        last = self._state.last.ports.get(name) if self._state.last else None
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, wanted if wanted is not None else find_port(last)))
            listener.listen()
        except OSError as error:
            listener.close()
            raise StartFailed(
                f"Port {wanted} for {name} is taken ({error.strerror}). Choose another, or none."
            ) from error
        return listener


def _load() -> None:
    """Import what the services are made of, so that it is there when the servers are."""
    import httpx  # noqa: F401

    import services.chassis.migrations.run
    import services.cli.serving  # noqa: F401

    for name in catalogue.NAMES:
        catalogue.spec(name)


def _port(listener: socket.socket) -> int:
    found: int = listener.getsockname()[1]
    return found


def _address(listener: socket.socket) -> str:
    return f"http://{LOOPBACK}:{_port(listener)}"


def variables(given: Mapping[str, Any]) -> dict[str, str]:
    """Settings as the variables that a process is started with."""
    from services.chassis.settings import PREFIX

    return {
        f"{PREFIX}{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }
