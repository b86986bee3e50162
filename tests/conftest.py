"""Real servers for the tests that need them: started once, a fresh database for each test."""

import gc
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from services.chassis.migrations.run import migrate
from services.cli.databases import Databases, DatabaseUrls
from services.cli.embedded import EmbeddedKafka, EmbeddedPostgres, State
from tests.recording.kept import OPTION, Recorder

_NUMBERS = itertools.count(1)
_TEMPLATE = "t_template"
_RECORDER = pytest.StashKey[Recorder]()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """The collector of garbage leaves alone what lives until the end anyway: modules, and thousands of tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make examples` says where to write down what is said to the services."""
    parser.addoption(OPTION, metavar="FILE", default=None, help="write down what tests say to services in this process")


def pytest_configure(config: pytest.Config) -> None:
    into = config.getoption(OPTION)
    config.stash[_RECORDER] = Recorder(Path(into) if into else None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[_RECORDER].only(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """The examples of the API documents are what the tests do, or the test that one is from fails."""
    return (yield from item.config.stash[_RECORDER].during(item))


@dataclass(frozen=True)
class Database:
    """One migrated database: the service's URL, its owner's, the superuser's."""

    name: str
    url: str
    owner_url: str
    admin_url: str


@dataclass(frozen=True)
class Server:
    """A PostgreSQL with a migrated database to copy."""

    admin_url: str
    template: DatabaseUrls


@pytest.fixture(scope="session")
async def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """One PostgreSQL for the session, with a migrated template database."""
    state = State.acquire(tmp_path_factory.mktemp("postgres"))
    server = EmbeddedPostgres(state)
    await server.start()
    try:
        urls = (await Databases(server.admin_url, state.path / "databases.json").ensure([_TEMPLATE]))[_TEMPLATE]
        await migrate(urls.owner, f"{_TEMPLATE}_app")
        yield Server(server.admin_url, urls)
    finally:
        await server.stop()
        state.release()


@asynccontextmanager
async def fresh_database(server: Server) -> AsyncIterator[Database]:
    """A database with the schema of the chassis; dropped afterwards."""
    name = f"t{next(_NUMBERS)}"
    template = server.template
    admin = await asyncpg.connect(server.admin_url)
    try:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} OWNER {_TEMPLATE}_owner")
        yield Database(
            name,
            template.app.replace(f"/{_TEMPLATE}?", f"/{name}?"),
            template.owner.replace(f"/{_TEMPLATE}?", f"/{name}?"),
            server.admin_url.replace("/postgres?", f"/{name}?"),
        )
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


@pytest.fixture
async def database(postgres_server: Server) -> AsyncIterator[Database]:
    """A fresh database for one test."""
    async with fresh_database(postgres_server) as database:
        yield database


@pytest.fixture(scope="session")
async def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """One Kafka broker for the session; tests keep apart by topic prefix."""
    state = State.acquire(tmp_path_factory.mktemp("kafka"))
    server = EmbeddedKafka(state)
    bootstrap = await server.start()
    try:
        yield bootstrap
    finally:
        await server.stop()
        state.release()
