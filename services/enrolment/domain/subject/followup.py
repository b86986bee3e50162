"""What is recorded of a subject whatever became of its treatment."""

from dataclasses import dataclass
from datetime import date

from contracts.events.enrolment import NewAnticancerTherapyStarted, SurvivalContactRecorded
from contracts.vocabulary.clinical import TherapyClass
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import alive_on, included_by, not_in_the_future, screened


@dataclass(frozen=True, slots=True)
class StartNewTherapy:
    """Record an anticancer therapy outside the protocol."""

    study: str
    subject: str
    started_on: date
    therapy: TherapyClass

    @property
    def occurred_on(self) -> date:
        """Its first day."""
        return self.started_on


@dataclass(frozen=True, slots=True)
class RecordSurvivalContact:
    """Record that the subject was known to be alive."""

    study: str
    subject: str
    last_alive_on: date

    @property
    def occurred_on(self) -> date:
        """The day of which it is known."""
        return self.last_alive_on


def start_new_therapy(
    subject: Subject, setting: Setting, cmd: StartNewTherapy
) -> tuple[NewAnticancerTherapyStarted, ...]:
    """Record a therapy outside the protocol, whatever became of the subject."""
    screened(subject)
    not_in_the_future(setting.today, started_on=cmd.started_on)
    included_by(subject, cmd.started_on)
    alive_on(subject, cmd.started_on)
    return (
        NewAnticancerTherapyStarted(
            study=cmd.study, subject=cmd.subject, started_on=cmd.started_on, therapy=cmd.therapy
        ),
    )


def record_survival_contact(
    subject: Subject, setting: Setting, cmd: RecordSurvivalContact
) -> tuple[SurvivalContactRecorded, ...]:
    """Record that the subject was alive on a day: from inclusion on, whatever became of the treatment (digest T19)."""
    screened(subject)
    on = cmd.last_alive_on
    not_in_the_future(setting.today, last_alive_on=on)
    included_by(subject, on)
    alive_on(subject, on)
    return (SurvivalContactRecorded(study=cmd.study, subject=cmd.subject, last_alive_on=on),)
