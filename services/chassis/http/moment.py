"""Reads of the past on two axes: what was recorded by then (`as_of`), of what was so on that day (`valid_at`)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from services.chassis.http.as_of import AsOf, AsOfParameter
from services.chassis.http.written import Day


@dataclass(frozen=True, slots=True)
class Moment:
    """What a read looks back from. Nothing given: what is recorded now, of every day.

    `as_of` is a position, a moment in UTC, or None for now. `valid_at` is a clinical day: what is dated later does not
    count, although it is recorded; None leaves nothing out.
    """

    as_of: AsOf = None
    valid_at: date | None = None

    @property
    def present(self) -> bool:
        """Whether what is asked for is what stands now: read models hold nothing else."""
        return self.as_of is None and self.valid_at is None


async def moment(
    as_of: AsOfParameter,
    valid_at: Annotated[
        Day | None,
        Query(description="What was so on this clinical day: nothing dated later counts.", examples=["2026-03-31"]),
    ] = None,
) -> Moment:
    """The moment asked for."""
    return Moment(as_of, valid_at)


MomentParameter = Annotated[Moment, Depends(moment)]
"""`at: MomentParameter` in the signature of a read: `at.as_of` goes to `Facts.load`, `at.valid_at` to the domain."""
