"""How far two readers agree beyond chance, and how long a case takes. Pooled: nothing here is of one subject."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist, quantiles
from typing import Final

from contracts.vocabulary.response import Response

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of `n` pairs. None where chance alone would agree always: all pairs are in one category.

    The interval is kappa plus and minus a normal quantile times the asymptotic standard error for kappa other than
    zero (Fleiss, Cohen and Everitt 1969, formula 13), not cut at 1.
    """

    n: int
    observed: Fraction | None
    expected: Fraction | None
    kappa: Fraction | None
    standard_error: float | None
    low: float | None
    high: float | None


def kappa(pairs: Iterable[tuple[Response, Response]]) -> Kappa:
    """Of first and second reader, over all scans that both have read."""
    counted = Counter(pairs)
    n = sum(counted.values())
    if n == 0:
        return Kappa(0, None, None, None, None, None, None)
    share = {pair: Fraction(number, n) for pair, number in counted.items()}
    categories = sorted({one for pair in counted for one in pair})
    first = {c: sum((p for (a, _), p in share.items() if a is c), Fraction()) for c in categories}
    second = {c: sum((p for (_, b), p in share.items() if b is c), Fraction()) for c in categories}
    observed = sum((share.get((c, c), Fraction()) for c in categories), Fraction())
    expected = sum((first[c] * second[c] for c in categories), Fraction())
    if expected == 1:
        return Kappa(n, observed, expected, None, None, None, None)
    found = (observed - expected) / (1 - expected)
    on_diagonal = sum(
        (share.get((c, c), Fraction()) * (1 - (first[c] + second[c]) * (1 - found)) ** 2 for c in categories),
        Fraction(),
    )
    beside = sum((p * (second[a] + first[b]) ** 2 for (a, b), p in share.items() if a is not b), Fraction())
    variance = (on_diagonal + (1 - found) ** 2 * beside - (found - expected * (1 - found)) ** 2) / (
        n * (1 - expected) ** 2
    )
    error = sqrt(variance)
    width = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * error
    return Kappa(n, observed, expected, found, error, float(found) - width, float(found) + width)


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days that something took: how often, the quartiles (inclusive method), and the longest."""

    n: int
    quartiles: tuple[float, float, float] | None
    longest: int | None


def days(taken: Sequence[int]) -> Days:
    """The distribution of some durations."""
    if not taken:
        return Days(0, None, None)
    if len(taken) == 1:
        return Days(1, (taken[0], taken[0], taken[0]), taken[0])
    low, middle, high = quantiles(taken, n=4, method="inclusive")
    return Days(len(taken), (low, middle, high), max(taken))
