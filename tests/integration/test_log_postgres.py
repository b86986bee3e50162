"""The log on real PostgreSQL: conformance, append-only, and what happens when the connection or the rows go."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
import pytest

from services.chassis.log import conformance
from services.chassis.log.port import CommandRecord, LogCorrupt, LogUnavailable, Recorded
from services.chassis.log.postgres import PostgresLog
from tests.conftest import Database


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.now = conformance.START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def log(database: Database) -> AsyncIterator[PostgresLog]:
    opened = await PostgresLog.open(database.url)
    yield opened
    await opened.close()


@pytest.mark.parametrize("case", conformance.CASES, ids=lambda c: c.__name__)
async def test_postgresql_conforms(case: conformance.Case, database: Database) -> None:
    clock = SetClock()
    log = await PostgresLog.open(database.url, clock=clock)
    try:
        await case(log, clock)
    finally:
        await log.close()


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("table", ["events", "outbox", "commands"])
@pytest.mark.parametrize("change", ["UPDATE {} SET pos = pos + 1", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("who", ["service", "owner", "superuser"])
async def test_nobody_changes_what_was_written(
    log: PostgresLog, database: Database, table: str, change: str, who: str
) -> None:
    """The service by grant, the owner and the superuser by trigger."""
    await log.append(conformance.one("a", 0, conformance.event(topic="t"), command=CommandRecord("k", b"h" * 32, b"r")))
    url = {"service": database.url, "owner": database.owner_url, "superuser": database.admin_url}[who]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(url, change.format(table))
    assert len(await log.read(0, 10)) == 1


async def test_the_service_may_not_make_tables(database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await execute(database.url, "CREATE TABLE mine (x int)")


async def test_writers_of_several_processes_share_one_order(database: Database) -> None:
    """Three logs over one database, hot and cold streams: nothing lost, nothing doubled, the chain holds."""
    logs = [await PostgresLog.open(database.url) for _ in range(3)]
    accepted: list[int] = []

    async def hammer(log: PostgresLog, name: str) -> None:
        version = 0
        for n in range(40):
            accepted.append((await log.append(conformance.one(name, n))).position)
            try:
                recorded = await log.append(conformance.one("hot", version))
                accepted.append(recorded.position)
                version = recorded.versions["hot"]
            except conformance.VersionConflict as conflict:
                version = conflict.actual

    try:
        await asyncio.gather(*(hammer(log, f"cold-{i}-{j}") for i, log in enumerate(logs) for j in range(3)))
        events = await logs[0].read(0, 10_000)
        conformance.check_chain(events)
        assert sorted(accepted) == [event.position for event in events]
        assert len({event.event_id for event in events}) == len(events)
    finally:
        for log in logs:
            await log.close()


async def test_a_killed_connection_neither_loses_nor_doubles(log: PostgresLog, database: Database) -> None:
    """The server ends the writer's session again and again; every command is acknowledged once and written once."""
    stop = asyncio.Event()

    async def kill() -> int:
        killed = 0
        admin = await asyncpg.connect(database.admin_url)
        while not stop.is_set() and killed < 15:
            killed += await admin.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE 'SELECT pos, ev%'"
            )
            try:
                await asyncio.wait_for(stop.wait(), 0.03)
            except TimeoutError:
                continue
        await admin.close()
        return killed

    killer = asyncio.create_task(kill())
    results = await asyncio.gather(*(_chain_of(log, f"s{i}", 40) for i in range(8)))
    stop.set()
    assert await killer > 5
    events = await log.read(0, 10_000)
    conformance.check_chain(events)
    assert [e.version for i in range(8) for e in await log.read_stream(f"s{i}")] == [*range(1, 41)] * 8
    assert sum(results) == len(events) == 320


