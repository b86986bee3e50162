"""A process that writes to one log: `python -m tests.torture.writer NAME SEED SECONDS WRITERS JOURNAL`.

The URL is in TORTURE_LOG_URL. Every command is in the journal before it is sent, and with its position once it was
acknowledged. The clock of this process jumps forward and back by a day.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, TextIO
from uuid import UUID

from uuid6 import uuid7

from services.chassis.log.port import (
    Batch,
    CommandRecord,
    LogOverloaded,
    LogUnavailable,
    NewEvent,
    NewMessage,
    StreamAppend,
    VersionConflict,
)
from services.chassis.log.postgres import PostgresLog

HOT = "hot"
TOPICS = ("torture.one", "torture.two")
JUMPS = (timedelta(0), timedelta(days=1), timedelta(days=-1))
JUMP_EVERY = 0.3
AGAIN = 0.05


class JumpingClock:
    """The machine's time, moved by another jump of a seed's choice every few moments."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def __call__(self) -> datetime:
        turn = int(time.monotonic() / JUMP_EVERY)
        return datetime.now(UTC) + Random(f"{self._seed}/{turn}").choice(JUMPS)


@contextmanager
def journal(path: Path) -> Iterator[TextIO]:
    """Lines are with the operating system before anything is sent: they survive a kill."""
    with path.open("a", buffering=1, encoding="utf-8") as file:
        yield file


def new_event(key: str, number: int, chance: Random) -> NewEvent:
    payload = json.dumps({"key": key, "number": number}).encode()
    messages = tuple(NewMessage(topic, f"k{chance.randrange(5)}", payload) for topic in TOPICS if chance.random() < 0.6)
    return NewEvent(UUID(int=uuid7().int), "torture.written", 1, b'{"actor":"writer"}', payload, messages)


async def write(log: PostgresLog, name: str, chance: Random, until: float, lines: TextIO) -> None:
    """Append to the hot stream, to a cold one of its own, or to both at once, until the time is over."""
    versions, number = {HOT: 0, name: 0}, 0
    while time.monotonic() < until:
        number += 1
        key = f"{name}/{number}"
        streams = chance.choice(((HOT,), (name,), (name,), (HOT, name)))
        events = {
            stream: tuple(new_event(key, n, chance) for n in range(chance.choice((1, 1, 3)))) for stream in streams
        }
        count = sum(map(len, events.values()))
        command = CommandRecord(key, sha256(key.encode()).digest(), key.encode())
        _say(lines, key=key, count=count)
        while True:
            batch = Batch(tuple(StreamAppend(s, versions[s], events[s]) for s in streams), command)
            try:
                recorded = await log.append(batch)
            except VersionConflict as conflict:
                versions[conflict.stream] = conflict.actual
            except (LogUnavailable, LogOverloaded):
                await asyncio.sleep(AGAIN)
            else:
                break
        assert recorded.response == key.encode()
        versions |= recorded.versions
        _say(lines, key=key, position=recorded.position, replayed=recorded.replayed)


def _say(lines: TextIO, **said: Any) -> None:
    lines.write(json.dumps(said) + "\n")


async def _opened(clock: JumpingClock) -> PostgresLog:
    """As soon as the database lets us in: its sessions may be ended already."""
    while True:
        try:
            return await PostgresLog.open(os.environ["TORTURE_LOG_URL"], clock=clock, check=False)
        except LogUnavailable:
            await asyncio.sleep(AGAIN)


async def main(name: str, seed: str, seconds: float, writers: int, path: Path) -> None:
    log = await _opened(JumpingClock(f"{seed}/{name}"))
    until = time.monotonic() + seconds
    try:
        with journal(path) as lines:
            async with asyncio.TaskGroup() as group:
                for n in range(writers):
                    writer = f"{name}-{n}"
                    group.create_task(write(log, writer, Random(f"{seed}/{writer}"), until, lines))
    finally:
        await log.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5])))
