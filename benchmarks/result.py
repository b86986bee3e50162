"""What a measure hands over: a table, the verdicts on its goals, the figures that are plotted."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """One goal, what was found, and whether that reaches it."""

    what: str
    goal: str
    found: str
    met: bool


@dataclass(frozen=True)
class Table:
    """Rows of a report; figures are written as they are given."""

    columns: list[str]
    rows: list[list[str]]
    about: str = ""


@dataclass(frozen=True)
class Result:
    """`conditions`: what one must know to repeat it. `lost`: facts acknowledged and not found, over all of it."""

    title: str
    conditions: list[str]
    tables: list[Table]
    verdicts: list[Verdict]
    lost: int = 0
    left_out: list[str] = field(default_factory=list)
    series: dict[str, Any] = field(default_factory=dict)


def ms(seconds: float) -> str:
    """Milliseconds to read."""
    return f"{1000 * seconds:.1f}" if seconds < 0.1 else f"{1000 * seconds:.0f}"


def percentile(values: list[float], share: float) -> float:
    """Nearest rank; 0 without values."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
