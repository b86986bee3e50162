"""Exact limits of a proportion (Clopper-Pearson), as decimals that are the same on every machine."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from scipy.special import betaincinv

DIGITS: Final = Decimal("1e-12")
"""Limits are kept to twelve places: what the inversion of the beta function is good for, and no more."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """`x` of `n` with its limits. `share`, `lower` and `upper` lie in [0, 1]."""

    x: int
    n: int
    confidence: Decimal
    share: Decimal
    lower: Decimal
    upper: Decimal


def clopper_pearson(x: int, n: int, confidence: Decimal) -> Proportion | None:
    """The proportion with its exact two-sided limits; None where n = 0, because nothing can be estimated.

    The limits are quantiles of beta distributions, which are those of `binom.test` in R (endpoints 2.1). Raises
    ValueError unless 0 <= x <= n and 0 < confidence < 1.
    """
    if not 0 <= x <= n or not 0 < confidence < 1:
        raise ValueError(f"{x} of {n} at {confidence} is not a proportion")
    if n == 0:
        return None
    tail = float((1 - confidence) / 2)
    lower = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    upper = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1 - tail))
    return Proportion(x, n, confidence, share_of(x, n), _kept(Decimal(lower)), _kept(Decimal(upper)))


def share_of(x: int, n: int) -> Decimal:
    """`x` of `n` as it is kept: a proportion that estimates nothing has no limits."""
    return _kept(Decimal(x) / n)


def percent(share: Decimal) -> str:
    """A share as a percentage with one decimal, half rounded away from zero as SAS prints it: `64.4`."""
    return str((share * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _kept(value: Decimal) -> Decimal:
    return value.quantize(DIGITS, ROUND_HALF_UP)
