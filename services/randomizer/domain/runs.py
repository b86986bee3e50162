"""The runs test (Wald and Wolfowitz 1940), exact, for any number of arms."""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import groupby
from math import comb
from typing import Final

LONGEST: Final = 400
"""Subjects up to which the distribution is counted out: whole numbers with as many digits, squared in number."""


def runs(arms: Sequence[str]) -> int:
    """How many stretches of one arm there are: 3 in AABA, none where nobody is."""
    return sum(1 for _ in groupby(arms))


def arrangements(counts: Sequence[int]) -> list[int]:
    """In how many orders so many subjects of each arm make 0, 1, 2, ... runs.

    Cut every arm's subjects into pieces and put the pieces in a row: with m pieces there are W(m) ways. A row of r runs
    is met C(n - r, m - r) times among them, once for each way to cut it further, so W is turned around into the
    number of rows. Without a float: a p-value far out in a tail keeps all its digits.
    """
    present = [count for count in counts if count]
    total = sum(present)
    if not total:
        return [1]
    pieces = [[0, *(comb(count - 1, n) for n in range(count))] for count in present]
    ways = reduce(_shuffled, pieces)
    return [sum((-1) ** (r - m) * comb(total - m, r - m) * ways[m] for m in range(r + 1)) for r in range(total + 1)]


def _shuffled(left: Sequence[int], right: Sequence[int]) -> list[int]:
    """Ways to put the pieces of both in one row, keeping the order of each."""
    last = len(left) + len(right) - 2
    return [
        sum(comb(m, i) * left[i] * right[m - i] for i in range(max(0, m - len(right) + 1), min(m, len(left) - 1) + 1))
        for m in range(last + 1)
    ]


def p_value(arms: Sequence[str]) -> Fraction:
    """Probability, were every order of these arms as likely, of a number of runs no likelier than the one seen.

    Two-sided: too few runs speak of sorting, too many of alternation. Raises ValueError past `LONGEST` subjects.
    """
    if len(arms) > LONGEST:
        raise ValueError(f"the exact distribution is counted for {LONGEST} subjects at most")
    found = arrangements([sum(1 for arm in arms if arm == one) for one in dict.fromkeys(arms)])
    seen = found[runs(arms)]
    return Fraction(sum(ways for ways in found if ways <= seen), sum(found))
