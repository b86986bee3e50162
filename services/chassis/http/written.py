"""Days and moments of requests, as texts in one form. Pydantic alone would take numbers for times since 1970.

`true`, `0` or `20220331` where a date belongs are slips of a program, and a moment where a day belongs is a day only in
one time zone: none of them may become a date of the record.
"""

import re
from datetime import date
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def _as_a_day(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return value
    raise ValueError("a day such as 2026-03-31")


def _as_a_moment(value: object) -> object:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return value
    raise ValueError("a moment with its offset from UTC, such as 2026-03-31T09:20:00+02:00")


Day = Annotated[date, BeforeValidator(_as_a_day)]
"""A calendar day: `2026-03-31`."""

Moment = Annotated[AwareDatetime, BeforeValidator(_as_a_moment)]
"""A moment as RFC 3339 writes it, with seconds and offset: `2026-03-31T09:20:00+02:00`."""
