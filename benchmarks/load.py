"""The load that every log of the append benchmark is given. Standard library only: peers run it in an environment of
their own.

Each of `concurrency` writers appends one event at a time, each to a stream of its own at the version it expects, ten
events to a stream, and goes on when the event is acknowledged. A worker reads its `Load` (JSON) from the standard input
and writes what it did, and then the feed it finds (`Worked`, JSON), to the standard output.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, field

PER_STREAM = 10
STREAMS_PER_WRITER = 1_000_000
# 280 bytes of JSON, the size of a small fact
PAYLOAD = json.dumps(
    {"study": "RELUTH", "subject": "01-001", "findings": [{"field": "platelets", "value": "210", "unit": "10*9/L"}]}
    | {"note": "x" * 168},
    separators=(",", ":"),
)

Feed = list[tuple[int, int, int]]
"""Position, stream, version (from 1) of every event, in the order of the feed."""


@dataclass(frozen=True)
class Load:
    """`place`: how the log is reached; `pool`: by how many connections at most; seconds.

    `payload` is in it for workers in other languages.
    """

    place: str
    concurrency: int
    seconds: float
    warm_up: float
    pool: int = 1
    payload: str = PAYLOAD


@dataclass
class Worked:
    """`counts`: events acknowledged to each writer. `latencies` (seconds) and `rate` are of the time after the warm-up.

    `broken`: what the log itself says is wrong with what it holds.
    """

    counts: list[int]
    latencies: list[float] = field(default_factory=list)
    rate: float = 0.0
    feed: Feed = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def place(writer: int, number: int) -> tuple[int, int]:
    """Stream and expected version (from 0) of a writer's event."""
    return writer * STREAMS_PER_WRITER + number // PER_STREAM, number % PER_STREAM


async def drive(load: Load, append: Callable[[int, int], Awaitable[object]]) -> Worked:
    """Run the writers as tasks of one loop. `append` gets stream and expected version, and raises if it is refused."""
    worked = Worked([0] * load.concurrency)
    begin = time.perf_counter() + load.warm_up
    end = begin + load.seconds

    async def write(writer: int) -> None:
        while (started := time.perf_counter()) < end:
            await append(*place(writer, worked.counts[writer]))
            _acknowledged(worked, writer, started, begin, end)

    await asyncio.gather(*(write(writer) for writer in range(load.concurrency)))
    worked.rate = len(worked.latencies) / load.seconds
    return worked


def drive_threads(load: Load, append: Callable[[int, int, int], object]) -> Worked:
    """Run the writers as threads, for clients that block. `append` gets the writer, stream and expected version."""
    worked = Worked([0] * load.concurrency)
    begin = time.perf_counter() + load.warm_up
    end = begin + load.seconds
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            while (started := time.perf_counter()) < end and not failures:
                append(writer, *place(writer, worked.counts[writer]))
                _acknowledged(worked, writer, started, begin, end)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(load.concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    worked.rate = len(worked.latencies) / load.seconds
    return worked


def _acknowledged(worked: Worked, writer: int, started: float, begin: float, end: float) -> None:
    now = time.perf_counter()
    worked.counts[writer] += 1
    if begin <= now <= end:
        worked.latencies.append(now - started)


@dataclass(frozen=True)
class Audit:
    """What is really there. `lost`: acknowledged and not found. `unasked`: found and not acknowledged.

    `holes`: positions between the first and the last that no event has. `disorder`: events whose stream's previous
    event comes later in the feed.
    """

    acknowledged: int
    lost: int
    doubled: int
    unasked: int
    holes: int
    disorder: int

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.unasked or self.disorder)


def audit(counts: Iterable[int], feed: Feed) -> Audit:
    """Compare what was acknowledged with the feed."""
    stream_versions = ((writer, n) for writer, count in enumerate(counts) for n in range(count))
    expected = {(stream, version + 1) for stream, version in (place(*at) for at in stream_versions)}
    found = [(stream, version) for _, stream, version in feed]
    positions = [position for position, _, _ in feed]
    disorder, last = 0, dict[int, int]()
    for stream, version in found:
        disorder += version != last.get(stream, 0) + 1
        last[stream] = version
    return Audit(
        acknowledged=len(expected),
        lost=len(expected - set(found)),
        doubled=len(found) - len(set(found)),
        unasked=len(set(found) - expected),
        holes=max(positions) - min(positions) + 1 - len(set(positions)) if positions else 0,
        disorder=disorder,
    )


def given() -> Load:
    """The load that this worker was started with."""
    return Load(**json.load(sys.stdin))


def done(worked: Worked) -> None:
    """Hand over what was done."""
    json.dump(asdict(worked), sys.stdout)
