"""What enrolment is sent of a correction: every entry that a person can make of a subject, told apart by its kind."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field, field_validator

from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.course import TreatmentStop
from services.chassis.http.written import Day
from services.enrolment.bodies.body import Body
from services.enrolment.bodies.course import LossBody, RecontactBody, WithdrawalBody
from services.enrolment.bodies.cycles import CycleBody, DelayBody, DiscontinuationBody, OmissionBody, SurveillanceBody
from services.enrolment.bodies.subjects import (
    ConsentBody,
    DeathBody,
    ExitBody,
    FindingsBody,
    SurvivalContactBody,
    TherapyBody,
    Why,
)
from services.enrolment.bodies.visits import DeviationBody, PerformedBody
from services.enrolment.domain.setting import SubjectCommand
from services.enrolment.domain.subject.entry import RecordFindings, SignConsent
from services.enrolment.domain.subject.exits import EndRunIn, RecordDeath
from services.enrolment.domain.subject.followup import RecordSurvivalContact, StartNewTherapy
from services.enrolment.domain.subject.screening_end import EndScreening

MAX_ENTRIES: Final = 50


class _Consent(ConsentBody):
    kind: Literal["consent"]

    def command(self, study: str, subject: str) -> SubjectCommand:
        return SignConsent(study, subject, self.version, self.signed_on, self.copy_given)


class _Findings(FindingsBody):
    kind: Literal["findings"]

    def command(self, study: str, subject: str) -> SubjectCommand:
        return RecordFindings(study, subject, tuple(finding.submission() for finding in self.findings))


class _Visit(PerformedBody):
    kind: Literal["visit"]


class _Deviation(DeviationBody):
    kind: Literal["deviation"]


class _Cycle(CycleBody):
    kind: Literal["cycle"]


class _Delay(DelayBody):
    kind: Literal["cycle_delay"]


class _Omission(OmissionBody):
    kind: Literal["cycle_omission"]


class _Discontinuation(DiscontinuationBody):
    kind: Literal["treatment_discontinuation"]

    @field_validator("reason")
    @classmethod
    def _no_death(cls, reason: TreatmentStop) -> TreatmentStop:
        if reason is TreatmentStop.DEATH:
            raise ValueError("a death is entered as such")
        return reason


class _Surveillance(SurveillanceBody):
    kind: Literal["surveillance"]


class _NonInclusion(Body):
    kind: Literal["non_inclusion"]
    decided_on: Day = Field(examples=["2026-03-02"])

    def command(self, study: str, subject: str) -> SubjectCommand:
        return EndScreening(study, subject, self.decided_on)


class _Exit(ExitBody):
    kind: Literal["run_in_exit"]

    @field_validator("reason")
    @classmethod
    def _no_death(cls, reason: RunInExit) -> RunInExit:
        if reason is RunInExit.DEATH:
            raise ValueError("a death is entered as such")
        return reason

    def command(self, study: str, subject: str) -> SubjectCommand:
        return EndRunIn(study, subject, self.reason, self.ended_on)


class _Death(DeathBody):
    kind: Literal["death"]

    def command(self, study: str, subject: str) -> SubjectCommand:
        return RecordDeath(study, subject, self.died_on, self.cause)


class _Therapy(TherapyBody):
    kind: Literal["new_therapy"]

    def command(self, study: str, subject: str) -> SubjectCommand:
        return StartNewTherapy(study, subject, self.started_on, self.therapy)


class _Contact(SurvivalContactBody):
    kind: Literal["survival_contact"]

    def command(self, study: str, subject: str) -> SubjectCommand:
        return RecordSurvivalContact(study, subject, self.last_alive_on)


class _Withdrawal(WithdrawalBody):
    kind: Literal["withdrawal"]


class _Loss(LossBody):
    kind: Literal["loss"]


class _Recontact(RecontactBody):
    kind: Literal["recontact"]


EntryBody = Annotated[
    _Consent
    | _Findings
    | _NonInclusion
    | _Visit
    | _Deviation
    | _Cycle
    | _Delay
    | _Omission
    | _Discontinuation
    | _Surveillance
    | _Exit
    | _Death
    | _Therapy
    | _Contact
    | _Withdrawal
    | _Loss
    | _Recontact,
    Field(discriminator="kind"),
]


class CorrectionBody(Body):
    """The record that was wrong, why, and what should stand instead: the same entries as have routes of their own."""

    annul: UUID = Field(description="the event id under which it was recorded")
    reason: Why = Field(examples=["The day of another visit was entered"])
    entries: Annotated[tuple[EntryBody, ...], Field(max_length=MAX_ENTRIES)] = ()


def note_of(entry: EntryBody) -> str | None:
    """What was written beside an entry, not sealed yet."""
    return entry.note if isinstance(entry, _Visit | _Deviation | _Withdrawal | _Loss) else None
