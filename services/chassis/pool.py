"""Connections to PostgreSQL that are kept for many short statements, and how it looks when it is away."""

from typing import Final

import asyncpg

from services.chassis.unavailable import Unavailable

GONE: Final[tuple[type[Exception], ...]] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,  # what asyncpg says of a connection that is gone
    asyncpg.InternalClientError,  # a session that was ended, until the end itself arrives
    asyncpg.OperatorInterventionError,  # shutdown, restart, not yet up
    asyncpg.ObjectNotInPrerequisiteStateError,  # the server is starting or stopping
    asyncpg.IdleInTransactionSessionTimeoutError,  # this process stood still
    OSError,  # refused, reset, timed out, no such socket
)
"""The session is lost, or there is none to be had."""

AWAY: Final[tuple[type[Exception], ...]] = (
    *GONE,
    asyncpg.TransactionRollbackError,  # serialization failure, deadlock
    asyncpg.InsufficientResourcesError,  # disk full, too many connections
)
"""The same request may succeed later."""

NOT_LET_IN: Final[tuple[type[Exception], ...]] = (*AWAY, asyncpg.PostgresError)
"""Asked for a session: whatever the reason is, there is none."""

PAUSE_SECONDS = 20
"""How long a transaction may do nothing before the server ends its session.

A process that is stopped in the middle of one (SIGSTOP, a suspended machine, a network that is gone) holds the lock of
its log or inbox, and no other replica of the service could write until it wakes up.
"""


async def open_pool(url: str, size: int) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool of at most `size` connections. Raises what asyncpg raises when it cannot connect.

    A connection that comes back is not reset. asyncpg would send `RESET ALL` and its like after every use, which was a
    fifth of all statements; nothing here changes a session: no SET, no LISTEN, no lock or cursor that outlives its
    transaction. A transaction that was left open is rolled back all the same.
    """
    return await asyncpg.create_pool(
        url, min_size=1, max_size=size, command_timeout=60, server_settings=_session(), reset=_as_it_is
    )


async def rows(pool: "asyncpg.Pool[asyncpg.Record]", sql: str, *arguments: object) -> "list[asyncpg.Record]":
    """The rows of one statement that needs no transaction around it. Raises `Unavailable`."""
    try:
        connection = await pool.acquire()
    except NOT_LET_IN as error:
        raise Unavailable("database") from error
    try:
        return await connection.fetch(sql, *arguments)
    except AWAY as error:
        raise Unavailable("database") from error
    finally:
        await pool.release(connection)


async def open_connection(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """One connection outside of any pool. Raises what asyncpg raises when it cannot connect."""
    return await asyncpg.connect(url, command_timeout=60, server_settings=_session())


def _session() -> dict[str, str]:
    return {"idle_in_transaction_session_timeout": f"{PAUSE_SECONDS}s"}


async def _as_it_is(_: object) -> None:
    """Leave the session alone."""
