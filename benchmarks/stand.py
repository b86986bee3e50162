"""What measures stand on: servers of their own in a directory of their own, gone afterwards; and workers."""

import asyncio
import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import asyncpg

from services.chassis.migrations.run import migrate
from services.cli.databases import Databases, DatabaseUrls
from services.cli.embedded import EmbeddedKafka, EmbeddedPostgres, State

ROOT = Path(__file__).resolve().parent.parent
_TEMPLATE = "migrated"


@dataclass(frozen=True)
class Bench:
    """How a measure is run. `scale` 1 is what is reported; `say` tells how far it is."""

    directory: Path
    scale: float = 1.0
    peers: bool = True
    say: Callable[[str], None] = lambda _: None

    def scaled(self, full: float, least: float) -> float:
        return max(full * self.scale, least)

    def count(self, full: int, least: int) -> int:
        return max(int(full * self.scale), least)

    @contextlib.contextmanager
    def folder(self) -> Iterator[Path]:
        """A directory on the measured disk, removed at the end."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=self.directory, ignore_cleanup_errors=True) as path:
            yield Path(path)


class Postgres:
    """A PostgreSQL as embedded mode runs it: fsync on, synchronous commit, checksums."""

    def __init__(self, admin_url: str, directory: Path) -> None:
        self.admin_url, self._databases = admin_url, Databases(admin_url, directory / "databases.json")
        self._template: DatabaseUrls | None = None

    async def empty(self, name: str) -> DatabaseUrls:
        """A new database without tables."""
        return (await self._databases.ensure([name]))[name]

    async def migrated(self, name: str) -> DatabaseUrls:
        """A new database with the schema of the chassis: a copy of one that was migrated."""
        if self._template is None:
            self._template = await self.empty(_TEMPLATE)
            await migrate(self._template.owner, f"{_TEMPLATE}_app")
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} OWNER {_TEMPLATE}_owner")
        return DatabaseUrls(*(url.replace(f"/{_TEMPLATE}?", f"/{name}?") for url in self._template))

    async def drop(self, name: str) -> None:
        """What one subject left to be written is not the next one's burden: that is written now."""
        await self._execute(f"DROP DATABASE {name} WITH (FORCE)")
        await self._execute("CHECKPOINT")

    async def _execute(self, statement: str) -> None:
        admin = await asyncpg.connect(self.admin_url)
        try:
            await admin.execute(statement)
        finally:
            await admin.close()


@contextlib.asynccontextmanager
async def postgres(directory: Path) -> AsyncIterator[Postgres]:
    """One server in that directory."""
    state = State.acquire(directory / "state")
    server = EmbeddedPostgres(state)
    try:
        yield Postgres(await server.start(), directory)
    finally:
        await server.stop()
        state.release()


@contextlib.asynccontextmanager
async def kafka(directory: Path) -> AsyncIterator[str]:
    """One broker as embedded mode runs it; its address."""
    state = State.acquire(directory / "kafka")
    server = EmbeddedKafka(state)
    try:
        yield await server.start()
    finally:
        await server.stop()
        state.release()


class WorkerFailed(Exception):
    """A worker ended without a result; the message is the end of what it said."""


async def worker(command: Sequence[str], given: Any, *, seconds: float) -> Any:
    """Run a worker: its task as JSON on its standard input (an address may hold a password), its result from the other
    end. Raises `WorkerFailed`."""
    task = given if isinstance(given, dict) else asdict(given)
    try:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
    except FileNotFoundError as error:
        raise WorkerFailed(f"there is no {command[0]}") from error
    try:
        async with asyncio.timeout(seconds):
            output, errors = await child.communicate(json.dumps(task).encode())
    except TimeoutError as error:
        raise WorkerFailed(f"no end after {seconds:g} s") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not output:
        raise WorkerFailed(errors.decode(errors="replace").strip()[-600:] or f"exit status {child.returncode}")
    return json.loads(output)


def own(module: str) -> list[str]:
    """The command of a worker of ours."""
    return [sys.executable, "-m", f"benchmarks.{module}"]


def free_space(directory: Path) -> int:
    """Bytes that are free where measures keep their data."""
    directory.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(directory).free
