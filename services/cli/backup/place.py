"""Whose databases are saved or restored: a system that runs, one that is stopped, or one that variables describe."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from services.cli import catalogue, provisioning, running
from services.cli.databases import Databases, DatabaseUrls
from services.cli.embedded import EmbeddedPostgres, Report, State, Step
from services.cli.embedded.state import running as of_directory
from services.cli.exits import Exit, leave

_PASSWORDS = "databases.json"


@dataclass(frozen=True)
class Place:
    """How to reach each service's database, and the state directory if the installation has one.

    `admin_url`: of a role that may create databases, empty where nothing is to be created; `given_as`: where it is
    from, for messages.
    """

    urls: Mapping[str, DatabaseUrls]
    state_dir: Path | None
    admin_url: str = ""
    given_as: str = "--database-url"


@asynccontextmanager
async def to_save(state_dir: Path, database_url: str | None, report: Report) -> AsyncIterator[Place]:
    """The databases to read. The system may run; if it does not, PostgreSQL is started for as long as it takes."""
    where = state_dir.expanduser().resolve()  # noqa: ASYNC240  # nothing else runs yet
    if of_directory(where) is not None:
        given = running.find(where).given
        databases = Databases(given[catalogue.NAMES[0]]["database_url"], where / _PASSWORDS)
        yield Place(databases.urls(catalogue.NAMES), where)
    elif database_url or (where / "postgres").exists():
        async with started(where, database_url, report) as place:
            yield place
    elif running.external():
        yield Place({name: provisioning.urls_of(name) for name in catalogue.NAMES}, None)
    else:
        leave(
            Exit.NOT_RUNNING,
            f"There is no system in {where}. Name its directory with --state-dir, or set RELUTH_<SERVICE>_DATABASE_URL"
            " and RELUTH_<SERVICE>_MIGRATION_URL for services that run elsewhere.",
        )


@asynccontextmanager
async def to_restore(state_dir: Path, database_url: str | None, report: Report) -> AsyncIterator[Place]:
    """The databases to write, of a system that does not run. Raises `StateBusy`, `NotConfigured`."""
    if database_url is None and running.external():
        urls = {name: provisioning.urls_of(name) for name in catalogue.NAMES}
        yield Place(urls, None, provisioning.admin_url(), provisioning.ADMIN_URL)
        return
    async with started(state_dir, database_url, report) as place:
        yield place


@asynccontextmanager
async def started(state_dir: Path, database_url: str | None, report: Report) -> AsyncIterator[Place]:
    """An installation with a state directory that nobody runs on. `database_url`: its PostgreSQL, if not our own."""
    async with AsyncExitStack() as stack:
        state = await asyncio.to_thread(State.acquire, state_dir)
        stack.callback(state.release)
        if database_url is None:
            report(Step("PostgreSQL", "starting"))
            server = EmbeddedPostgres(state)
            stack.push_async_callback(server.stop)
            database_url = await server.start()
            report(Step("PostgreSQL", "ready", done=1))
        databases = Databases(database_url, state.path / _PASSWORDS)
        yield Place(databases.urls(catalogue.NAMES), state.path, database_url)
