"""The log in PostgreSQL: concurrent commands queue in the process, one writer takes what waits and commits it once."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from services.chassis.clock import Clock, system_clock
from services.chassis.log import statements
from services.chassis.log.plan import LogState, Plan, plan
from services.chassis.log.port import (
    Batch,
    Head,
    LogCorrupt,
    LogError,
    LogOverloaded,
    LogUnavailable,
    Recorded,
    StoredAnswer,
    StoredEvent,
    StoredMessage,
)
from services.chassis.pool import AWAY, GONE, open_connection, open_pool

_logger = logging.getLogger(__name__)
_sql: Callable[[str], str] = partial(statements.statement, Path(__file__).parent / "sql")

MAX_BATCH = 200  # commands in one transaction: more only adds latency, the fsync is already shared
MAX_WAITING = 5_000  # beyond this a command is refused at once: a queue without end is a crash later
RECONNECT_DELAYS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds; then the waiting commands are told
POLL_SHORTEST, POLL_LONGEST = 0.02, 0.5  # seconds between looks at a head that another process may move


@dataclass(slots=True)
class _Waiting:
    batch: Batch
    done: asyncio.Future[Recorded]


class PostgresLog:
    """A `Log` over one database. Open it with `await PostgresLog.open(...)`, end it with `close()`."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", url: str, clock: Clock, max_batch: int, max_waiting: int
    ) -> None:
        self._pool, self._url, self._clock = pool, url, clock
        self._max_batch, self._max_waiting = max_batch, max_waiting
        self._queue: deque[_Waiting] = deque()
        self._work = asyncio.Event()
        self._grown = asyncio.Condition()
        self._head_seen = 0
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._closing = False

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        clock: Clock = system_clock,
        readers: int = 8,
        max_batch: int = MAX_BATCH,
        max_waiting: int = MAX_WAITING,
        check: bool = True,
    ) -> "PostgresLog":
        """Connect, check that the log is whole, start the writer.

        Raises `LogCorrupt` when head, highest position and number of rows disagree, `LogUnavailable` when the
        database cannot be reached. `check=False` is for verification alone, which names what is wrong instead.
        """
        try:
            pool = await open_pool(url, readers)
        except GONE as error:
            raise LogUnavailable(f"cannot connect: {type(error).__name__}") from error
        log = cls(pool, url, clock, max_batch, max_waiting)
        try:
            if check:
                await log._check()
        except BaseException:
            await pool.close()
            raise
        log._writer = asyncio.create_task(log._write_forever(), name="log-writer")
        return log

    async def close(self) -> None:
        """Write what waits, then end. A command that arrives afterwards gets `LogUnavailable`."""
        self._closing = True
        self._work.set()
        if self._writer:
            await self._writer
        if self._connection:
            await self._connection.close()
        await self._pool.close()

    async def _check(self) -> None:
        row = await self._pool.fetchrow(_sql("check"))
        if row is None:
            raise LogCorrupt("log_head has no row: this database was not migrated, or was damaged")
        if not row["head"] == row["events"] == row["last"]:
            hole = await self._pool.fetchval(_sql("first_hole"))
            raise LogCorrupt(
                f"head {row['head']}, highest position {row['last']}, {row['events']} events: the first missing "
                f"position is {hole}. Restore this database from a backup; do not write to it"
            )
        if row["head"] and row["hash"] != row["last_hash"]:
            raise LogCorrupt(f"the hash of the head is not the hash of position {row['head']}")
        if not row["out_head"] == row["messages"] == row["last_out"]:
            raise LogCorrupt(f"outbox: head {row['out_head']}, highest {row['last_out']}, {row['messages']} messages")
        self._head_seen = row["head"]

    # --- writing

    async def append(self, batch: Batch) -> Recorded:
        """See `Log.append`. A caller that is cancelled while waiting may still find its batch written."""
        if self._closing:
            raise LogUnavailable("the log is closing")
        if len(self._queue) >= self._max_waiting:
            raise LogOverloaded(f"{self._max_waiting} commands wait")
        waiting = _Waiting(batch, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._work.set()
        return await waiting.done

    async def _write_forever(self) -> None:
        while True:
            await self._work.wait()
            if not self._queue:
                if self._closing:
                    return
                self._work.clear()
                continue
            taken = [self._queue.popleft() for _ in range(min(self._max_batch, len(self._queue)))]
            try:
                await self._write(taken)
            except asyncio.CancelledError:
                _fail(taken, LogUnavailable("the log was stopped"))
                raise
            except Exception as error:
                _logger.exception("log writer")
                _fail(taken, LogUnavailable(type(error).__name__))

    async def _write(self, taken: list[_Waiting]) -> None:
        """Commit one run of commands. After a lost connection, ask the log what became of it before writing again."""
        suspect = False
        for delay in (*RECONNECT_DELAYS, None):
            try:
                verdicts = await self._commit([w.batch for w in taken], look_for_events=suspect)
            except AWAY as error:
                await self._drop_connection()
                if delay is None:
                    _fail(taken, LogUnavailable(type(error).__name__))
                    return
                _logger.warning("log writer: %s, trying again", type(error).__name__)
                suspect = True
                await asyncio.sleep(delay)
            except asyncpg.PostgresError as error:
                await self._drop_connection()
                if len(taken) == 1:
                    _fail(taken, LogUnavailable(type(error).__name__))
                    return
                for waiting in taken:  # one of them is at fault: let it fail alone
                    await self._write([waiting])
                return
            else:
                for waiting, verdict in zip(taken, verdicts, strict=True):
                    _settle(waiting.done, verdict)
                await self._saw_head(self._head_seen)
                return

    async def _commit(self, batches: list[Batch], *, look_for_events: bool) -> list[Recorded | LogError]:
        connection = await self._connected()
        await connection.execute(_sql("lock_head"))
        state = await self._read_state(connection, batches, look_for_events)
        result = plan(state, batches, self._clock())
        if not result.events and not result.commands:
            await connection.execute("ROLLBACK")
        else:
            await connection.execute(_sql("append"), *_rows(result, state))
            await connection.execute("COMMIT")
        self._head_seen = max(self._head_seen, state.position)
        return result.verdicts

    async def _read_state(
        self, connection: "asyncpg.Connection[asyncpg.Record]", batches: list[Batch], look_for_events: bool
    ) -> LogState:
        events = [event for batch in batches for append in batch.appends for event in append.events]
        messages = {(message.topic, message.key) for event in events for message in event.messages}
        rows = await connection.fetch(
            _sql("read_state"),
            list({append.stream for batch in batches for append in batch.appends}),
            [batch.command.key for batch in batches if batch.command],
            list({topic for topic, _ in messages}),
            [topic for topic, _ in messages],
            [key for _, key in messages],
            [event.event_id for event in events] if look_for_events else [],
        )
        return _state(rows)

    async def _connected(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._connection = await open_connection(self._url)
        return self._connection

    async def _drop_connection(self) -> None:
        """End the writer's session, and its transaction with it: it may hold the lock in an unknown state."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    # --- reading

    async def answer(self, key: str) -> StoredAnswer | None:
        """See `Log.answer`."""
        rows = await self._fetch("answer", key)
        return StoredAnswer(rows[0]["request_hash"], rows[0]["response"], rows[0]["pos"]) if rows else None

    async def read_stream(
        self, stream: str, *, after: int = 0, until: int | datetime | None = None
    ) -> Sequence[StoredEvent]:
        """See `Log.read_stream`."""
        position = until if isinstance(until, int) else None
        moment = until if isinstance(until, datetime) else None
        return [_event(row) for row in await self._fetch("read_stream", stream, after, position, moment)]

    async def read(self, after: int, limit: int) -> Sequence[StoredEvent]:
        """See `Log.read`."""
        return [_event(row) for row in await self._fetch("read", after, limit)]

    async def read_outbox(self, after: int, limit: int) -> Sequence[StoredMessage]:
        """See `Log.read_outbox`."""
        return [_message(row) for row in await self._fetch("read_outbox", after, limit)]

    async def last_message(self, topic: str, until: int) -> StoredMessage | None:
        """See `Log.last_message`."""
        rows = await self._fetch("last_message", topic, until)
        return _message(rows[0]) if rows else None

    async def head(self) -> Head:
        """See `Log.head`."""
        (row,) = await self._fetch("head")
        return Head(row["pos"], row["out_pos"], row["hash"])

    async def appended(self, after: int, timeout: float) -> bool:
        """See `Log.appended`. Woken by this process' writer; another process' events are found by polling."""
        try:
            async with asyncio.timeout(timeout):
                pause = POLL_SHORTEST
                while self._head_seen <= after:
                    try:
                        async with asyncio.timeout(pause), self._grown:
                            await self._grown.wait_for(lambda: self._head_seen > after)
                    except TimeoutError:
                        pause = min(pause * 2, POLL_LONGEST)
                        await self._saw_head((await self.head()).position)
        except TimeoutError:
            return self._head_seen > after
        return True

    async def _saw_head(self, position: int) -> None:
        async with self._grown:
            self._head_seen = max(self._head_seen, position)
            self._grown.notify_all()

    async def _fetch(self, name: str, *arguments: object) -> "list[asyncpg.Record]":
        try:
            return await self._pool.fetch(_sql(name), *arguments)
        except AWAY as error:
            raise LogUnavailable(type(error).__name__) from error


def _settle(done: asyncio.Future[Recorded], verdict: Recorded | LogError) -> None:
    if done.done():  # the caller went away; what was written stays written
        return
    if isinstance(verdict, LogError):
        done.set_exception(verdict)
    else:
        done.set_result(verdict)


def _fail(taken: list[_Waiting], error: LogError) -> None:
    for waiting in taken:
        _settle(waiting.done, error)


def _event(row: "asyncpg.Record", offset: int = 0) -> StoredEvent:
    return StoredEvent(*(row[offset + i] for i in range(10)))


def _message(row: "asyncpg.Record") -> StoredMessage:
    return StoredMessage(row[0], row[1], row[2], row[3], row[4], row[5], _event(row, 6))


def _state(rows: "list[asyncpg.Record]") -> LogState:
    heads = [row for row in rows if row["kind"] == "head"]
    if not heads:
        raise LogCorrupt("log_head has no row")
    state = LogState(heads[0]["n"], heads[0]["m"], heads[0]["x"], heads[0]["t"])
    for kind, name, key, n, _, x, y, _ in rows:
        match kind:
            case "stream":
                state.versions[name] = n
            case "command":
                state.answers[name] = StoredAnswer(x, y, n)
            case "topic":
                state.topics[name] = n or 0
            case "key":
                state.keys[(name, key)] = n or 0
            case "event":
                state.present[UUID(name)] = n
    return state


def _rows(result: Plan, state: LogState) -> tuple[Any, ...]:
    events, messages, commands = result.events, result.messages, result.commands
    return (
        [e.position for e in events],
        [e.event_id for e in events],
        [e.stream for e in events],
        [e.version for e in events],
        [e.type for e in events],
        [e.schema for e in events],
        [e.meta for e in events],
        [e.payload for e in events],
        [e.recorded_at for e in events],
        [e.hash for e in events],
        list(result.versions),
        list(result.versions.values()),
        [m.out_pos for m in messages],
        [m.event.position for m in messages],
        [m.topic for m in messages],
        [m.topic_pos for m in messages],
        [m.key for m in messages],
        [m.key_seq for m in messages],
        [m.value for m in messages],
        [c.key for c, _ in commands],
        [c.request_hash for c, _ in commands],
        [c.response for c, _ in commands],
        [position for _, position in commands],
        state.position,
        state.out_pos,
        state.hash,
        state.recorded_at,
    )
