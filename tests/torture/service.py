"""`python -m tests.torture.service CLOCK serve NAME`: the product's own command, with a clock that a file moves.

The file holds seconds to add to the machine's time. Everything else is as `reluth serve NAME` has it.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.chassis.assembly import ServiceSpec
from services.cli.__main__ import main


class MovedClock:
    """The machine's time and what the file says."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text() or 0))


if __name__ == "__main__":
    for name in [name for name in os.environ if name.startswith("RELUTH_TORTURE_")]:
        del os.environ[name]  # a variable that no service knows keeps it from starting
    defaults = ServiceSpec.create.__kwdefaults__
    assert defaults is not None
    defaults["clock"] = MovedClock(Path(sys.argv.pop(1)))
    main()
