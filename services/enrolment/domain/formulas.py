"""Formulas that a protocol file may name. The constants are the file's; only the shape of the formula is code."""

from decimal import Context, Decimal
from typing import Final

from contracts.protocol.findings import Mdrd4Constants

_PRECISE: Final = Context(prec=40)
"""Forty digits: `ln` and `exp` are correctly rounded here, and the creatinine in mg/dL comes with 34 digits, so that
a rate is off by less than 1e-30 of itself. A measured creatinine has at most twelve digits: between two neighbours the
rate moves by far more, so that a comparison with 40 or 60 is never decided by rounding."""


def mdrd4(creatinine_mg_dl: Decimal, age: int, *, female: bool, constants: Mdrd4Constants) -> Decimal:
    """Glomerular filtration rate in mL/min/1.73 m2, unrounded (safety 2.5).

    `constants.scale` is 175 for creatinine traceable to IDMS, 186 otherwise. Needs a positive creatinine and age.
    """
    if creatinine_mg_dl <= 0 or age <= 0:
        raise ValueError("MDRD-4 is defined for a positive creatinine and a positive age")
    rate = _PRECISE.multiply(constants.scale, _power(creatinine_mg_dl, constants.creatinine_exponent))
    rate = _PRECISE.multiply(rate, _power(Decimal(age), constants.age_exponent))
    return _PRECISE.multiply(rate, constants.female_factor) if female else rate


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    return _PRECISE.exp(_PRECISE.multiply(exponent, _PRECISE.ln(base)))
