"""Sums of decaying exponentials, fitted to points by weighted least squares; none decays slower than the nuclide.

The parameters are the logarithm of each start and the rate of each beyond physical decay; no term starts with more than
was infused. So no fit can leave what is possible, whatever lies before the first point. Uncertainty is that of the
stated standard deviations through the covariance at the optimum.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from services.dosimetry.domain.curves import Point

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TINY: Final = 1e-14


@dataclass(frozen=True, slots=True)
class Fit:
    """Starts in MBq and rates per hour, the slowest first; the area with its standard deviation; how well it fits.

    `sd` is None where the points leave the parameters undetermined.
    """

    starts: tuple[float, ...]
    rates: tuple[float, ...]
    area: float
    sd: float | None
    chi2: float
    points: int

    @property
    def parameters(self) -> int:
        """A start and a rate for each term."""
        return 2 * len(self.rates)

    @property
    def aicc(self) -> float | None:
        """Akaike's criterion for few points; None where it is not defined."""
        left = self.points - self.parameters - 1
        if left <= 0:
            return None
        return self.chi2 + 2 * self.parameters + 2 * self.parameters * (self.parameters + 1) / left

    @property
    def half_life_h(self) -> float:
        """Of the slowest term, by which the tail goes."""
        return math.log(2) / self.rates[0]

    @property
    def probability(self) -> float | None:
        """Of residuals at least as large if the model holds; None where no points are left to tell."""
        from scipy.stats import chi2

        left = self.points - self.parameters
        return float(chi2.sf(self.chi2, left)) if left > 0 else None


def fitted(points: Sequence[Point], decay: float, infused: float, terms: int) -> Fit:
    """The best sum of that many terms. `decay`: per hour, of the nuclide. `infused`: in MBq."""
    import numpy as np
    from scipy.optimize import least_squares

    hours = np.array([float(point.hours) for point in points])
    activity = np.array([float(point.activity_mbq) for point in points])
    sd = np.array([float(point.sd_mbq) for point in points])

    def parts(x: "NDArray[Any]") -> "NDArray[Any]":
        found: NDArray[Any] = np.exp(x[:terms, None] - (decay + x[terms:, None]) * hours)
        return found

    def residuals(x: "NDArray[Any]") -> "NDArray[Any]":
        found: NDArray[Any] = (parts(x).sum(axis=0) - activity) / sd
        return found

    def jacobian(x: "NDArray[Any]") -> "NDArray[Any]":
        each = parts(x)
        found: NDArray[Any] = (np.concatenate([each, -each * hours]) / sd).T
        return found

    lower = np.concatenate([np.full(terms, -np.inf), np.zeros(terms)])
    upper = np.concatenate([np.full(terms, math.log(infused)), np.full(terms, np.inf)])
    with np.errstate(all="ignore"):  # a step that leads nowhere is taken back by the algorithm itself
        found = [
            least_squares(
                residuals,
                np.clip(start, lower, upper),
                jac=jacobian,
                bounds=(lower, upper),
                xtol=_TINY,
                ftol=_TINY,
                gtol=_TINY,
                x_scale="jac",
            )
            for start in _starts(points, decay, terms)
        ]
    best = min(found, key=lambda one: float(one.cost))
    starts, rates = np.exp(best.x[:terms]), decay + best.x[terms:]
    order = np.argsort(rates)
    slope = np.concatenate([starts / rates, -starts / rates**2])
    return Fit(
        tuple(float(v) for v in starts[order]),
        tuple(float(v) for v in rates[order]),
        float((starts / rates).sum()),
        _spread(jacobian(best.x), slope),
        float(2 * best.cost),
        len(points),
    )


def _spread(jacobian: "NDArray[Any]", slope: "NDArray[Any]") -> float | None:
    """One standard deviation of what has this slope in the parameters; None where they are not determined."""
    import numpy as np

    scale = np.linalg.norm(jacobian, axis=0)
    if not np.all(scale > 0) or np.linalg.matrix_rank(jacobian / scale) < len(scale):
        return None
    _, upper = np.linalg.qr(jacobian / scale)
    variance = float((np.linalg.solve(upper.T, slope / scale) ** 2).sum())
    return math.sqrt(variance) if math.isfinite(variance) else None


def _starts(points: Sequence[Point], decay: float, terms: int) -> list[list[float]]:
    """Where to begin: the line through the logarithms; for two terms, that of the last points and something faster."""
    if terms == 1:
        start, rate = _line(points)
        return [[start, max(rate - decay, 0.0)]]
    found = []
    for late in range(2, len(points) - 1):
        start, rate = _line(points[-late:])
        slow = max(rate - decay, 0.0)
        first = float(points[0].activity_mbq)
        for faster in (3.0, 10.0, 30.0):
            found.append([start, math.log(first), slow, faster * (decay + slow)])
    return found


def _line(points: Sequence[Point]) -> tuple[float, float]:
    """Logarithm of the start, and rate, of the line through the logarithms, weighted by how sure each point is."""
    weights = [float(p.activity_mbq / p.sd_mbq) ** 2 for p in points]
    total = math.fsum(weights)
    logs = [math.log(p.activity_mbq) for p in points]
    mean_t = math.fsum(w * float(p.hours) for w, p in zip(weights, points, strict=True)) / total
    mean_y = math.fsum(w * y for w, y in zip(weights, logs, strict=True)) / total
    spread = math.fsum(w * (float(p.hours) - mean_t) ** 2 for w, p in zip(weights, points, strict=True))
    together = math.fsum(
        w * (float(p.hours) - mean_t) * (y - mean_y) for w, p, y in zip(weights, points, logs, strict=True)
    )
    slope = together / spread
    return mean_y - slope * mean_t, -slope
