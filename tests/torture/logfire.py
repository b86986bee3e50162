"""Several processes at one log, a reader at its tail, sessions that end under them: and what must hold after it."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import asyncpg

from services.chassis.log.conformance import check_chain
from services.chassis.log.port import LogUnavailable, StoredEvent, StoredMessage
from services.chassis.log.postgres import PostgresLog
from tests.integration.kafka_clients import until
from tests.torture.writer import HOT

PROCESSES = {"a": 3, "b": 3, "c": 2}
"""Writers by process: eight."""
PAGE = 500
ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Fire:
    """How it went: sessions ended by the server's own means, and by kill -9, which makes the server start over."""

    sessions: int = 0
    killed: int = 0
    tail_retries: int = 0
    seconds: float = 0.0
    commands: int = 0
    replayed: int = 0
    events: int = 0
    hot: int = 0
    messages: int = 0


@dataclass(slots=True)
class Told:
    """What one command's writer was told. `count`: the events that it holds."""

    count: int
    positions: list[int] = field(default_factory=list)
    replayed: bool = False


async def log_under_fire(url: str, admin_url: str, directory: Path, *, seed: str, seconds: float, kills: int) -> Fire:
    """Write for some seconds while sessions die; then compare. Raises AssertionError for what does not hold."""
    fire, begun = Fire(), time.monotonic()
    stop = asyncio.Event()
    tail = asyncio.create_task(_tail(url, stop, fire))
    writers = [await _writer(name, count, url, directory, seed, seconds) for name, count in PROCESSES.items()]
    try:
        await until(partial(_all_write, directory), 60)
        ending = asyncio.create_task(_end_sessions(admin_url, stop, Random(f"{seed}/sessions"), kills, seconds, fire))
        async with asyncio.timeout(seconds + 120):
            statuses = [await writer.wait() for writer in writers]
    finally:
        for writer in writers:
            if writer.returncode is None:
                writer.kill()
        stop.set()
    await ending
    seen = await tail
    assert statuses == [0] * len(PROCESSES), (directory / "output").read_text()[-2000:]
    told = _told(directory)
    log = await PostgresLog.open(url)
    try:
        events, messages = await _all(log)
    finally:
        await log.close()
    _check(events, messages, seen, told)
    fire.seconds = time.monotonic() - begun
    fire.commands = len(told)
    fire.replayed = sum(one.replayed for one in told.values())
    fire.events, fire.messages = len(events), len(messages)
    fire.hot = sum(event.stream == HOT for event in events)
    return fire


async def _writer(
    name: str, count: int, url: str, directory: Path, seed: str, seconds: float
) -> asyncio.subprocess.Process:
    with (directory / "output").open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.torture.writer", name, seed, str(seconds), str(count)),
            str(directory / f"{name}.jsonl"),
            cwd=ROOT,
            env=os.environ | {"TORTURE_LOG_URL": url},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


async def _all_write(directory: Path) -> bool:
    journals = [directory / f"{name}.jsonl" for name in PROCESSES]
    return all(path.exists() and path.stat().st_size for path in journals)


async def _tail(url: str, stop: asyncio.Event, fire: Fire) -> list[StoredEvent]:
    """Follow the log as a projection does: whatever appears behind a position that was seen is never seen."""
    log = await PostgresLog.open(url, check=False)
    seen: list[StoredEvent] = []
    last = False
    try:
        while True:
            try:
                page = await log.read(len(seen), PAGE)
            except LogUnavailable:
                fire.tail_retries += 1
                await asyncio.sleep(0.02)
                continue
            seen += page
            if not page:
                if last:
                    return seen
                last = stop.is_set()
                with contextlib.suppress(LogUnavailable):
                    await log.appended(len(seen), 0.05)
    finally:
        await log.close()


_SESSIONS = """
SELECT pid, state = 'active' AND query = 'COMMIT' AS commits FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


async def _end_sessions(
    admin_url: str, stop: asyncio.Event, chance: Random, kills: int, seconds: float, fire: Fire
) -> None:
    """Sessions of the log's users end: one after the other, and some by a kill that takes all others along.

    Those are killed in the middle of a COMMIT, whose outcome the writer then cannot know.
    """
    due = [seconds * (n + chance.random()) / (kills + 1) for n in range(1, kills + 1)]
    begun = time.monotonic()
    while not stop.is_set():
        try:
            admin = await asyncpg.connect(admin_url, timeout=10)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            await asyncio.sleep(0.05)  # it recovers from a kill
            continue
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            while not stop.is_set():
                sessions = await admin.fetch(_SESSIONS)
                if due and time.monotonic() - begun > due[0]:
                    if committing := [row["pid"] for row in sessions if row["commits"]]:
                        os.kill(chance.choice(committing), signal.SIGKILL)
                        fire.killed += 1
                        del due[0]
                    continue
                if sessions:
                    pid = chance.choice(sessions)["pid"]
                    fire.sessions += await admin.fetchval("SELECT pg_terminate_backend($1)::int", pid)
                await asyncio.sleep(chance.uniform(0.02, 0.2))
        admin.terminate()


def _told(directory: Path) -> dict[str, Told]:
    told: dict[str, Told] = {}
    for name in PROCESSES:
        for line in (directory / f"{name}.jsonl").read_text().splitlines():
            said = json.loads(line)
            if "count" in said:
                assert said["key"] not in told
                told[said["key"]] = Told(said["count"])
            else:
                told[said["key"]].positions.append(said["position"])
                told[said["key"]].replayed |= said["replayed"]
    return told


async def _all(log: PostgresLog) -> tuple[list[StoredEvent], list[StoredMessage]]:
    events: list[StoredEvent] = []
    while page := await log.read(len(events), PAGE):
        events += page
    messages: list[StoredMessage] = []
    while sent := await log.read_outbox(len(messages), PAGE):
        messages += sent
    return events, messages


def _check(
    events: Sequence[StoredEvent],
    messages: Sequence[StoredMessage],
    seen: Sequence[StoredEvent],
    told: Mapping[str, Told],
) -> None:
    """0 lost, 0 doubled, contiguous, chained, in order of time; the tail has seen all of it, in order."""
    check_chain(events)
    assert [e.position for e in seen] == list(range(1, len(seen) + 1)), "the tail has seen a hole"
    assert list(seen) == list(events), "the tail has missed something"
    assert len({event.event_id for event in events}) == len(events)
    versions: Counter[str] = Counter()
    for event in events:
        versions[event.stream] += 1
        assert event.version == versions[event.stream]
    times = [event.recorded_at for event in events]
    assert times == sorted(times), "recorded_at went back"
    keys = [json.loads(event.payload)["key"] for event in events]
    assert Counter(keys) == {key: one.count for key, one in told.items()}, "lost, doubled, or asked for by nobody"
    for key, one in told.items():
        (position,) = one.positions
        assert set(keys[position - one.count : position]) == {key}, f"{key} is not at {position}, as was acknowledged"
    topics: Counter[object] = Counter()
    for out_pos, message in enumerate(messages, start=1):
        topics[message.topic] += 1
        topics[(message.topic, message.key)] += 1
        assert message.out_pos == out_pos
        assert message.topic_pos == topics[message.topic]
        assert message.key_seq == topics[(message.topic, message.key)]
    assert [m.event.position for m in messages] == sorted(m.event.position for m in messages)
