"""Reads of the past: `?as_of=` a log position, or a recorded time with its offset."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError

_POSITION: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_TIME: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
FORM: Final = "a position such as 17, or a time such as 2026-03-31T12:00:00Z (in an address a + is written %2B)"

AsOf = int | datetime | None
"""A position, a moment in UTC, or None for now. What `Facts.load(as_of=...)` takes."""


def parse_as_of(text: str) -> int | datetime:
    """The meaning of the parameter. Raises ValueError with the accepted form, which quotes nothing.

    RFC 3339 with an offset: a local time is ambiguous twice a year. Fractions beyond microseconds are cut off.
    """
    if _POSITION.fullmatch(text):
        return int(text)
    parts = _TIME.fullmatch(text)
    if parts is None:
        raise ValueError(FORM)
    day, clock, fraction, offset = parts.groups()
    try:
        micros = (fraction or "0")[:6].ljust(6, "0")
        return datetime.fromisoformat(f"{day}T{clock}.{micros}{offset.upper()}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(FORM) from None


async def as_of(
    at: Annotated[
        str | None,
        Query(alias="as_of", max_length=64, description=f"The state as it was recorded then: {FORM}.", examples=["17"]),
    ] = None,
) -> AsOf:
    """The moment asked for."""
    if at is None:
        return None
    try:
        return parse_as_of(at)
    except ValueError:
        raise RequestValidationError(
            [{"type": "reluth_form", "loc": ("query", "as_of"), "ctx": {"form": FORM}}]
        ) from None


AsOfParameter = Annotated[AsOf, Depends(as_of)]
"""`at: AsOfParameter` in the signature of a read that knows its past."""
