"""Facts that never leave enrolment."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.events.fact import SiteFact, SubjectFact
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


class ReleaseReason(StrEnum):
    """Why what was found in a text identifies nobody."""

    NO_NAME = "NO_NAME"
    EPONYM = "EPONYM"
    PLACE = "PLACE"
    PRODUCT = "PRODUCT"
    NUMBER_OF_NOBODY = "NUMBER_OF_NOBODY"


class TextReleased(SubjectFact, name="enrolment.text-released", version=1):
    """An investigator looked at a text that was held, and let it pass. `text` is its id in the quarantine."""

    text: UUID
    reason: ReleaseReason


PRIVATE = (SubjectNumberIssued, TreatmentAssigned, TextReleased)
