"""Trapezoids between the points, and physical decay alone before the first and after the last.

Both ends are from above: nothing leaves faster than nothing but decay, and nothing is there before it is infused.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from services.dosimetry.domain.curves import Point


def trapezoid(points: Sequence[Point], decay: float) -> tuple[float, float]:
    """The area and its standard deviation, of points in the order of time. `decay`: per hour, of the nuclide."""
    weights = [0.0] * len(points)
    weights[0] += math.expm1(decay * float(points[0].hours)) / decay
    for place, (one, other) in enumerate(pairwise(points)):
        between = float(other.hours - one.hours) / 2
        weights[place] += between
        weights[place + 1] += between
    weights[-1] += 1 / decay
    area = math.fsum(w * float(p.activity_mbq) for w, p in zip(weights, points, strict=True))
    variance = math.fsum((w * float(p.sd_mbq)) ** 2 for w, p in zip(weights, points, strict=True))
    return area, math.sqrt(variance)
