"""Exact numbers: rationals as text, and sums of square roots that compare without a float."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import isqrt
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, PlainSerializer

_WRITTEN: Final = re.compile(r"[0-9]{1,40}(/[0-9]{1,40})?|[0-9]{1,19}\.[0-9]{1,20}")
"""Short enough to be read again as it is told. No exponent: 1e999999999 has no room in any memory."""


def _rational(value: Any) -> Any:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        try:
            return Fraction(value)
        except ZeroDivisionError:
            raise ValueError("a denominator is not 0") from None
    raise ValueError('write a rational as text, such as "1/3" or "0.8": a float is not the number that it shows')


Rational = Annotated[Fraction, BeforeValidator(_rational), PlainSerializer(str, return_type=str)]
"""A rational number, written `"1/3"` or `"0.8"`. A float is refused: 0.1 is not a tenth."""

Surd = Mapping[int, int]
"""A sum of square roots of whole numbers: the coefficient of each square-free radicand. `{1: 2, 3: 5}` is 2 + 5√3."""


def root(value: int, coefficient: int) -> Surd:
    """`coefficient` times the square root of a whole number."""
    outside, inside, divisor = coefficient, value, 2
    while divisor * divisor <= inside:
        while inside % (divisor * divisor) == 0:
            inside //= divisor * divisor
            outside *= divisor
        divisor += 1
    return {inside: outside} if inside and outside else {}


def added(surds: Iterable[Surd]) -> Surd:
    """The sum."""
    total: dict[int, int] = {}
    for surd in surds:
        for radicand, coefficient in surd.items():
            total[radicand] = total.get(radicand, 0) + coefficient
    return {radicand: coefficient for radicand, coefficient in total.items() if coefficient}


def compared(left: Surd, right: Surd) -> int:
    """-1, 0 or 1, exactly.

    Square roots of different square-free numbers are linearly independent over the rationals, so two sums are equal
    only if their coefficients are. Unequal ones differ at some precision, and precision is added until they do.
    """
    difference = added([left, {radicand: -coefficient for radicand, coefficient in right.items()}])
    if not difference:
        return 0
    error = sum(map(abs, difference.values()))
    digits = 8
    while True:
        value = sum(coefficient * isqrt(radicand * 10 ** (2 * digits)) for radicand, coefficient in difference.items())
        if abs(value) > error:  # each root was cut off by less than one unit of the last digit
            return 1 if value > 0 else -1
        digits *= 2
