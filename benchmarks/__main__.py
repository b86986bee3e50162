"""`make bench`: measure, keep what was found in results.json, write README.md and the plot."""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from benchmarks import report
from benchmarks.measures import MEASURES
from benchmarks.peers.install import install
from benchmarks.stand import Bench

HERE = Path(__file__).resolve().parent
WORK = HERE / ".work"


QUIET_SECONDS = 5.0


def main() -> int:
    """Run what was asked for. Status 1 if a goal was missed or a fact was lost, 2 if a measure failed."""
    arguments = _arguments(list(MEASURES))
    terminal = sys.stderr.isatty()
    console = Console(stderr=True, width=None if terminal else 160)
    chosen = arguments.measures or list(MEASURES)
    if arguments.peers and "append" in chosen:
        for why in install():
            console.print(f"[yellow]{why}")
    kept = report.Kept(arguments.out / "results.json")
    failed = False
    for name in chosen:
        begun = time.monotonic()
        with console.status(name) as status:
            say = status.update if terminal else _lines(console)
            bench = Bench(arguments.directory, arguments.scale, arguments.peers, say)
            try:
                result = asyncio.run(MEASURES[name](bench))
            except Exception:
                console.print_exception()
                failed = True
                continue
        kept.keep(name, result, arguments.scale, time.monotonic() - begun)
        kept.write(arguments.out)
        for line in report.terminal(result):
            console.print(line)
    console.print(f"written: {arguments.out / 'README.md'}")
    if failed:
        return 2
    return 0 if all(verdict.met for name in chosen for verdict in kept.verdicts(name)) else 1


def _lines(console: Console) -> Callable[[str], None]:
    """Where nothing can be overwritten: a line now and then."""
    last = -QUIET_SECONDS

    def say(text: str) -> None:
        nonlocal last
        if time.monotonic() - last >= QUIET_SECONDS:
            last = time.monotonic()
            console.print(text, highlight=False)

    return say


def _arguments(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=", description=__doc__)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of {', '.join(names)}; all if none is named")
    parser.add_argument("--scale", type=float, default=1.0, help="below 1: a quick look, less of everything")
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="ReLUTH alone; installs nothing")
    parser.add_argument("--out", type=Path, help="where the results go; here, or into .work if it is a quick look")
    parser.add_argument("--directory", type=Path, default=WORK, help="where servers keep their data meanwhile")
    arguments = parser.parse_args()
    arguments.out = arguments.out or (HERE if arguments.scale == 1 else WORK)
    if unknown := [name for name in arguments.measures if name not in names]:
        parser.error(f"no such measure: {', '.join(unknown)}")
    return arguments


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
