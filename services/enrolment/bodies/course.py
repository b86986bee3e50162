"""What enrolment is sent about a subject's course: withdrawals, losses, the end of the study."""

from typing import Annotated, Final

from pydantic import Field

from contracts.events.course import Attempt
from contracts.vocabulary.course import ContactMeans, WithdrawalScope
from services.chassis.http.written import Day
from services.enrolment.bodies.body import Body
from services.enrolment.bodies.visits import Note
from services.enrolment.domain.setting import SubjectCommand
from services.enrolment.domain.subject.loss import DeclareLost, FindAgain
from services.enrolment.domain.subject.withdrawal import WithdrawConsent

MAX_ATTEMPTS: Final = 50


class WithdrawalBody(Body):
    """What the subject withdraws from. A wider scope contains the narrower ones."""

    scope: WithdrawalScope = Field(examples=[WithdrawalScope.FOLLOW_UP])
    withdrawn_on: Day = Field(examples=["2026-06-01"])
    note: Note | None = None

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
    note: Note | None = None

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
