"""The relay's cursor as a row of the service's own database, timed by the database's clock."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import asyncpg

from services.chassis.log.statements import statement
from services.chassis.pool import rows
from services.chassis.relay.port import CursorState, Fenced, Lease
from services.chassis.unavailable import Unavailable

_sql = partial(statement, Path(__file__).parent / "sql")


class PostgresCursor:
    """A `Cursor` in `relay_cursor`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def acquire(self, owner: str, seconds: float) -> Lease | None:
        """See `Cursor.acquire`."""
        row = await self._row("acquire", owner, seconds)
        return Lease(owner, row["epoch"], row["out_pos"], row["cluster_id"]) if row else None

    async def renew(self, lease: Lease, seconds: float) -> None:
        """See `Cursor.renew`."""
        _fence(lease, await self._row("renew", lease.epoch, seconds))

    async def move(self, lease: Lease, out_pos: int, cluster_id: str, seconds: float) -> Lease:
        """See `Cursor.move`."""
        _fence(lease, await self._row("move", lease.epoch, seconds, out_pos, cluster_id))
        return replace(lease, out_pos=out_pos, cluster_id=cluster_id)

    async def release(self, lease: Lease) -> None:
        """See `Cursor.release`."""
        await self._row("release", lease.epoch)

    async def state(self) -> CursorState:
        """See `Cursor.state`."""
        row = await self._row("state")
        if row is None:
            raise Unavailable("relay_cursor")
        return CursorState(*row)

    async def _row(self, name: str, *arguments: object) -> "asyncpg.Record | None":
        found = await rows(self._pool, _sql(name), *arguments)
        return found[0] if found else None


def _fence(lease: Lease, row: "asyncpg.Record | None") -> None:
    if row is None:
        raise Fenced(f"epoch {lease.epoch} is not the newest")
