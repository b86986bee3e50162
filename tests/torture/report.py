"""What is measured meanwhile, and how it is shown: a table, JSON, a picture."""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
from rich.table import Table

from services.cli.catalogue import NAMES
from services.cli.screen import console, table
from tests.torture.checker import Verdict
from tests.torture.faults import Fault, Kind
from tests.torture.load import Load
from tests.torture.system import BROKER, DATABASE, Whole

EVERY = 0.5


@dataclass(slots=True)
class Sample:
    """One look at the system. `lag` counts messages that wait for the relay; `memory` is in bytes (PSS)."""

    at: float
    acknowledged: int
    status: dict[str, str]
    lag: dict[str, int]
    memory: dict[str, int]


@dataclass(slots=True)
class Watch:
    """Looks at the system again and again."""

    system: Whole
    load: Load
    samples: list[Sample] = field(default_factory=list)

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            begun = time.monotonic()
            self.samples.append(await self._look())
            await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - begun)))

    async def _look(self) -> Sample:
        at = time.time()  # of the beginning: what is answered later was asked no earlier
        found = dict(zip(NAMES, await asyncio.gather(*(self.system.health(name) for name in NAMES)), strict=True))
        status = {name: says["status"] if says else "silent" for name, says in found.items()}
        lag = {name: int(says["checks"].get("relay", {}).get("lag", 0)) for name, says in found.items() if says}
        memory = {name: _memory(self.system.pid(name)) for name in (*NAMES, BROKER, DATABASE)}
        return Sample(at, self.load.acknowledged, status, lag, memory)

    def measure(self, faults: Sequence[Fault]) -> None:
        """Fill in how long each fault was felt: until all services answered, and until nothing waited any more."""
        for fault in faults:
            for sample in self.samples:
                if sample.at < fault.ended:
                    continue
                if fault.answers is None and not {"silent", "failed"} & set(sample.status.values()):
                    fault.answers = round(sample.at - fault.ended, 1)
                if set(sample.status.values()) == {"ok"} and max(sample.lag.values(), default=0) < 50:
                    fault.caught_up = round(sample.at - fault.ended, 1)
                    break

    def peak(self) -> dict[str, int]:
        """The highest memory of each process, in bytes."""
        return {name: max((s.memory[name] for s in self.samples), default=0) for name in (*NAMES, BROKER, DATABASE)}


def _memory(pid: int | None) -> int:
    """Proportional set size; 0 for a process that is not there. The database's main process alone."""
    try:
        return int(psutil.Process(pid).memory_full_info().pss) if pid is not None else 0
    except psutil.Error:
        return 0


