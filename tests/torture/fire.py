"""A system under load with somebody who does things to it: for tests, and for a long run."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from services.cli.catalogue import NAMES
from tests.torture.checker import check
from tests.torture.faults import Fault, Injector, Kind, small_disk, some_fault
from tests.torture.load import Load
from tests.torture.report import Report, Watch
from tests.torture.system import BROKER, DATABASE, Whole, whole

PROCESSES = (*NAMES, BROKER, DATABASE)
LARGEST = 400_000_000
"""Bytes that no service may ever take."""


@dataclass(slots=True)
class Fire:
    """The system, its load, its faults and what was seen of it."""

    system: Whole
    load: Load
    injector: Injector
    watch: Watch
    seed: int

    @property
    def kills(self) -> int:
        return sum(fault.kind is Kind.KILL for fault in self.injector.done)

    async def inject(self, fault: Fault) -> Fault:
        """One fault; afterwards wait until all services take requests again, without a hand."""
        await self.injector.inject(fault)
        await self.system.until(self.system.answers, f"ready after {fault.kind.value} of {fault.target}")
        self.load.check_alive()
        what = f"{fault.kind.value} of {fault.target} for {fault.seconds:.0f} s"
        sys.stdout.write(f"{len(self.injector.done):4} {what}, {self.load.acknowledged} acknowledged\n")
        sys.stdout.flush()
        return fault

    async def caught_up(self) -> None:
        """Wait until something new is acknowledged, and nobody complains of anything.

        A look from before says nothing: the broker may have been killed since.
        """
        before, begun = self.load.acknowledged, time.time()

        async def holds() -> bool:
            self.load.check_alive()
            last = self.watch.samples[-1]
            return last.at > begun and set(last.status.values()) == {"ok"} and self.load.acknowledged > before

        await self.system.until(holds, "caught up")

    async def started_again(self) -> None:
        """Wait until the supervisor has started every process at least once more."""

        async def holds() -> bool:
            return all(self.system.parts[name].starts > 1 for name in PROCESSES)

        await self.system.until(holds, "started again")

    async def random_faults(self, seconds: float, *, kills: int) -> None:
        """Faults as the seed says, until the time is over or there were so many kills."""
        chance = Random(f"{self.seed}/faults")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.kills < kills:
                    await asyncio.sleep(chance.uniform(0.2, 3.0))
                    await self.inject(some_fault(chance, disk=self.injector.disk is not None))
        await self.system.until(self.system.answers, "ready")

    async def report(self) -> Report:
        """Let the sites finish, and compare everything that happened so far."""
        await self.load.stop()
        verdict = await check(self.load)
        peak = self.watch.peak()
        verdict.say(f"services that took more than {LARGEST} bytes", [n for n in NAMES if peak[n] > LARGEST])
        self.watch.measure(self.injector.done)
        seconds = self.watch.samples[-1].at - self.watch.samples[0].at
        return Report(self.seed, seconds, self.injector.done, self.watch, verdict)

    async def holds(self) -> None:
        """What was told is so, in the logs, in Kafka, in every projection. Says what was counted and measured."""
        report = await self.report()
        verdict = report.verdict
        sys.stdout.write(f"seed {self.seed}: {dict(verdict.counts)}\n{report.recovery()}\n{self.watch.peak()}\n")
        assert not verdict.defects, verdict.defects
        assert verdict.counts["acknowledged"] > len(self.injector.done)
        assert verdict.counts["projections"] >= 8


@asynccontextmanager
async def firing(path: Path, seed: int, *, courses: int, megabytes: int) -> AsyncIterator[Fire]:
    """Start the system and its load. The database lies on a small disk of its own where that can be made."""
    with small_disk(path / "disk", megabytes) as disk:
        async with whole(path, disk / "database" if disk else None) as system:
            load = Load(system, seed, path / "journal.jsonl", courses=courses)
            watch = Watch(system, load)
            watching = asyncio.create_task(watch.run(), name="watch")
            try:
                await load.open()
                yield Fire(system, load, Injector(system, disk), watch, seed)
            finally:
                watching.cancel()
                await load.close()
                await asyncio.gather(watching, return_exceptions=True)