async def _chain_of(log: PostgresLog, stream: str, length: int) -> int:
    """Append one after the other under idempotency keys, as a client that repeats after a 503 would."""
    for version in range(length):
        while True:
            command = CommandRecord(f"{stream}/{version}", b"h" * 32, b"%d" % version)
            try:
                recorded = await log.append(conformance.one(stream, version, command=command))
            except LogUnavailable:
                continue
            assert recorded.response == b"%d" % version
            break
    return length


class Flaky:
    """The writer's connection, of which one COMMIT goes wrong in the given way."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", *, committed: bool) -> None:
        self._connection, self._committed, self._due = connection, committed, True

    async def execute(self, statement: str, *arguments: object) -> object:
        if statement == "COMMIT" and self._due:
            self._due = False
            if self._committed:
                await self._connection.execute(statement)
            raise TimeoutError
        return await self._connection.execute(statement, *arguments)

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("command", [None, CommandRecord("k", b"h" * 32, b"r")])
async def test_a_commit_whose_answer_is_lost_is_looked_up_and_never_guessed(
    log: PostgresLog, database: Database, committed: bool, command: CommandRecord | None
) -> None:
    """Committed: it must not be written again. Not committed: it must be, and not by a session that is still open."""
    await log.append(conformance.one("before", 0))
    assert log._connection is not None
    log._connection = Flaky(log._connection, committed=committed)  # type: ignore[assignment]
    recorded = await log.append(conformance.one("a", 0, conformance.event(), conformance.event(), command=command))
    assert recorded.position == 3
    await log.append(conformance.one("after", 0))
    fresh = await PostgresLog.open(database.url)
    try:
        events = await fresh.read(0, 10)
        conformance.check_chain(events)
        assert [event.stream for event in events] == ["before", "a", "a", "after"]
    finally:
        await fresh.close()


async def test_a_caller_that_goes_away_does_not_disturb_the_writer(log: PostgresLog) -> None:
    waiting = [asyncio.create_task(log.append(conformance.one(f"s{i}", 0))) for i in range(20)]
    await asyncio.sleep(0)
    for task in waiting[::2]:
        task.cancel()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(r, Recorded) for r in results[1::2])
    events = await log.read(0, 100)
    conformance.check_chain(events)
    assert {f"s{i}" for i in range(1, 20, 2)} <= {event.stream for event in events}


async def test_a_full_queue_refuses_at_once(database: Database) -> None:
    log = await PostgresLog.open(database.url, max_waiting=2)
    try:
        results = await asyncio.gather(
            *(log.append(conformance.one(f"s{i}", 0)) for i in range(10)), return_exceptions=True
        )
        assert [type(r).__name__ for r in results].count("LogOverloaded") == 8
        assert len(await log.read(0, 100)) == 2
    finally:
        await log.close()


async def test_a_closed_log_says_so(database: Database) -> None:
    log = await PostgresLog.open(database.url)
    await log.close()
    with pytest.raises(LogUnavailable):
        await log.append(conformance.one("a", 0))


OFF, ON = "SET session_replication_role = replica", "SET session_replication_role = DEFAULT"


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("DELETE FROM events WHERE pos = 2", "first missing position is 2"),
        ("DELETE FROM events WHERE pos = 1", "first missing position is 1"),
        ("DELETE FROM events WHERE pos = 3", "first missing position is 3"),
        ("UPDATE log_head SET hash = decode(repeat('ab', 32), 'hex')", "not the hash of position 3"),
        ("DELETE FROM outbox WHERE out_pos = 1", "outbox: head 3, highest 3, 2 messages"),
        ("DELETE FROM log_head", "log_head has no row"),
    ],
)
async def test_a_damaged_log_does_not_start(database: Database, damage: str, says: str) -> None:
    log = await PostgresLog.open(database.url)
    for version in range(3):
        await log.append(conformance.one("a", version, conformance.event(topic="t")))
    await log.close()
    await execute(database.admin_url, OFF, damage, ON)
    with pytest.raises(LogCorrupt, match=says):
        await PostgresLog.open(database.url)
