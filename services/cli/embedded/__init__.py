"""Real PostgreSQL and Apache Kafka for a machine that has neither: from Python packages, in one state directory."""

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from services.cli.embedded.kafka import EmbeddedKafka
from services.cli.embedded.postgres import EmbeddedPostgres
from services.cli.embedded.process import ServerEnded
from services.cli.embedded.progress import Report, Step, silent
from services.cli.embedded.state import State

__all__ = ["Embedded", "EmbeddedKafka", "EmbeddedPostgres", "Report", "Runtime", "ServerEnded", "State", "Step"]


@dataclass(frozen=True)
class Runtime:
    """The two servers, answering. URLs hold passwords: do not print them."""

    state: State
    postgres: EmbeddedPostgres
    kafka: EmbeddedKafka
    admin_url: str
    bootstrap: str

    async def ended(self) -> ServerEnded:
        """Wait until one of the servers ends by itself, for a supervisor that must not go on without it."""
        waiting = [asyncio.ensure_future(server.ended()) for server in (self.postgres, self.kafka)]
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        return done.pop().result()


class Embedded:
    """`async with Embedded(Path(".reluth")) as runtime:` both servers, started together and stopped at the end.

    Raises StateBusy when another process holds the directory. The event loop must run on a thread that lives as long as
    the servers: they end with the thread that started them.
    """

    def __init__(
        self,
        path: Path,
        *,
        postgres_port: int | None = None,
        kafka_port: int | None = None,
        report: Report = silent,
    ) -> None:
        """`postgres_port`: None for the unix socket alone, 0 for a free port too. `kafka_port`: None for a free one."""
        self._path = path
        self._postgres_port = postgres_port
        self._kafka_port = kafka_port
        self._report = report
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Runtime:
        async with contextlib.AsyncExitStack() as stack:
            state = await asyncio.to_thread(State.acquire, self._path)
            stack.callback(state.release)
            postgres = EmbeddedPostgres(state, port=self._postgres_port)
            kafka = EmbeddedKafka(state, port=self._kafka_port, report=self._report)
            stack.push_async_callback(postgres.stop)
            stack.push_async_callback(kafka.stop)
            try:
                async with asyncio.TaskGroup() as group:
                    starting_postgres = group.create_task(self._start("PostgreSQL", postgres))
                    starting_kafka = group.create_task(self._start("Kafka", kafka))
            except BaseExceptionGroup as failures:
                raise failures.exceptions[0] from None
            self._stack = stack.pop_all()
        return Runtime(state, postgres, kafka, starting_postgres.result(), starting_kafka.result())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _start(self, part: str, server: EmbeddedPostgres | EmbeddedKafka) -> str:
        self._report(Step(part, "starting"))
        where = await server.start()
        self._report(Step(part, "ready", done=1))
        return where
