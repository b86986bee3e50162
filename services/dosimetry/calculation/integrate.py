"""The integral of a curve by the model that its points support."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contracts.vocabulary.dosimetry import CurveModel
from services.dosimetry.calculation.exponentials import Fit, fitted
from services.dosimetry.calculation.trapezoid import trapezoid
from services.dosimetry.domain.curves import Integral, Point, checked

ONLY_FIT: Final = "ONLY_FIT"
LEAST_AICC: Final = "LEAST_AICC"
NO_EXPONENTIAL_FITS: Final = "NO_EXPONENTIAL_FITS"
UNDETERMINED: Final = "UNDETERMINED"
POINTS_FOR_TWO_TERMS: Final = 6
"""From as many on AICc is defined for two terms: fewer would always be fitted, and say nothing."""
IMPROBABLE: Final = 0.01
"""Residuals that are so improbable under a model are not those of the model."""


def integrate(points: Sequence[Point], physical_half_life_h: Decimal, infused_mbq: Decimal) -> Integral:
    """The whole area below the curve. Raises `NotComputable`.

    One exponential, or two where there are points enough and AICc prefers them; trapezoids where neither fits.
    """
    points = checked(points)
    decay = math.log(2) / float(physical_half_life_h)
    infused = float(infused_mbq)
    fits = [fitted(points, decay, infused, 1)]
    if len(points) >= POINTS_FOR_TWO_TERMS:
        fits.append(fitted(points, decay, infused, 2))
    best = min(fits, key=_aicc)
    probability = best.probability
    if probability is not None and probability < IMPROBABLE:
        area, sd = trapezoid(points, decay)
        return Integral(CurveModel.TRAPEZOID, Decimal(area), Decimal(sd), NO_EXPONENTIAL_FITS, fit=Decimal(probability))
    return Integral(
        CurveModel.BI_EXPONENTIAL if len(best.rates) > 1 else CurveModel.MONO_EXPONENTIAL,
        Decimal(best.area),
        None if best.sd is None else Decimal(best.sd),
        LEAST_AICC if len(fits) > 1 else ONLY_FIT,
        Decimal(best.half_life_h),
        None if probability is None else Decimal(probability),
        UNDETERMINED if best.sd is None else None,
    )


def _aicc(fit: Fit) -> float:
    """Terms that the points leave undetermined are preferred to nothing."""
    return math.inf if fit.aicc is None or fit.sd is None else fit.aicc
