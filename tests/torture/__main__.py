"""`make torture`: the whole system under load and faults for some minutes, then everything compared, and a report."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.faults import Fault, Kind
from tests.torture.fire import firing
from tests.torture.system import BROKER, DATABASE

FULL = 30.0
"""Minutes from which on nothing is shortened: database gone for 60 s, broker for 10 minutes."""
RANDOM = 0.4
"""The least share of the time in which faults come at random, however long the others took."""
DISK_MEGABYTES = 3_000


async def main(minutes: float, seed: int, kills: int, out: Path) -> bool:
    """Starve the system of what it needs, then fire at random, then compare. Whether everything holds."""
    scale = min(1.0, minutes / FULL)
    with tempfile.TemporaryDirectory(prefix="reluth-torture-") as directory:
        async with firing(Path(directory), seed, courses=130, megabytes=DISK_MEGABYTES) as fire:
            begun = time.time()
            fire.load.go()
            await fire.caught_up()
            for fault in (
                Fault(Kind.GONE, DATABASE, 60 * scale),
                Fault(Kind.GONE, BROKER, 600 * scale),
                *([Fault(Kind.DISK_FULL, DATABASE, 20 * scale)] if fire.injector.disk else ()),
            ):
                await fire.inject(fault)
                await fire.caught_up()
            left = minutes * 60 - (time.time() - begun)
            await fire.random_faults(max(left, minutes * 60 * RANDOM), kills=kills)
            report = await fire.report()
            report.write(out)
            report.show()
    return not report.verdict.defects


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--kills", type=int, default=100, help="end earlier when there were so many")
    parser.add_argument("--report", type=Path, default=Path("build/torture"))
    given = parser.parse_args()
    sys.stdout.write(f"seed {given.seed}, report in {given.report}\n")
    sys.exit(0 if asyncio.run(main(given.minutes, given.seed, given.kills, given.report)) else 1)