@dataclass(slots=True)
class Report:
    """The outcome of a run."""

    seed: int
    seconds: float
    faults: list[Fault]
    watch: Watch
    verdict: Verdict

    @property
    def kills(self) -> int:
        """Processes that were killed."""
        return sum(fault.kind is Kind.KILL for fault in self.faults)

    def as_json(self) -> dict[str, Any]:
        """Everything that a machine may want to compare."""
        return {
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "counts": dict(self.verdict.counts),
            "defects": self.verdict.defects,
            "said later": len(self.watch.load.later),
            "silent": self.watch.load.silent,
            "kills": self.kills,
            "starts": {name: one.starts for name, one in self.watch.system.parts.items()},
            "recovery": self.recovery(),
            "peak memory": self.watch.peak(),
            "faults": [fault.as_json() for fault in self.faults],
            "samples": [asdict(sample) for sample in self.watch.samples],
        }

    def recovery(self) -> dict[str, dict[str, float | int]]:
        """Seconds from the end of a fault, by kind and target: the median and the longest."""
        by: dict[str, list[Fault]] = defaultdict(list)
        for fault in self.faults:
            by[f"{fault.kind.value} {fault.target}"].append(fault)
        found: dict[str, dict[str, float | int]] = {}
        for name, faults in sorted(by.items()):
            found[name] = {"times": len(faults)}
            for what in ("answers", "caught_up"):
                if values := sorted(v for f in faults if (v := getattr(f, what)) is not None):
                    found[name] |= {f"{what} median": values[len(values) // 2], f"{what} longest": values[-1]}
        return found

    def show(self) -> None:
        """The console's version."""
        console.print(self._faults())
        shown = table("counted", "")
        for name, count in sorted(self.verdict.counts.items()):
            shown.add_row(name, str(count))
        console.print(shown)
        memory = table("process", "peak MB (PSS)")
        for name, size in self.watch.peak().items():
            memory.add_row(name, f"{size / 1e6:.0f}")
        console.print(memory)
        for defect in self.verdict.defects:
            console.print(f"DEFECT {defect}", soft_wrap=True)
        outcome = "DOES NOT HOLD" if self.verdict.defects else "holds"
        console.print(f"seed {self.seed}, {self.seconds:.0f} s, {self.kills} kills of processes: {outcome}")

    def _faults(self) -> Table:
        shown = table("fault", "times", "answers s", "longest", "caught up s", "longest")
        for name, row in self.recovery().items():
            cells = [row.get(f"{what} {which}") for what in ("answers", "caught_up") for which in ("median", "longest")]
            shown.add_row(name, str(row["times"]), *("-" if cell is None else f"{cell:g}" for cell in cells))
        return shown

    def write(self, directory: Path) -> None:
        """`report.json` and `timeline.svg`."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "report.json").write_text(json.dumps(self.as_json(), indent=1) + "\n")
        (directory / "timeline.svg").write_text(timeline(self.watch.samples, self.faults))


WIDTH, LANE, LEFT = 1200, 120, 90
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#555555")


def timeline(samples: Sequence[Sample], faults: Sequence[Fault]) -> str:
    """Acknowledgements a second, messages that wait, memory, and the faults behind them, over one axis of time."""
    start, end = samples[0].at, max(samples[-1].at, samples[0].at + 1)

    def x(at: float) -> float:
        return LEFT + (at - start) / (end - start) * WIDTH

    rates = [(b.at, (b.acknowledged - a.acknowledged) / max(b.at - a.at, 0.1)) for a, b in pairwise(samples)]
    lanes: list[tuple[str, dict[str, list[tuple[float, float]]]]] = [
        ("acknowledged / s", {"all": rates}),
        ("waiting for relay", {n: [(s.at, s.lag[n]) for s in samples if n in s.lag] for n in NAMES}),
        ("memory MB", {n: [(s.at, s.memory[n] / 1e6) for s in samples] for n in (*NAMES, BROKER)}),
    ]
    height = len(lanes) * (LANE + 20) + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{height}"'
        ' font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
    ]
    for fault in faults:
        left, right = x(fault.begun), max(x(fault.ended), x(fault.begun) + 1)
        label = escape(f"{fault.kind.value} {fault.target}, {fault.ended - fault.begun:.1f} s")
        parts.append(
            f'<rect x="{left:.1f}" y="10" width="{right - left:.1f}" height="{height - 50}" fill="#d55e00"'
            f' fill-opacity="0.25"><title>{label}</title></rect>'
        )
    for number, (name, series) in enumerate(lanes):
        parts += _lane(name, series, 10 + number * (LANE + 20), x)
    minutes = (end - start) / 60
    parts.append(f'<text x="{LEFT}" y="{height - 8}">0</text>')
    parts.append(f'<text x="{LEFT + WIDTH - 60}" y="{height - 8}">{minutes:.1f} min</text>')
    legend = "".join(f'<tspan fill="{_COLOURS[n]}" dx="12">{name}</tspan>' for n, name in enumerate((*NAMES, BROKER)))
    parts.append(f'<text x="{LEFT + 200}" y="{height - 8}">{legend}</text></svg>\n')
    return "\n".join(parts)


def _lane(name: str, series: dict[str, list[tuple[float, float]]], top: float, x: Any) -> list[str]:
    highest = max((value for points in series.values() for _, value in points), default=1) or 1
    parts = [
        f'<text x="4" y="{top + 12}">{escape(name)}</text><text x="4" y="{top + 26}">max {highest:.0f}</text>',
        f'<line x1="{LEFT}" y1="{top + LANE}" x2="{LEFT + WIDTH}" y2="{top + LANE}" stroke="#999"/>',
    ]
    for number, points in enumerate(series.values()):
        line = " ".join(f"{x(at):.1f},{top + LANE - value / highest * LANE:.1f}" for at, value in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{_COLOURS[number]}" stroke-width="1"/>')
    return parts
