"""Calendar months: a birth month instead of a birth date, and month arithmetic for windows and durations."""

from calendar import monthrange
from datetime import date
from typing import Annotated, Final

from pydantic import StringConstraints, TypeAdapter

from contracts.vocabulary.logic import Truth

BirthMonth = Annotated[str, StringConstraints(pattern=r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
"""Year and month of birth, `1958-04`. The day is never asked for (ruling 24)."""

_BIRTH_MONTH: Final[TypeAdapter[str]] = TypeAdapter(BirthMonth)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of that month where it is shorter.

    31 January + 1 month = 28 or 29 February. Raises ValueError outside the years 1 to 9999.
    """
    index = day.year * 12 + (day.month - 1) + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_months_between(since: date, until: date) -> int:
    """The largest n with `add_months(since, n) <= until`; negative when `until` is earlier.

    Consistent with `add_months`, so that "12 full months" and "the date plus 12 months" never disagree.
    """
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - 1 if add_months(since, months) > until else months


def age_bounds(birth: str, at: date) -> tuple[int, int]:
    """Smallest and largest age in full years at a date. They differ only while the birthday may be to come.

    Everybody has had the birthday on the last day that the month had in the year of birth: somebody born in
    February 2004 may have been born on the 29th, so 28 February 2022 still leaves both ages open.
    """
    year, month = map(int, _BIRTH_MONTH.validate_python(birth).split("-"))
    reached = at.year - year
    if at.month != month:
        age = reached if at.month > month else reached - 1
        return age, age
    return (reached if at.day >= monthrange(year, month)[1] else reached - 1), reached


def age_at_least(birth: str, at: date, years: int) -> Truth:
    """Whether somebody born in that month has reached an age: UNKNOWN while the birthday may be to come."""
    youngest, oldest = age_bounds(birth, at)
    if youngest >= years:
        return Truth.TRUE
    return Truth.FALSE if oldest < years else Truth.UNKNOWN
