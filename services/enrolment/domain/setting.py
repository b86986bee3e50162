"""What a decision about a subject may look at beside the subject itself."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol as Port

from contracts.protocol.model import Protocol
from services.enrolment.domain.site import Site


@dataclass(frozen=True, slots=True)
class Setting:
    """The trial around a subject when a command arrives.

    `protocol` is the version in force at the subject's site on the clinical day of the command, on `today` where it has
    none; `today` is the date in the trial's own time zone.
    """

    protocol: Protocol
    site: Site
    today: date


class SubjectCommand(Port):
    """What every command about one subject has: whom it is about, and the clinical day of what it records, if one."""

    @property
    def study(self) -> str:
        """The study's id."""
        ...

    @property
    def subject(self) -> str:
        """The subject's number."""
        ...

    @property
    def occurred_on(self) -> date | None:
        """The clinical day, None where what is recorded has several or none."""
        ...
