"""Subjects whom nobody can reach, and who are found again (digest T21)."""

from dataclasses import dataclass
from datetime import date

from contracts.events.course import Attempt, LostToFollowUpDeclared, SubjectRecontacted
from contracts.protocol.schedule import LossRule
from contracts.vocabulary.month import add_months
from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import alive_on, included_by, not_in_the_future, screened


@dataclass(frozen=True, slots=True)
class DeclareLost:
    """Give up looking for a subject, with every attempt to reach it. The note is sealed already."""

    study: str
    subject: str
    declared_on: date
    attempts: tuple[Attempt, ...]
    note: SealedText | None = None

    @property
    def occurred_on(self) -> date:
        """The day of the declaration."""
        return self.declared_on


@dataclass(frozen=True, slots=True)
class FindAgain:
    """Record that a subject that was lost was reached."""

    study: str
    subject: str
    recontacted_on: date

    @property
    def occurred_on(self) -> date:
        """The day on which it was reached."""
        return self.recontacted_on


def declare_lost(subject: Subject, setting: Setting, cmd: DeclareLost) -> tuple[LostToFollowUpDeclared, ...]:
    """Call an included subject lost, on as many attempts over as long a time as the protocol asks for.

    Attempts before the subject was last known to be alive count for nothing: it was there.
    """
    screened(subject)
    on = cmd.declared_on
    not_in_the_future(setting.today, declared_on=on, **{"attempts": max((one.on for one in cmd.attempts), default=on)})
    included_by(subject, on)
    alive_on(subject, on)
    if subject.lost_since is not None:
        raise Refused(refusals.course.ALREADY_LOST, declared_on=subject.lost_since)
    since = subject.last_contact_on
    if since is not None and since > on:
        raise Refused(refusals.standing.LATER_RECORDS, last_on=since)
    attempts = tuple(sorted(cmd.attempts, key=lambda one: one.on))
    counted = [one.on for one in attempts if (since is None or one.on > since) and one.on <= on]
    _enough(counted, setting.protocol.loss, since)
    return (
        LostToFollowUpDeclared(study=cmd.study, subject=cmd.subject, declared_on=on, attempts=attempts, note=cmd.note),
    )


def find_again(subject: Subject, setting: Setting, cmd: FindAgain) -> tuple[SubjectRecontacted, ...]:
    """Take a subject back into follow-up, alive on that day."""
    screened(subject)
    on = cmd.recontacted_on
    not_in_the_future(setting.today, recontacted_on=on)
    if subject.lost_since is None:
        raise Refused(refusals.course.NOT_LOST)
    if on < subject.lost_since:
        raise Refused(refusals.course.FOUND_BEFORE_LOST, declared_on=subject.lost_since)
    alive_on(subject, on)
    return (SubjectRecontacted(study=cmd.study, subject=cmd.subject, recontacted_on=on),)


def _enough(counted: list[date], rule: LossRule | None, since: date | None) -> None:
    """Enough attempts on days of their own over enough months. Where the protocol has no rule one attempt is."""
    needed, months = (rule.attempts, rule.over_months) if rule else (1, 0)
    days = sorted(set(counted))
    if len(days) < needed or add_months(days[0], months) > days[-1]:
        raise Refused(
            refusals.course.ATTEMPTS_NOT_SUFFICIENT, attempts=len(days), needed=needed, over_months=months, since=since
        )
