"""What every `Log` must do, as cases to run against each implementation."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from uuid6 import uuid7

from services.chassis.log.chain import GENESIS, linked
from services.chassis.log.port import (
    Batch,
    CommandRecord,
    KeyReused,
    Log,
    LogError,
    NewEvent,
    NewMessage,
    Recorded,
    StoredEvent,
    StreamAppend,
    VersionConflict,
)

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Clock(Protocol):
    """A clock that the cases set."""

    now: datetime


Case = Callable[[Log, Clock], Awaitable[None]]
CASES: list[Case] = []


def _case(function: Case) -> Case:
    CASES.append(function)
    return function


def event(payload: bytes = b"{}", topic: str | None = None, key: str = "k") -> NewEvent:
    """An event with a fresh id, published on `topic` if given."""
    messages = (NewMessage(topic, key, payload),) if topic else ()
    return NewEvent(UUID(int=uuid7().int), "test.happened", 1, b'{"actor":"a"}', payload, messages)


def one(stream: str, expected: int, *events: NewEvent, command: CommandRecord | None = None) -> Batch:
    """A batch for one stream."""
    return Batch((StreamAppend(stream, expected, events or (event(),)),), command)


async def refused(log: Log, batch: Batch) -> LogError:
    """The error with which the log refuses the batch."""
    try:
        recorded = await log.append(batch)
    except LogError as error:
        return error
    raise AssertionError(f"expected a refusal, got {recorded}")


def check_chain(events: Sequence[StoredEvent]) -> None:
    """Positions contiguous from 1, each hash that of its predecessor and its own bytes."""
    previous = GENESIS
    for position, e in enumerate(events, start=1):
        assert e.position == position
        previous = linked(previous, e)
        assert e.hash == previous


@_case
async def positions_and_versions_are_contiguous(log: Log, clock: Clock) -> None:
    """Two streams share one order of positions and keep their own versions."""
    assert (await log.append(one("a", 0, event(), event()))).position == 2
    assert (await log.append(one("b", 0))).versions == {"b": 1}
    assert (await log.append(one("a", 2))).position == 4
    assert [(e.position, e.stream, e.version) for e in await log.read(0, 10)] == [
        (1, "a", 1),
        (2, "a", 2),
        (3, "b", 1),
        (4, "a", 3),
    ]
    assert (await log.head()).position == 4


@_case
async def a_conflict_writes_nothing(log: Log, clock: Clock) -> None:
    """Neither event, message nor idempotency record of a refused batch stays behind."""
    await log.append(one("a", 0))
    error = await refused(log, one("a", 0, event(topic="t"), command=CommandRecord("late", b"h", b"r")))
    assert isinstance(error, VersionConflict)
    assert (error.stream, error.expected, error.actual) == ("a", 0, 1)
    assert (await log.head()).position == 1
    assert await log.answer("late") is None
    assert not await log.read_outbox(0, 10)


@_case
async def several_streams_are_one_unit(log: Log, clock: Clock) -> None:
    """If one stream of a batch has moved, none of its streams is written."""
    await log.append(one("b", 0))
    error = await refused(log, Batch((StreamAppend("a", 0, (event(),)), StreamAppend("b", 0, (event(),)))))
    assert isinstance(error, VersionConflict)
    assert not await log.read_stream("a")
    recorded = await log.append(Batch((StreamAppend("a", 0, (event(),)), StreamAppend("b", 1, (event(),)))))
    assert recorded.versions == {"a": 1, "b": 2}


@_case
async def a_guard_holds_without_writing(log: Log, clock: Clock) -> None:
    """A stream without events in the batch must still be where it was read."""
    await log.append(one("read", 0))
    assert (await log.append(Batch((StreamAppend("read", 1), StreamAppend("written", 0, (event(),)))))).position == 2
    await log.append(one("read", 1))
    error = await refused(log, Batch((StreamAppend("read", 1), StreamAppend("written", 1, (event(),)))))
    assert isinstance(error, VersionConflict)
    assert len(await log.read_stream("written")) == 1


@_case
async def a_repeated_key_gets_the_first_answer(log: Log, clock: Clock) -> None:
    """Even though the stream has moved on: the answer comes before any version is looked at."""
    command = CommandRecord("key", b"hash", b"first")
    first = await log.append(one("a", 0, command=command))
    await log.append(one("a", 1))
    again = await log.append(one("a", 0, command=CommandRecord("key", b"hash", b"second")))
    assert (again.response, again.replayed, again.position) == (b"first", True, first.position)
    assert (await log.head()).position == 2


@_case
async def a_key_belongs_to_one_request(log: Log, clock: Clock) -> None:
    """The same key with another request is refused."""
    await log.append(one("a", 0, command=CommandRecord("key", b"hash", b"first")))
    error = await refused(log, one("a", 1, command=CommandRecord("key", b"other", b"second")))
    assert isinstance(error, KeyReused)
    assert (await log.head()).position == 1


@_case
async def fifty_at_once_with_one_key_are_one_fact(log: Log, clock: Clock) -> None:
    """All callers get the same answer, one event is written."""
    answers = await asyncio.gather(
        *(log.append(one("a", 0, command=CommandRecord("key", b"h", b"%d" % i))) for i in range(50))
    )
    assert len({a.response for a in answers}) == 1
    assert [a.replayed for a in answers].count(False) == 1
    assert (await log.head()).position == 1


@_case
async def one_writer_wins_each_version(log: Log, clock: Clock) -> None:
    """Forty callers that all expect the empty stream: one is written, the others are told."""
    results = await asyncio.gather(*(log.append(one("hot", 0)) for _ in range(40)), return_exceptions=True)
    assert sum(isinstance(r, Recorded) for r in results) == 1
    assert sum(isinstance(r, VersionConflict) for r in results) == 39
    assert len(await log.read_stream("hot")) == 1


@_case
async def messages_are_numbered_without_holes(log: Log, clock: Clock) -> None:
    """Over the outbox, over each topic, over each key of a topic; unpublished events take no number."""
    await log.append(one("a", 0, event(b"1", "t", "x"), event(), event(b"2", "u", "x"), event(b"3", "t", "y")))
    await log.append(one("b", 0, event(b"4", "t", "x")))
    messages = await log.read_outbox(0, 10)
    assert [(m.out_pos, m.topic, m.topic_pos, m.key, m.key_seq, m.value, m.event.position) for m in messages] == [
        (1, "t", 1, "x", 1, b"1", 1),
        (2, "u", 1, "x", 1, b"2", 3),
        (3, "t", 2, "y", 1, b"3", 4),
        (4, "t", 3, "x", 2, b"4", 5),
    ]
    assert [m.out_pos for m in await log.read_outbox(2, 1)] == [3]
    assert [await log.last_message("t", until) for until in (0, 2, 9)] == [None, messages[0], messages[3]]
    assert await log.last_message("nowhere", 9) is None
    assert (await log.head()).out_pos == 4


@_case
async def a_stream_reads_as_of_a_position_or_a_time(log: Log, clock: Clock) -> None:
    """Both cuts are inclusive, and `after` counts versions."""
    for minute in range(3):
        clock.now = START + timedelta(minutes=minute)
        await log.append(one("a", minute))
        await log.append(one("other", minute))
    assert [e.version for e in await log.read_stream("a", after=1)] == [2, 3]
    assert [e.version for e in await log.read_stream("a", until=3)] == [1, 2]
    assert [e.version for e in await log.read_stream("a", until=START + timedelta(minutes=1))] == [1, 2]
    assert not await log.read_stream("a", until=START - timedelta(seconds=1))


@_case
async def time_never_goes_back(log: Log, clock: Clock) -> None:
    """A clock that is set back cannot put a later position before an earlier one."""
    clock.now = START
    await log.append(one("a", 0))
    clock.now = START - timedelta(hours=1)
    await log.append(one("a", 1))
    first, second = await log.read(0, 2)
    assert second.recorded_at == first.recorded_at == START


@_case
async def the_chain_binds_every_byte(log: Log, clock: Clock) -> None:
    """The stored hashes are those of the stored bytes, and the head is the last of them."""
    await log.append(one("a", 0, event(b'{"n":1}'), event(b"\x00\xff")))
    await log.append(one("b", 0, event("é".encode())))
    events = await log.read(0, 100)
    check_chain(events)
    assert (await log.head()).hash == events[-1].hash


@_case
async def a_tailing_reader_misses_nothing(log: Log, clock: Clock) -> None:
    """A reader that follows while others write sees every position once, in order."""
    seen: list[int] = []

    async def tail() -> None:
        while len(seen) < 200:
            assert await log.appended(seen[-1] if seen else 0, timeout=10)
            seen.extend(e.position for e in await log.read(seen[-1] if seen else 0, 7))

    async def write(name: str) -> None:
        for version in range(20):
            await log.append(one(name, version))

    await asyncio.gather(tail(), *(write(f"s{i}") for i in range(10)))
    assert seen == list(range(1, 201))
    check_chain(await log.read(0, 1000))


@_case
async def waiting_ends_with_the_time(log: Log, clock: Clock) -> None:
    """Waiting for what does not come says so."""
    await log.append(one("a", 0))
    assert await log.appended(0, timeout=1)
    assert not await log.appended(1, timeout=0.05)
