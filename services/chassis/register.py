"""The register of subjects: what a service has heard of each of them from enrolment. All that listen keep the same."""

from collections.abc import Callable
from typing import Final, Protocol

from pydantic import TypeAdapter

from contracts.events.heard import HEARD, Heard, heard
from services.chassis.projections.kept import Kept
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader


def _blank(key: str) -> Heard:
    """Only that there is such a subject."""
    study, subject = key.split("/")
    return Heard(study, subject)


SUBJECTS: Final = Kept("subject_register", 4, HEARD, TypeAdapter(Heard), _blank, heard)
"""The read model: one row for each subject. Thrown away and rebuilt at will."""


class Register(Protocol):
    """The port of the handlers."""

    async def subject(
        self, study: str, subject: str, *, until: Callable[[Heard | None], bool], timeout: float
    ) -> Heard | None:
        """What has been heard of a subject; waits at most `timeout` seconds for `until` to hold of it."""
        ...


class StoredRegister:
    """The port over the read model."""

    def __init__(self, projections: Projections) -> None:
        self._reader = ProjectionReader(projections, SUBJECTS)

    async def subject(
        self, study: str, subject: str, *, until: Callable[[Heard | None], bool], timeout: float
    ) -> Heard | None:
        """See `Register.subject`. Raises `Unavailable`."""
        return await self._reader.await_row(f"{study}/{subject}", until, timeout)
