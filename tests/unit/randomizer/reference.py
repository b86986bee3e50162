"""Allocation written a second time, from the papers and over a table of patients. Nothing of the randomizer is called.

A row is `(levels, slot)` and how many patients it stands for. An arm with share r of the ratio has r slots (Kuznetsova
and Tymofyeyev 2012), which are what the methods balance. Chances are Fractions; roots are decimals of more digits than
it takes to tell sums apart.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import permutations, product

Levels = tuple[str, ...]
Patients = Mapping[tuple[Levels, int], int]
Chances = list[Fraction]

DIGITS = Context(prec=900)
TIE = Decimal(10) ** -700
"""Below this two sums of roots are equal. The product of a sum of 8 roots and its conjugates, 128 up to sign, is a
whole number. Where none exceeds 100,000, a sum that is not 0 is at least 100,000 ** -127 = 1e-635."""


def slots(ratio: Sequence[int]) -> list[int]:
    """The arm of each slot."""
    return [arm for arm, share in enumerate(ratio) for _ in range(share)]


# --- Pocock and Simon 1975


def measured(measure: str, counts: Sequence[int]) -> Decimal:
    """D of section 3.2: the spread of the numbers of patients of one level over the k treatments.

    The variance is that of a sample, times k(k - 1), from all pairs: a constant, which changes no comparison.
    """
    if measure == "range":
        return Decimal(max(counts) - min(counts))
    pairs = sum((one - other) ** 2 for n, one in enumerate(counts) for other in counts[:n])
    return Decimal(pairs) if measure == "variance" else _root(pairs)


@lru_cache(maxsize=100_000)
def _root(value: int) -> Decimal:
    return DIGITS.sqrt(Decimal(value))


def preferred(patients: Patients, new: Levels, of: int, weights: Sequence[Fraction], measure: str) -> set[int]:
    """The slots that would leave the smallest G, the weighted sum of D over the levels of the new patient."""
    whole = 1
    for weight in weights:
        whole *= weight.denominator
    totals = []
    for candidate in range(of):
        total = Decimal(0)
        for factor, weight in enumerate(weights):
            counts = Counter({candidate: 1})
            for (levels, slot), many in patients.items():
                counts[slot] += many if levels[factor] == new[factor] else 0
            total = DIGITS.add(
                total, DIGITS.multiply(Decimal(int(weight * whole)), measured(measure, [counts[n] for n in range(of)]))
            )
        totals.append(total)
    return {n for n in range(of) if DIGITS.subtract(totals[n], min(totals)) < TIE}


def minimization(
    patients: Patients, new: Levels, of: int, weights: Sequence[Fraction], measure: str, p: Fraction
) -> Chances:
    """p for the preferred, shared if several, the rest for the others alike; all alike if all are preferred."""
    best = preferred(patients, new, of, weights, measure)
    if len(best) == of:
        return [Fraction(1, of)] * of
    return [p / len(best) if n in best else (1 - p) / (of - len(best)) for n in range(of)]


# --- Soares and Wu 1983; Zhao 2014


def stopped(patients: Patients, new: Levels, of: int, mti: int) -> set[int]:
    """The slots that would get further ahead within the stratum than is tolerated."""
    counts = Counter({slot: many for (levels, slot), many in patients.items() if levels == new})
    return {n for n in range(of) if any(counts[n] + 1 - counts[other] > mti for other in range(of))}


def big_stick(patients: Patients, new: Levels, of: int, mti: int) -> Chances:
    """A fair coin among those that are not stopped."""
    return _without(stopped(patients, new, of, mti), [Fraction(1, of)] * of)


def two_stage(
    patients: Patients, new: Levels, of: int, weights: Sequence[Fraction], measure: str, p: Fraction, mti: int
) -> Chances:
    """Minimization among those that are not stopped."""
    return _without(stopped(patients, new, of, mti), minimization(patients, new, of, weights, measure, p))


def _without(away: set[int], fair: Chances) -> Chances:
    left = sum((chance for n, chance in enumerate(fair) if n not in away), Fraction(0))
    return [Fraction(0) if n in away else chance / left for n, chance in enumerate(fair)]


# --- Matts and Lachin 1988


@lru_cache(maxsize=100)
def orders(ratio: tuple[int, ...], size: int) -> list[str]:
    """Every different order of a block's letters."""
    letters = "".join(chr(ord("A") + arm) * (share * size // sum(ratio)) for arm, share in enumerate(ratio))
    return sorted({"".join(order) for order in permutations(letters)})


@lru_cache(maxsize=100)
def blocks(ratio: tuple[int, ...], sizes: tuple[int, ...], n: int) -> dict[str, Fraction]:
    """The probability of each run of n arms: block sizes alike, whole blocks written down and cut off after n."""
    if not n:
        return {"": Fraction(1)}
    runs: Counter[str] = Counter()
    for size in sizes:
        written = orders(ratio, size)
        here = Counter(order[:n] for order in written)
        for (begun, ways), (then, chance) in product(here.items(), blocks(ratio, sizes, max(n - size, 0)).items()):
            runs[begun + then] += Fraction(ways, len(written) * len(sizes)) * chance
    return dict(runs)
