"""Points of a curve, what an integral of it is, and why there may be none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts.vocabulary.dosimetry import CurveModel

FEWEST: Final = 2
"""One point says nothing of how fast activity leaves."""
TOO_FEW_POINTS: Final = "TOO_FEW_POINTS"
NOT_FINITE: Final = "NOT_FINITE"
NOT_POSITIVE: Final = "NOT_POSITIVE"
SAME_TIME_TWICE: Final = "SAME_TIME_TWICE"


class NotComputable(Exception):
    """There is no integral, which is not an integral of zero. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Point:
    """Activity in MBq at a time after the start of the infusion, with its standard deviation."""

    hours: Decimal
    activity_mbq: Decimal
    sd_mbq: Decimal


@dataclass(frozen=True, slots=True)
class Integral:
    """What was found. `because` says why by this model, `unknown` why a standard deviation is missing.

    `fit`: the probability of residuals at least as large if the model holds; None where no points were left to tell.
    """

    model: CurveModel
    mbq_h: Decimal
    sd_mbq_h: Decimal | None
    because: str
    effective_half_life_h: Decimal | None = None
    fit: Decimal | None = None
    unknown: str | None = None


Integrate = Callable[[Sequence[Point], Decimal, Decimal], Integral]
"""Of points, the physical half-life in hours and the activity infused in MBq. Raises `NotComputable`."""


def checked(points: Sequence[Point]) -> list[Point]:
    """The points in the order of time. Raises `NotComputable` for what is no curve."""
    numbers = [number for point in points for number in (point.hours, point.activity_mbq, point.sd_mbq)]
    if not all(number.is_finite() for number in numbers):
        raise NotComputable(NOT_FINITE)
    if any(number <= 0 for number in numbers):
        raise NotComputable(NOT_POSITIVE)
    if len({point.hours for point in points}) < len(points):
        raise NotComputable(SAME_TIME_TWICE)
    if len(points) < FEWEST:
        raise NotComputable(TOO_FEW_POINTS)
    return sorted(points, key=lambda point: point.hours)
