"""The investigator's readings, folded from the write side."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.assessment import TumourAssessed
from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.identifiers import StudyId, SubjectId
from contracts.vocabulary.response import Response
from services.assessment.domain.readings.state import Reading, SubjectAssessments
from services.assessment.domain.refusals.readings import ASSESSMENT_NOT_FOUND
from services.chassis.refusal import Refused


class TumourAssessmentView(BaseModel):
    """One reading of one scan. The comment is not in it."""

    study: StudyId
    subject: SubjectId
    timepoint: str = Field(examples=["M6"])
    scan_on: date = Field(examples=["2026-03-31"])
    modality: Modality
    reader: Reader
    response: Response = Field(description="overall response at this timepoint, RECIST 1.1")
    has_comment: bool
    event_id: UUID

    @classmethod
    def of(cls, fact: TumourAssessed, event_id: UUID) -> Self:
        """The view of a fact under its event id."""
        return cls(
            study=fact.study,
            subject=fact.subject,
            timepoint=fact.timepoint,
            scan_on=fact.scan_on,
            modality=fact.modality,
            reader=fact.reader,
            response=fact.response,
            has_comment=fact.comment is not None,
            event_id=event_id,
        )


class StandingAssessment(TumourAssessmentView):
    """A reading with its place in the log."""

    position: int = Field(description="place in assessment's log", examples=[17])
    recorded_at: datetime

    @classmethod
    def standing(cls, reading: Reading) -> Self:
        """The view of a recorded reading."""
        view = TumourAssessmentView.of(reading.fact, reading.event.event_id)
        return cls(**dict(view), position=reading.event.position, recorded_at=reading.event.recorded_at)


class CommentedAssessment(StandingAssessment):
    """A reading with the comment, for those who may read it."""

    comment: str | None = Field(default=None, description="absent for roles that may not read it, and if there is none")


class EvidenceView(BaseModel):
    """What a gate needs of a reading, with the event and the position by which it is found again."""

    event_id: UUID
    position: int = Field(examples=[17])
    scan_on: date
    response: Response
    reader: Reader


def readings(state: SubjectAssessments) -> list[StandingAssessment]:
    """All readings of a subject, by scan date."""
    return [StandingAssessment.standing(r) for r in sorted(state.readings, key=lambda r: (r.scan_on, r.event.position))]


def reading(state: SubjectAssessments, timepoint: str) -> Reading:
    """The investigator's reading of a timepoint. Raises `Refused` (404)."""
    found = state.of(timepoint, Reader.INVESTIGATOR)
    if found is None:
        raise Refused(ASSESSMENT_NOT_FOUND, timepoint=timepoint)
    return found


def evidence(state: SubjectAssessments, timepoint: str) -> EvidenceView:
    """The investigator's reading of a timepoint as evidence. Raises `Refused` (404)."""
    found = reading(state, timepoint)
    return EvidenceView(
        event_id=found.event.event_id,
        position=found.event.position,
        scan_on=found.scan_on,
        response=found.fact.response,
        reader=found.fact.reader,
    )
