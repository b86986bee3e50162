"""What enrolment shows of sites, subjects and visits. The arm is not among it."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass, Verdict
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId
from services.enrolment.domain.opening import Point, Unmet
from services.enrolment.domain.participation import Participation
from services.enrolment.domain.site import Delegation, Site
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import screened
from services.enrolment.version_bodies import ConsentVersionView, VersionView


class SiteView(BaseModel):
    """A site in the list. One that is still being prepared has only its checklist, and is not listed."""

    site: SiteId
    name: str
    activated_on: date | None = Field(description="null while it is being prepared")
    paused_on: date | None = Field(description="it takes nobody in since this day")
    consent_versions: list[str]
    screened: int = Field(description="subject numbers issued so far")


class PointView(BaseModel):
    """A point of the opening checklist, as last recorded."""

    requirement: str
    text: str
    unmet: Unmet | None = Field(description="why it does not count; null if it does")
    met_on: date | None
    reference: str | None
    version: str | None

    @classmethod
    def of(cls, point: Point) -> Self:
        """The point with the words of the protocol file."""
        met = point.met
        return cls(
            requirement=point.requirement.code,
            text=point.requirement.text,
            unmet=point.unmet,
            met_on=met.met_on if met else None,
            reference=met.reference if met else None,
            version=met.version if met else None,
        )


class SiteDetail(SiteView):
    """A site with its opening checklist: for the day of its activation, before that for today."""

    checklist: list[PointView]
    ready: bool = Field(description="whether every point of the checklist counts")
    protocol_version: str = Field(description="in force at the site on the day of this answer")
    protocol_versions: list[VersionView] = Field(description="oldest first; the last that is effective is in force")
    consents: list[ConsentVersionView] = Field(description="oldest first")

    @classmethod
    def of(cls, number: str, site: Site, points: Sequence[Point], first: Protocol, in_force: Protocol) -> Self:
        """The view of a site."""
        return cls(
            site=number,
            name=site.name,
            activated_on=site.activated_on,
            paused_on=site.paused_since,
            consent_versions=list(site.consent_versions),
            screened=site.issued,
            checklist=[PointView.of(point) for point in points],
            ready=all(point.unmet is None for point in points),
            protocol_version=in_force.protocol_version,
            protocol_versions=[
                VersionView(protocol_version=first.protocol_version, effective_on=None),
                *(VersionView.model_validate(one, from_attributes=True) for one in site.adoptions),
            ],
            consents=[ConsentVersionView.model_validate(one, from_attributes=True) for one in site.consents],
        )


class DelegationView(BaseModel):
    """A delegation, and whether it is in force today."""

    delegation: UUID = Field(description="the event that recorded it")
    person: str
    duty: Duty
    from_on: date
    until_on: date | None = Field(description="its last day, if that was agreed when it was given")
    ended_on: date | None = Field(description="the first day on which it is no longer in force, if it was ended")
    in_force: bool

    @classmethod
    def of(cls, held: Delegation, today: date) -> Self:
        """The view of a delegation."""
        return cls(
            delegation=held.event_id,
            person=held.person,
            duty=held.duty,
            from_on=held.from_on,
            until_on=held.until_on,
            ended_on=held.ended_on,
            in_force=held.in_force_on(today),
        )


class DelegationsView(BaseModel):
    """The delegation log of a site."""

    site: SiteId
    delegations: list[DelegationView]

    @classmethod
    def of(cls, number: str, site: Site, today: date) -> Self:
        """Every delegation, oldest first."""
        return cls(site=number, delegations=[DelegationView.of(held, today) for held in site.delegations])


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


class SubjectView(BaseModel):
    """Everything that enrolment knows of a subject. The arm is not among it."""

    study: StudyId
    subject: SubjectId
    site: SiteId
    sex: Sex
    birth_month: str
    screened_on: date
    participation: Participation
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
