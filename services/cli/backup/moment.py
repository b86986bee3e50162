"""One moment of several databases: snapshots between which nothing was appended anywhere."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from services.chassis.log.statements import statement
from services.cli.backup.manifest import BackupRefused

_SQL: Final = Path(__file__).parent / "sql"
_IMPATIENT: Final = "SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '5s'"
"""Nobody waits for us longer than that, whatever happens to this process."""


@dataclass(frozen=True)
class Snapshot:
    """A transaction that sees one moment; others may see the same by its `id` as long as it is open."""

    id: str
    connection: "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def one_moment(owner_urls: Mapping[str, str]) -> AsyncIterator[Mapping[str, Snapshot]]:
    """A snapshot of each database, all of the same moment of the logs.

    Services read each other in circles, so no order of snapshots taken one after the other would do: some consumer
    would hold what its source, dumped before, does not have, and after a restore that source would seem to have gone
    back. So every log is locked first, as an append locks it, then every snapshot is taken, then the logs are let
    go: commands wait for some tens of milliseconds. What a consumer holds at that moment was committed by its source.
    Raises `BackupRefused` when a log does not come free.
    """
    async with AsyncExitStack() as stack:
        opened = [(n, await _connected(stack, url), await _connected(stack, url)) for n, url in owner_urls.items()]
        async with AsyncExitStack() as locks:
            for name, lock, _ in opened:
                await locks.enter_async_context(lock.transaction())
                await lock.execute(_IMPATIENT)
                try:
                    await lock.fetchval(statement(_SQL, "lock_head"))
                except asyncpg.LockNotAvailableError:
                    raise BackupRefused(
                        f"The log of {name} did not come free within 5 s: something holds its head. Try again."
                    ) from None
            taken = await asyncio.gather(*(_snapshot(stack, reader) for _, _, reader in opened))
        yield {name: snapshot for (name, _, _), snapshot in zip(opened, taken, strict=True)}


async def _connected(stack: AsyncExitStack, url: str) -> "asyncpg.Connection[asyncpg.Record]":
    connection = await asyncpg.connect(url, timeout=20)
    stack.push_async_callback(connection.close)
    return connection


async def _snapshot(stack: AsyncExitStack, reader: "asyncpg.Connection[asyncpg.Record]") -> Snapshot:
    await stack.enter_async_context(reader.transaction(isolation="repeatable_read", readonly=True))
    return Snapshot(await reader.fetchval("SELECT pg_export_snapshot()"), reader)
