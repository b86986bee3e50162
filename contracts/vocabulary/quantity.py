"""Quantities with UCUM units, and the exact conversions that the trial's analytes need.

A conversion is a rational factor to the canonical unit of a *scale*. The scale names what is measured,
because mmol/L of haemoglobin and of creatinine are not the same number of grams. Comparisons are made on the
exact `Fraction`; a `Decimal` is for storing and showing.
"""

from collections.abc import Mapping
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MAX_DIGITS: Final = 12
"""Digits a measured value may have. More is a typing error; the bound keeps 1E+999999 from being expanded."""

Unit = Annotated[str, StringConstraints(min_length=1, max_length=24, pattern=r"^[!-~]+$")]
Measured = Annotated[Decimal, Field(max_digits=MAX_DIGITS, allow_inf_nan=False)]


class UnitError(ValueError):
    """A unit that a scale does not know. The message names the accepted ones: nothing is ever guessed."""


class Scale(StrEnum):
    """What is measured. The first unit of each scale in the table below is its canonical one."""

    HAEMOGLOBIN = "haemoglobin"
    CELLS = "cells"
    CREATININE = "creatinine"
    BILIRUBIN = "bilirubin"
    ENZYME = "enzyme"
    GFR = "gfr"
    ACTIVITY = "activity"
    LENGTH = "length"
    PERCENT = "percent"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    COUNT = "count"


HB_MMOL_PER_G_DL: Final = Fraction("0.6206")  # safety 2.4
CREATININE_UMOL_PER_MG_DL: Final = Fraction("88.42")  # safety 2.4: one constant, since 88.4 moves thresholds
BILIRUBIN_UMOL_PER_MG_DL: Final = Fraction("17.104")  # safety 2.4
MBQ_PER_MCI: Final = Fraction(37)

_ONE: Final = Fraction(1)
_FACTORS: Final[Mapping[Scale, Mapping[str, Fraction]]] = {
    Scale.HAEMOGLOBIN: {"g/L": _ONE, "g/dL": Fraction(10), "mmol/L": 10 / HB_MMOL_PER_G_DL},
    Scale.CELLS: {"10*9/L": _ONE, "10*3/uL": _ONE, "/mm3": Fraction(1, 1000), "/uL": Fraction(1, 1000)},
    Scale.CREATININE: {"umol/L": _ONE, "mg/dL": CREATININE_UMOL_PER_MG_DL},
    Scale.BILIRUBIN: {"umol/L": _ONE, "mg/dL": BILIRUBIN_UMOL_PER_MG_DL},
    Scale.ENZYME: {"U/L": _ONE},
    Scale.GFR: {"mL/min/{1.73_m2}": _ONE},
    Scale.ACTIVITY: {"MBq": _ONE, "GBq": Fraction(1000), "mCi": MBQ_PER_MCI},
    Scale.LENGTH: {"mm": _ONE, "cm": Fraction(10)},
    Scale.PERCENT: {"%": _ONE},
    Scale.DAYS: {"d": _ONE, "wk": Fraction(7)},
    Scale.MONTHS: {"mo": _ONE, "a": Fraction(12)},
    Scale.YEARS: {"a": _ONE},
    Scale.COUNT: {"1": _ONE},
}
_SHOWN: Final = Context(prec=34)


def units_of(scale: Scale) -> tuple[str, ...]:
    """The units a scale converts between, the canonical one first."""
    return tuple(_FACTORS[scale])


def factor(unit: str, scale: Scale) -> Fraction:
    """How many canonical units one unit is. Raises UnitError naming the accepted units."""
    try:
        return _FACTORS[scale][unit]
    except KeyError:
        accepted = ", ".join(_FACTORS[scale])
        raise UnitError(f"{unit!r} is not a unit of {scale.value}; accepted: {accepted}") from None


def convert(value: Decimal | Fraction, unit: str, to: str, scale: Scale) -> Fraction:
    """The same quantity in another unit of its scale, exactly. Raises UnitError."""
    return Fraction(value) * factor(unit, scale) / factor(to, scale)


def as_decimal(value: Fraction) -> Decimal:
    """A fraction for storing or showing: exact where it terminates within 34 digits, else rounded to them."""
    return _SHOWN.divide(Decimal(value.numerator), Decimal(value.denominator))


class Quantity(BaseModel):
    """A number with its unit, as reported. Two quantities are compared on one scale, not by their numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Measured
    unit: Unit

    def on(self, scale: Scale, unit: str | None = None) -> Fraction:
        """The exact number in `unit`, or in the canonical unit of the scale. Raises UnitError."""
        return convert(self.value, self.unit, unit or units_of(scale)[0], scale)

    def to(self, unit: str, scale: Scale) -> Self:
        """The quantity in another unit, for showing: rounded to twelve digits. Raises UnitError."""
        shown = as_decimal(self.on(scale, unit))
        places = MAX_DIGITS - max(shown.adjusted() + 1, 0)
        if -int(shown.as_tuple().exponent) > places:
            shown = round(shown, places)
        return type(self)(value=shown, unit=unit)
