"""What was found: results.json keeps it, README.md shows it, a plot draws it."""

import json
import os
import platform
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.table import Table as Drawn

from benchmarks.peers.peer import PYTHON
from benchmarks.result import Result, Table, Verdict
from benchmarks.stand import ROOT

BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of results -->"
PLOT = "results.svg"


class Kept:
    """The last result of each measure, with its time, commit, machine and scale."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.measures: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def keep(self, name: str, result: Result, scale: float, took: float) -> None:
        """Put a result in the place of the last one."""
        self.measures[name] = asdict(result) | {
            "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "commit": _commit(),
            "machine": machine(),
            "scale": scale,
            "took": round(took),
        }

    def verdicts(self, name: str) -> list[Verdict]:
        """Those of the measure's last result."""
        return [Verdict(**verdict) for verdict in self.measures.get(name, {}).get("verdicts", [])]

    def write(self, folder: Path) -> None:
        """results.json, the section of README.md between its marks, the plot if matplotlib is installed."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self.measures, indent=1, ensure_ascii=False) + "\n")
        readme = folder / "README.md"
        before, _, after = (readme.read_text() if readme.exists() else f"{BEGIN}\n{END}\n").partition(BEGIN)
        _, _, after = after.partition(END)
        readme.write_text(f"{before}{BEGIN}\n\n{''.join(self._markdown(folder))}{END}{after}")
        if PYTHON.exists():
            drawn = [PYTHON, "-m", "benchmarks.plot", self._file.resolve(), (folder / PLOT).resolve()]
            subprocess.run(drawn, cwd=ROOT, check=False)

    def _markdown(self, folder: Path) -> Iterator[str]:
        yield "| measure | what | goal | found | |\n|---|---|---|---|---|\n"
        for name, kept in self.measures.items():
            for verdict in kept["verdicts"]:
                mark = "✓" if verdict["met"] else "**missed**"
                yield f"| {name} | {verdict['what']} | {verdict['goal']} | {verdict['found']} | {mark} |\n"
        yield f"\n![The figures]({PLOT})\n"
        for kept in self.measures.values():
            yield f"\n### {kept['title']}\n\n"
            scale = "" if kept["scale"] == 1 else f", **at scale {kept['scale']:g}: a quick look, not the measure**"
            yield f"{kept['at']}, commit {kept['commit']}, {kept['machine']}{scale}; took {kept['took']} s.\n\n"
            yield from (f"- {line}\n" for line in kept["conditions"])
            yield from (f"- left out: {line}\n" for line in kept["left_out"])
            for table in kept["tables"]:
                yield "\n" + (f"{table['about']}\n\n" if table["about"] else "")
                yield f"| {' | '.join(table['columns'])} |\n|{'---|' * len(table['columns'])}\n"
                yield from (f"| {' | '.join(row)} |\n" for row in table["rows"])
        yield "\n"


def terminal(result: Result) -> Iterator[Any]:
    """The figures for the terminal; the rest is in README.md."""
    yield _drawn(result.title, result.tables[0])
    for why in result.left_out:
        yield f"[yellow]left out: {why}"
    for verdict in result.verdicts:
        colour = "green" if verdict.met else "red"
        yield f"[{colour}]{verdict.what}: {verdict.found} (goal {verdict.goal})"


def _drawn(title: str, table: Table) -> Drawn:
    drawn = Drawn(*table.columns, title=title)
    for row in table.rows:
        drawn.add_row(*row)
    return drawn


def machine() -> str:
    """The machine in one line."""
    model = platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}"
    )


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty", "--abbrev=10"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "unknown"
