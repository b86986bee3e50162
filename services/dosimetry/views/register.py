"""The read model of the subjects that enrolment has told of."""

from collections.abc import Callable
from typing import Final

from pydantic import TypeAdapter

from contracts.events.heard import HEARD, Heard, heard
from services.chassis.projections.kept import Kept
from services.chassis.projections.projection import AnyProjection
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader


def _blank(key: str) -> Heard:
    """Only that there is such a subject."""
    study, subject = key.split("/")
    return Heard(study, subject)


REGISTER: Final = Kept("subject_register", 1, HEARD, TypeAdapter(Heard), _blank, heard)
"""One row for each subject that enrolment has told of. Thrown away and rebuilt at will."""


def projections() -> tuple[AnyProjection, ...]:
    """The read models of this service."""
    return (REGISTER,)


class StoredRegister:
    """The port `handlers.context.Register` over the read model."""

    def __init__(self, projections: Projections) -> None:
        self._reader = ProjectionReader(projections, REGISTER)

    async def subject(
        self, study: str, subject: str, *, until: Callable[[Heard | None], bool], timeout: float
    ) -> Heard | None:
        """See `handlers.context.Register.subject`. Raises `Unavailable`."""
        return await self._reader.await_row(f"{study}/{subject}", until, timeout)
