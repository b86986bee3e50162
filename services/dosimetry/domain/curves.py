"""The time-integrated activity of a curve: by trapezoids, with physical decay before the first and after the last."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from contracts.vocabulary.dosimetry import CurveModel

FEWEST: Final = 2


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
    """What was found. `unknown` says why a standard deviation is missing."""

    model: CurveModel
    mbq_h: Decimal
    sd_mbq_h: Decimal | None
    effective_half_life_h: Decimal | None = None
    unknown: str | None = None


def integrate(points: Sequence[Point], physical_half_life_h: Decimal) -> Integral:
    """The whole area below the curve. Raises `NotComputable`."""
    if len(points) < FEWEST:
        raise NotComputable("TOO_FEW_POINTS")
    points = sorted(points, key=lambda point: point.hours)
    decay = math.log(2) / float(physical_half_life_h)
    weights = [0.0] * len(points)
    weights[0] += math.expm1(decay * float(points[0].hours)) / decay
    for place, (one, other) in enumerate(pairwise(points)):
        between = float(other.hours - one.hours) / 2
        weights[place] += between
        weights[place + 1] += between
    weights[-1] += 1 / decay
    area = math.fsum(w * float(p.activity_mbq) for w, p in zip(weights, points, strict=True))
    variance = math.fsum((w * float(p.sd_mbq)) ** 2 for w, p in zip(weights, points, strict=True))
    return Integral(CurveModel.TRAPEZOID, Decimal(area), Decimal(math.sqrt(variance)))
