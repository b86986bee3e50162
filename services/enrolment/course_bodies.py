"""What enrolment is sent about a subject's course: withdrawals, losses, the end of the study, corrections."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field, field_validator

from contracts.events.course import Attempt
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.course import ContactMeans, WithdrawalScope
from services.chassis.http.written import Day
from services.enrolment.bodies import (
    Body,
    ConsentBody,
    DeathBody,
    ExitBody,
    FindingsBody,
    SurvivalContactBody,
    TherapyBody,
    Why,
)
from services.enrolment.cycle_bodies import CycleBody
from services.enrolment.domain.setting import SubjectCommand
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.entry import RecordFindings, SignConsent
from services.enrolment.domain.subject.exits import EndRunIn, RecordDeath
from services.enrolment.domain.subject.followup import RecordSurvivalContact, StartNewTherapy
from services.enrolment.domain.subject.loss import DeclareLost, FindAgain
from services.enrolment.domain.subject.withdrawal import WithdrawConsent

MAX_ATTEMPTS: Final = 50
MAX_ENTRIES: Final = 50


class WithdrawalBody(Body):
    """What the subject withdraws from. A wider scope contains the narrower ones."""

    scope: WithdrawalScope = Field(examples=[WithdrawalScope.FOLLOW_UP])
    withdrawn_on: Day = Field(examples=["2026-06-01"])

    def command(self, study: str, subject: str) -> SubjectCommand:
        """As the domain decides it."""
        return WithdrawConsent(study, subject, self.scope, self.withdrawn_on)


class AttemptBody(Body):
    """An attempt to reach the subject."""

    on: Day = Field(examples=["2026-06-01"])
    means: ContactMeans


class LossBody(Body):
    """Every attempt to reach the subject, and the day on which it was given up."""

    declared_on: Day = Field(examples=["2026-09-15"])
    attempts: Annotated[tuple[AttemptBody, ...], Field(min_length=1, max_length=MAX_ATTEMPTS)]

    def command(self, study: str, subject: str) -> SubjectCommand:
        """As the domain decides it."""
        attempts = tuple(Attempt(on=one.on, means=one.means) for one in self.attempts)
        return DeclareLost(study, subject, self.declared_on, attempts)


class RecontactBody(Body):
    """The day on which a lost subject was reached."""

    recontacted_on: Day = Field(examples=["2026-10-01"])

    def command(self, study: str, subject: str) -> SubjectCommand:
        """As the domain decides it."""
        return FindAgain(study, subject, self.recontacted_on)


class EndOfStudyBody(Body):
    """The day on which the study was closed for the subject."""

    ended_on: Day | None = Field(default=None, description="today if absent", examples=["2031-10-31"])


class _Consent(ConsentBody):
    kind: Literal["consent"]

    def command(self, study: str, subject: str) -> SubjectCommand:
        return SignConsent(study, subject, self.version, self.signed_on)


class _Findings(FindingsBody):
    kind: Literal["findings"]

    def command(self, study: str, subject: str) -> SubjectCommand:
        return RecordFindings(study, subject, tuple(finding.submission() for finding in self.findings))


class _Cycle(CycleBody):
    kind: Literal["cycle"]

    def command(self, study: str, subject: str) -> SubjectCommand:
        return AdministerCycle(
            study,
            subject,
            self.cycle,
            self.given_on,
            self.prescribed_mbq,
            self.administered_mbq,
            self.dose.measured() if self.dose else None,
            self.reduction_reason,
        )


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
    _Consent | _Findings | _Cycle | _Exit | _Death | _Therapy | _Contact | _Withdrawal | _Loss | _Recontact,
    Field(discriminator="kind"),
]


class CorrectionBody(Body):
    """The record that was wrong, why, and what should stand instead: the same entries as have routes of their own."""

    annul: UUID = Field(description="the event id under which it was recorded")
    reason: Why = Field(examples=["The day of another visit was entered"])
    entries: Annotated[tuple[EntryBody, ...], Field(max_length=MAX_ENTRIES)] = ()
