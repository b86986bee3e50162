"""Database and broker of an installation: those that were given, or our own, prepared for its services."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.cli import catalogue
from services.cli.databases import Databases, DatabaseUrls
from services.cli.embedded import EmbeddedKafka, EmbeddedPostgres, Report, State, Step
from services.cli.embedded.ports import is_free
from services.cli.embedded.process import StartFailed

Stops = list[Callable[[], Awaitable[None]]]
"""What has to be called at the end."""


@dataclass(frozen=True)
class Options:
    """How to run. Without URLs, database and broker are started by us, in the state directory.

    `log_file`: where the services log, None for the standard error. With `processes` each service has its own file
    beside it, named after the service.
    """

    state_dir: Path = Path(".reluth")
    database_url: str | None = None
    kafka: str | None = None
    processes: bool = False
    ports: Mapping[str, int] = field(default_factory=dict)
    log_file: Path | None = None


@dataclass(frozen=True)
class Servers:
    """Starts database and broker at the same time; each goes on with what it can do alone.

    `loaded`: everything is imported. `watch` is told what ends when a server ends. Imports within functions wait for
    `loaded`.
    """

    state: State
    options: Options
    report: Report
    loaded: asyncio.Future[None]
    watch: Callable[[str, Awaitable[object]], None]

    async def start(self, stack: contextlib.AsyncExitStack) -> tuple[Mapping[str, DatabaseUrls], str]:
        """Started at the same time; whoever is first goes on with what it can do alone."""
        self._given_ports_are_free()
        stops: Stops = []
        stack.push_async_callback(together, stops)
        async with asyncio.TaskGroup() as group:
            databases = group.create_task(self._databases(stops))
            broker = group.create_task(self._broker(stops))
        return databases.result(), broker.result()

    async def _databases(self, stops: Stops) -> Mapping[str, DatabaseUrls]:
        """A migrated database for each service, whose own role may then not change its schema."""
        self.report(Step("PostgreSQL", "starting"))
        admin_url = self.options.database_url
        if admin_url is None:
            server = EmbeddedPostgres(self.state, port=self.options.ports.get("postgres"))
            stops.append(server.stop)
            admin_url = await server.start()
            self.watch("postgres", server.ended())
        self.report(Step("PostgreSQL", "preparing the databases"))
        urls = await Databases(admin_url, self.state.path / "databases.json").ensure(catalogue.NAMES)
        await asyncio.shield(self.loaded)
        from services.chassis.migrations.run import migrate

        for name in catalogue.NAMES:
            await migrate(urls[name].owner, f"{name}_app")
        self.report(Step("PostgreSQL", "ready", done=1))
        return urls

    async def _broker(self, stops: Stops) -> str:
        """A broker with the topics of this program."""
        self.report(Step("Kafka", "starting"))
        bootstrap = self.options.kafka
        if bootstrap is None:
            server = EmbeddedKafka(self.state, port=self.options.ports.get("kafka"), report=self.report)
            stops.append(server.stop)
            bootstrap = await server.start()
            self.watch("kafka", server.ended())
        await asyncio.shield(self.loaded)
        from services.chassis.assembly import broker
        from services.chassis.settings import settings_of
        from services.cli.embedded.topics import ensure_topics

        settings = settings_of(kafka_bootstrap=bootstrap)
        topics = catalogue.topics(settings.topic_prefix)
        if self.options.kafka is None:
            await ensure_topics(bootstrap, topics)
        else:  # as many replicas as that cluster makes by itself
            await ensure_topics(bootstrap, topics, replication_factor=-1, connection=broker(settings).options())
        self.report(Step("Kafka", "ready", done=1))
        return bootstrap

    def _given_ports_are_free(self) -> None:
        for name, number in self.options.ports.items():
            if not is_free(number):
                raise StartFailed(f"Port {number} for {name} is taken. Choose another, or none: then one is found.")


async def together(stops: Stops) -> None:
    """Stop all of them at the same time, each although another one fails; then tell the first failure."""
    failures = [f for f in await asyncio.gather(*(stop() for stop in stops), return_exceptions=True) if f is not None]
    if failures:
        raise failures[0]
