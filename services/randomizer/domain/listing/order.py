"""Whether an order of arms can be one of chance. Whole numbers throughout: a probability is compared, never rounded."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import comb, factorial, prod
from typing import Final

IMPLAUSIBLE: Final = Fraction(1, 1_000_000)
"""An order that chance makes less often than this was not made by chance."""


def runs(marks: Sequence[bool]) -> int:
    """How many runs of equal marks follow each other: `++-` has two."""
    return sum(one is not other for one, other in pairwise(marks)) + bool(marks)


def expected_runs(first: int, second: int) -> Fraction:
    """How many runs a random order of so many marks of two kinds has on average."""
    return 1 + Fraction(2 * first * second, first + second)


def so_few_runs(first: int, second: int, seen: int) -> Fraction:
    """The probability that a random order of so many marks of two kinds has at most `seen` runs (Wald-Wolfowitz 1940).

    Every order of the marks is equally likely. Blocks make more runs than that, so they are not mistaken for sorted.
    """
    if not first or not second:
        return Fraction(1)
    return Fraction(sum(_with_runs(first, second, seen)), comb(first + second, first))


def _with_runs(first: int, second: int, most: int) -> Iterator[int]:
    """How many orders have 2, 3, ... up to `most` runs: either kind's marks are cut into pieces that take turns."""
    cuts = 0
    here, there = 1, 1  # ways to make `cuts` cuts between the marks of either kind
    while 2 * cuts + 2 <= most and (here or there):
        yield 2 * here * there
        here_next, there_next = here * (first - 1 - cuts) // (cuts + 1), there * (second - 1 - cuts) // (cuts + 1)
        if 2 * cuts + 3 <= most:
            yield here * there_next + here_next * there
        here, there, cuts = here_next, there_next, cuts + 1


def looks_sorted(marks: Sequence[bool]) -> bool:
    """Whether chance makes so few runs less often than `IMPLAUSIBLE`.

    At the mean or above it the answer is no without counting: by Cantelli's inequality so many runs or fewer have a
    probability of at least 1 in (1 + variance), and the variance is below the number of marks.
    """
    first, seen = sum(marks), runs(marks)
    second = len(marks) - first
    if not first or not second or (seen >= expected_runs(first, second) and len(marks) < IMPLAUSIBLE.denominator - 1):
        return False
    return so_few_runs(first, second, seen) < IMPLAUSIBLE


def permutations(places: Sequence[int]) -> int:
    """In how many orders a block can stand that has so many places for each arm."""
    return factorial(sum(places)) // prod(map(factorial, places))


def looks_repeated(seen: int, blocks: int, orders: int) -> bool:
    """Whether chance gives any one of the `orders` to so many of the blocks less often than `IMPLAUSIBLE`.

    At most: each order has the same binomial tail, and their sum is no smaller than the chance of any of them.
    """
    if seen * orders <= blocks:
        return False
    tail, chosen, others = 0, 1, 1  # comb(blocks, n) and the orders that the other blocks can have, from n = blocks
    for n in range(blocks, seen - 1, -1):
        tail += chosen * others
        chosen, others = chosen * n // (blocks - n + 1), others * (orders - 1)
    return Fraction(tail * orders, orders**blocks) < IMPLAUSIBLE
