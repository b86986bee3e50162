"""Facts that never leave enrolment."""

from datetime import date
from typing import Annotated

from pydantic import Field

from contracts.events.fact import SiteFact, SubjectFact
from contracts.events.held_texts import OpenedText, ReleasedText
from contracts.vocabulary.identifiers import SubjectId


class SubjectNumberIssued(SiteFact, name="enrolment.subject-number-issued", version=1):
    """The site's stream gave out its next number, in the same append that opens the subject's stream.

    The stream is the counter: of two screenings at once one loses the race for it and counts again, so that numbers
    neither collide nor skip.
    """

    subject: SubjectId
    sequence: Annotated[int, Field(ge=1)]


class TreatmentAssigned(SubjectFact, name="enrolment.treatment-assigned", version=1):
    """This service heard the arm of a subject on `reluth.allocation`, and what its protocol prescribes for that arm.

    The arm is the randomizer's to tell: here it decides which cycles may be given, and is shown to those alone who may
    see it there.
    """

    arm: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,15}$")]
    cycles: tuple[Annotated[int, Field(ge=1)], ...]
    assigned_on: date


class TextOpened(OpenedText, name="enrolment.text-opened", version=1):
    """A held note was read."""


class TextReleased(ReleasedText, name="enrolment.text-released", version=1):
    """A held note may pass."""


PRIVATE = (SubjectNumberIssued, TreatmentAssigned, TextOpened, TextReleased)
