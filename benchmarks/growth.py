"""What an append costs when the log is long: ten million events beside ten thousand, on the same server."""

import asyncio
import random
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median

from benchmarks.fill import fill
from benchmarks.load import PAYLOAD, PER_STREAM
from benchmarks.reluth_log import command
from benchmarks.result import Result, Table, Verdict
from benchmarks.stand import Bench, free_space, postgres
from services.chassis.log.chain import GENESIS, linked
from services.chassis.log.postgres import PostgresLog
from services.cli.databases import DatabaseUrls

SMALL, LARGE = 10_000, 10_000_000
ROUNDS, APPENDS, WRITERS = 5, 10_000, 64
QUICK = 0.02  # below this scale one round has to do
KINDS = {"new": "new streams", "old": "old streams at random"}
_BYTES_AN_EVENT = 3_500  # at the peak: rows, indexes, write-ahead log
_SAMPLES, _STRETCH = 20, 5_000

Costs = dict[tuple[str, str], list[float]]
"""Seconds an append, by kind and side, a figure a round."""


class NoSpace(Exception):
    """The disk cannot hold the large log."""


async def measure(bench: Bench) -> Result:
    """Fill them, append to both sides in turns, look at what is there."""
    large = bench.count(LARGE, 2 * SMALL)
    appends = bench.count(APPENDS, 500)
    rounds = ROUNDS if bench.scale >= QUICK else 1
    if (free := free_space(bench.directory)) < large * _BYTES_AN_EVENT:
        raise NoSpace(f"{large:,} events need {large * _BYTES_AN_EVENT / 1e9:.0f} GB, {free / 1e9:.0f} are free")
    with bench.folder() as folder:
        async with postgres(folder) as server, AsyncExitStack() as stack:
            begun = time.perf_counter()
            urls = await server.migrated("large")
            await fill(urls, large, lambda text: bench.say(f"growth: {text}"))
            filled = time.perf_counter() - begun
            # all before the first append: the checkpoint that comes with a database makes the next writes dearer
            smalls = []
            for number in range(rounds):
                small = await server.migrated(f"small{number}")
                await fill(small, SMALL, lambda _: None)
                smalls.append(await _side(stack, small, SMALL))
            begun = time.perf_counter()
            side = await _side(stack, urls, large)
            opening = time.perf_counter() - begun
            costs = await _rounds(bench, smalls, side, appends)
            bench.say("growth: looking at what is there")
            found = [await one.look() for one in (side, *smalls)]
    return _result(large, appends, costs, found, filled, opening)


async def _side(stack: AsyncExitStack, urls: DatabaseUrls, filled: int) -> "Side":
    log = await PostgresLog.open(urls.app)
    stack.push_async_callback(log.close)
    return Side(log, filled)


