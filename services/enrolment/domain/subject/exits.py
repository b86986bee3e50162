"""Out of the run-in, and out of life."""

from dataclasses import dataclass
from datetime import date

from contracts.events.enrolment import DeathRecorded, RunInEnded
from contracts.events.fact import Fact
from contracts.vocabulary.clinical import DeathCause, RunInExit
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import alive_on, included_by, not_in_the_future, screened


@dataclass(frozen=True, slots=True)
class EndRunIn:
    """Record that an included subject will not be randomized."""

    study: str
    subject: str
    reason: RunInExit
    ended_on: date

    @property
    def occurred_on(self) -> date:
        """The day of the exit."""
        return self.ended_on


@dataclass(frozen=True, slots=True)
class RecordDeath:
    """Record a death."""

    study: str
    subject: str
    died_on: date
    cause: DeathCause

    @property
    def occurred_on(self) -> date:
        """The day of death."""
        return self.died_on


def end_run_in(subject: Subject, setting: Setting, cmd: EndRunIn) -> tuple[RunInEnded, ...]:
    """Take an included subject out of the run-in. It stays in the data (invariant 13)."""
    screened(subject)
    not_in_the_future(setting.today, ended_on=cmd.ended_on)
    included_by(subject, cmd.ended_on)
    if subject.randomized_on is not None:
        raise Refused(refusals.standing.ALREADY_RANDOMIZED, randomized_on=subject.randomized_on)
    if subject.exit is not None:
        raise Refused(refusals.standing.RUN_IN_OVER, reason=subject.exit.reason, ended_on=subject.exit.ended_on)
    if subject.cycles and cmd.ended_on < subject.cycles[-1].given_on:
        raise Refused(refusals.course.EXIT_BEFORE_CYCLE, given_on=subject.cycles[-1].given_on)
    alive_on(subject, cmd.ended_on)
    return (RunInEnded(study=cmd.study, subject=cmd.subject, reason=cmd.reason, ended_on=cmd.ended_on),)


def record_death(subject: Subject, setting: Setting, cmd: RecordDeath) -> tuple[Fact, ...]:
    """Record a death, and with it the end of a run-in that it cuts short."""
    screened(subject)
    not_in_the_future(setting.today, died_on=cmd.died_on)
    if subject.death is not None:
        raise Refused(refusals.course.DEATH_ALREADY_RECORDED, died_on=subject.death.died_on)
    last_contact_on = subject.last_contact_on
    if last_contact_on is not None and cmd.died_on < last_contact_on:
        raise Refused(refusals.course.DEATH_BEFORE_LAST_CONTACT, last_contact_on=last_contact_on)
    death = DeathRecorded(study=cmd.study, subject=cmd.subject, died_on=cmd.died_on, cause=cmd.cause)
    if not subject.in_run_in:
        return (death,)
    return death, RunInEnded(study=cmd.study, subject=cmd.subject, reason=RunInExit.DEATH, ended_on=cmd.died_on)
