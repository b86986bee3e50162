"""What the commands print on: a terminal as wide as it is, or a file or pipe in which no line is broken or cut."""

import os
import sys
from typing import Final

from rich.console import Console
from rich.table import Table

_WIDE: Final = 10_000
"""Columns where no terminal limits them: names in the lines are read by scripts."""


def _screen(*, stderr: bool) -> Console:
    limited = (sys.stderr if stderr else sys.stdout).isatty() or "COLUMNS" in os.environ
    return Console(stderr=stderr, highlight=False, markup=False, width=None if limited else _WIDE)


def table(*columns: str) -> Table:
    """A table with these headings. On a narrow terminal cells are folded, never cut."""
    made = Table(box=None, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


console = _screen(stderr=False)
errors = _screen(stderr=True)
