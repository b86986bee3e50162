"""The relay's cursor as a row of the service's own database, timed by the database's clock."""

from dataclasses import replace
from typing import Final

import asyncpg

from services.chassis.relay.port import CursorState, Fenced, Lease
from services.chassis.unavailable import Unavailable

_AWAY: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    OSError,
    TimeoutError,
)

# One statement each: the comparison and the change are one. `clock_timestamp()` moves within a transaction, `now()`
# does not.
_ACQUIRE: Final = """
UPDATE relay_cursor
SET epoch = epoch + 1, owner = $1, lease_until = clock_timestamp() + make_interval(secs => $2)
WHERE owner IS NULL OR owner = $1 OR lease_until IS NULL OR lease_until <= clock_timestamp()
RETURNING epoch, out_pos, cluster_id
"""
_RENEW: Final = """
UPDATE relay_cursor SET lease_until = clock_timestamp() + make_interval(secs => $2) WHERE epoch = $1 RETURNING epoch
"""
_MOVE: Final = """
UPDATE relay_cursor
SET out_pos = $3, cluster_id = $4, lease_until = clock_timestamp() + make_interval(secs => $2)
WHERE epoch = $1 RETURNING epoch
"""
_RELEASE: Final = "UPDATE relay_cursor SET owner = NULL, lease_until = NULL WHERE epoch = $1 RETURNING epoch"
_STATE: Final = "SELECT out_pos, epoch, owner, lease_until, cluster_id FROM relay_cursor"


class PostgresCursor:
    """A `Cursor` in `relay_cursor`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def acquire(self, owner: str, seconds: float) -> Lease | None:
        """See `Cursor.acquire`."""
        row = await self._row(_ACQUIRE, owner, seconds)
        return Lease(owner, row["epoch"], row["out_pos"], row["cluster_id"]) if row else None

    async def renew(self, lease: Lease, seconds: float) -> None:
        """See `Cursor.renew`."""
        _fence(lease, await self._row(_RENEW, lease.epoch, seconds))

    async def move(self, lease: Lease, out_pos: int, cluster_id: str, seconds: float) -> Lease:
        """See `Cursor.move`."""
        _fence(lease, await self._row(_MOVE, lease.epoch, seconds, out_pos, cluster_id))
        return replace(lease, out_pos=out_pos, cluster_id=cluster_id)

    async def release(self, lease: Lease) -> None:
        """See `Cursor.release`."""
        await self._row(_RELEASE, lease.epoch)

    async def state(self) -> CursorState:
        """See `Cursor.state`."""
        row = await self._row(_STATE)
        if row is None:
            raise Unavailable("relay_cursor")
        return CursorState(*row)

    async def _row(self, statement: str, *arguments: object) -> "asyncpg.Record | None":
        try:
            connection = await self._pool.acquire()
        except (*_AWAY, asyncpg.PostgresError) as error:  # whatever the reason, nobody is let in
            raise Unavailable("database") from error
        try:
            return await connection.fetchrow(statement, *arguments)
        except _AWAY as error:
            raise Unavailable("database") from error
        finally:
            await self._pool.release(connection)


def _fence(lease: Lease, row: "asyncpg.Record | None") -> None:
    if row is None:
        raise Fenced(f"epoch {lease.epoch} is not the newest")
