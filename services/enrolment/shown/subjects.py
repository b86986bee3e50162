"""What enrolment shows of a subject. The arm is not among it."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.vocabulary.clinical import DeathCause, Reader, RunInExit, Sex, TherapyClass, Verdict
from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId
from services.enrolment.domain import lifecycle
from services.enrolment.domain.lifecycle import ConsentState, FollowUpKind, Vital
from services.enrolment.domain.participation import Participation
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import screened


class SubjectLine(BaseModel):
    """A subject in the list. Of one that was erased the number, the site and the withdrawal are left."""

    subject: SubjectId
    site: SiteId
    participation: Participation
    screened_on: date | None
    consented_on: date | None
    included_on: date | None
    cycles: int
    ended_on: date | None
    exit_reason: RunInExit | None
    randomized_on: date | None
    died_on: date | None
    erased_on: date | None


class ConsentView(BaseModel):
    """The signed consent."""

    version: str
    signed_on: date
    event_id: UUID


class FindingView(BaseModel):
    """A finding as recorded; of two about one field and day the later one counts."""

    field: str
    value: str
    unit: str | None
    observed_on: date
    event_id: UUID | None


class AssessmentView(BaseModel):
    """The evaluation of gate 1 by which the subject was included."""

    gate: str
    assessed_on: date
    verdict: Verdict
    criteria_version: str
    event_id: UUID


class CycleView(BaseModel):
    """A cycle as given."""

    cycle: int
    given_on: date
    prescribed_mbq: str
    administered_mbq: str
    event_id: UUID


class ExitView(BaseModel):
    """The end of the run-in without randomization."""

    reason: RunInExit
    ended_on: date


class DeathView(BaseModel):
    """The death."""

    died_on: date
    cause: DeathCause


class TherapyView(BaseModel):
    """An anticancer therapy outside the protocol."""

    started_on: date
    therapy: TherapyClass


class DiseaseView(BaseModel):
    """Whether the disease has progressed since inclusion, dated by the scan."""

    progressed: bool
    progressed_on: date | None
    reader: Reader | None


class RegionsView(BaseModel):
    """The regions of the lifecycle beside `participation`: each goes its own way.

    That of treatment after randomization tells the arm; it is read with the cycles.
    """

    disease: DiseaseView
    vital: Vital
    consent: ConsentState
    follow_up: FollowUpKind

    @classmethod
    def of(cls, subject: Subject) -> Self:
        """The regions, each from the facts that stand."""
        return cls(
            disease=DiseaseView.model_validate(lifecycle.disease(subject), from_attributes=True),
            vital=lifecycle.vital(subject),
            consent=lifecycle.consent(subject),
            follow_up=lifecycle.follow_up(subject),
        )


class SubjectView(BaseModel):
    """Everything that enrolment knows of a subject. The arm is not among it."""

    study: StudyId
    subject: SubjectId
    site: SiteId
    sex: Sex
    birth_month: str
    screened_on: date
    participation: Participation
    regions: RegionsView
    consent: ConsentView | None
    findings: list[FindingView]
    assessment: AssessmentView | None
    included_on: date | None
    cycles: list[CycleView]
    authorizations: list[UUID] = Field(description="events by which randomization was authorized")
    randomized_on: date | None
    exit: ExitView | None
    last_alive_on: date | None = Field(description="by the survival contacts; visits are not counted here")
    death: DeathView | None
    new_therapies: list[TherapyView]

    @classmethod
    def of(cls, study: str, subject: Subject) -> Self:
        """The view of a screened subject. Raises `Refused` (404) for one that is not."""
        screening = screened(subject)
        return cls(
            study=study,
            subject=screening.subject,
            site=screening.site,
            sex=screening.sex,
            birth_month=screening.birth_month,
            screened_on=screening.screened_on,
            participation=subject.participation,
            regions=RegionsView.of(subject),
            consent=ConsentView.model_validate(subject.consent, from_attributes=True) if subject.consent else None,
            findings=[
                FindingView(**held.finding.model_dump(), event_id=held.event_id)
                for recorded in subject.findings.by_field.values()
                for held in recorded
            ],
            assessment=AssessmentView.model_validate(subject.assessment, from_attributes=True)
            if subject.assessment
            else None,
            included_on=subject.inclusion.included_on if subject.inclusion else None,
            cycles=[
                CycleView(
                    cycle=cycle.number,
                    given_on=cycle.given_on,
                    prescribed_mbq=str(cycle.prescribed_mbq),
                    administered_mbq=str(cycle.administered_mbq),
                    event_id=cycle.event_id,
                )
                for cycle in subject.cycles
            ],
            authorizations=list(subject.authorizations),
            randomized_on=subject.randomized_on,
            exit=ExitView.model_validate(subject.exit, from_attributes=True) if subject.exit else None,
            last_alive_on=max(subject.contacts, default=None),
            death=DeathView.model_validate(subject.death, from_attributes=True) if subject.death else None,
            new_therapies=[TherapyView.model_validate(one, from_attributes=True) for one in subject.therapies],
        )