async def _rounds(
    bench: Bench, smalls: "list[Side]", large: "Side", appends: int
) -> dict[tuple[str, str], list[float]]:
    """Append to each side in turn."""
    costs: Costs = {}
    bench.say("growth: warming up")
    for kind in KINDS:
        await large.append(kind, 3 * appends)
    for number, small in enumerate(smalls):
        bench.say(f"growth: appending, round {number + 1} of {len(smalls)}")
        for kind in KINDS:
            await small.append(kind, appends // 5)
            sides = [("small", small), ("large", large)]
            for name, side in sides if number % 2 else reversed(sides):
                begun = time.perf_counter()
                await side.append(kind, appends)
                costs.setdefault((kind, name), []).append((time.perf_counter() - begun) / appends)
    return costs


def _result(
    large: int,
    appends: int,
    costs: "Costs",
    found: "list[Found]",
    filled: float,
    opening: float,
) -> Result:
    rows, verdicts = [], []
    for kind, words in KINDS.items():
        small, big = costs[(kind, "small")], costs[(kind, "large")]
        ratios = [b / s for s, b in zip(small, big, strict=True)]
        figures = (f"{1e6 * median(small):.0f}", f"{1e6 * median(big):.0f}", f"{median(ratios):.2f}")
        rows.append([words, *figures, ", ".join(f"{ratio:.2f}" for ratio in ratios)])
        found_ratio = median(ratios)
        verdicts.append(
            Verdict(f"cost at {large:,} / at {SMALL:,}, {words}", "<= 1.2", f"{found_ratio:.2f}", found_ratio <= 1.2)
        )
    lost = sum(one.lost for one in found)
    wrong = [what for one in found for what in one.wrong]
    said = f"{lost}; {len(wrong)}" + (f" ({wrong[0]})" if wrong else "")
    acknowledged = sum(one.acknowledged for one in found)
    verdicts.append(
        Verdict(f"of {acknowledged:,} acknowledged: lost; holes, broken links", "0; 0", said, not lost and not wrong)
    )
    return Result(
        "Append to a long log",
        [
            f"a log of {large:,} events beside a new one of {SMALL:,} in each of {len(found) - 1} rounds, in turns;"
            f" {appends:,} appends a kind and round, {WRITERS} at once, each with a random idempotency key,"
            f" {len(PAYLOAD)} bytes of payload",
            f"filled by COPY with a chain that holds, indexes built afterwards, in {filled:.0f} s; its start-up check"
            f" takes {opening:.1f} s",
            f"the chain was checked at everything appended and at {_SAMPLES} stretches of {_STRETCH:,} events",
        ],
        [Table(["streams", f"us at {SMALL:,}", f"us at {large:,}", "ratio (median)", "of the rounds"], rows)],
        verdicts,
        lost,
        series={KINDS[kind]: {"small": costs[(kind, "small")], "large": costs[(kind, "large")]} for kind in KINDS},
    )


@dataclass(frozen=True)
class Found:
    """What is there after the appends."""

    acknowledged: int
    lost: int
    wrong: list[str]


class Side:
    """A filled log, and what was appended to it since; each writer has streams of its own."""

    def __init__(self, log: PostgresLog, filled: int) -> None:
        self._log, self._filled = log, filled
        self._versions: dict[int, int] = {}
        self._random = random.Random(7)
        self._new = [filled + writer * 10_000_000 for writer in range(WRITERS)]
        self.acknowledged = 0

    async def append(self, kind: str, count: int) -> None:
        """So many, `WRITERS` at once."""
        left = iter(range(count))

        async def write(writer: int) -> None:
            for _ in left:
                stream = self._stream(kind, writer)
                version = self._versions.get(stream, PER_STREAM if stream < self._filled else 0)
                await self._log.append(command(f"subject-{stream}", version))
                self._versions[stream] = version + 1
                self.acknowledged += 1

        await asyncio.gather(*(write(writer) for writer in range(WRITERS)))

    def _stream(self, kind: str, writer: int) -> int:
        if kind == "old":
            return self._random.randrange(self._filled // PER_STREAM // WRITERS) * WRITERS + writer
        if self._versions.get(self._new[writer], 0) == PER_STREAM:
            self._new[writer] += 1
        return self._new[writer]

    async def look(self) -> Found:
        """Everything appended is read back, and some of what was there before."""
        (before,) = await self._log.read(self._filled - 1, 1)
        seen, wrong = await _follow(self._log, before.hash, self._filled, None)
        places = [0, *(random.Random(11).randrange(1, max(self._filled - _STRETCH, 2)) for _ in range(_SAMPLES))]
        for place in places:
            previous = (await self._log.read(place - 1, 1))[0].hash if place else GENESIS
            wrong += (await _follow(self._log, previous, place, _STRETCH))[1]
        return Found(self.acknowledged, self.acknowledged - seen, wrong)


async def _follow(log: PostgresLog, previous: bytes, after: int, limit: int | None) -> tuple[int, list[str]]:
    seen, wrong = 0, list[str]()
    while (limit is None or seen < limit) and (page := await log.read(after, _STRETCH)):
        for event in page:
            if event.position != after + 1:
                wrong.append(f"hole before {event.position}")
            elif linked(previous, event) != event.hash:
                wrong.append(f"chain at {event.position}")
            previous, after, seen = event.hash, event.position, seen + 1
    return seen, wrong
