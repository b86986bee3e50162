"""The end of the study for a subject, and what time alone brings (digest T16, T23; ruling 19)."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.events.course import EndOfStudyReached, LongTermFollowUpReached
from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from contracts.vocabulary.course import EndReason
from contracts.vocabulary.month import add_months
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import RANDOMIZATION, Subject
from services.enrolment.domain.subject.guards import not_in_the_future, screened


@dataclass(frozen=True, slots=True)
class EndStudy:
    """The sponsor closes the study for a subject."""

    study: str
    subject: str
    ended_on: date

    @property
    def occurred_on(self) -> date:
        """The day of the closure."""
        return self.ended_on


def end_study(subject: Subject, setting: Setting, cmd: EndStudy) -> tuple[EndOfStudyReached, ...]:
    """End the study for a subject that is still in it, lost ones among them."""
    screened(subject)
    not_in_the_future(setting.today, ended_on=cmd.ended_on)
    if subject.participation.terminal:
        raise Refused(refusals.course.NO_FOLLOW_UP_LEFT, participation=subject.participation)
    last = subject.last_contact_on
    if last is not None and cmd.ended_on < last:
        raise Refused(refusals.standing.LATER_RECORDS, last_on=last)
    reason = EndReason.STUDY_CLOSED
    return (EndOfStudyReached(study=cmd.study, subject=cmd.subject, ended_on=cmd.ended_on, reason=reason),)


def due_ends(subject: Subject, setting: Setting) -> tuple[Fact, ...]:
    """What has come about for a subject by the mere passing of days, up to today; nothing twice.

    The end of its follow-up, or that the window of the last assessment of the analysis went by without a reading.
    """
    if subject.screening is None or subject.inclusion is None or subject.participation.terminal:
        return ()
    study, who = setting.protocol.study.id, subject.screening.subject
    ends_on = follow_up_ends_on(subject, setting.protocol)
    if ends_on is not None and ends_on <= setting.today:
        day = max(ends_on, subject.last_contact_on or ends_on)
        return (EndOfStudyReached(study=study, subject=who, ended_on=day, reason=EndReason.FOLLOW_UP_COMPLETED),)
    over_on = _last_window_over_on(subject, setting.protocol)
    if over_on is None or over_on > setting.today or subject.long_term_since is not None:
        return ()
    return (LongTermFollowUpReached(study=study, subject=who, reached_on=over_on),)


def follow_up_ends_on(subject: Subject, protocol: Protocol) -> date | None:
    """The day on which a subject has been followed for as long as the protocol says. None: its anchor is not there.

    Of a randomized subject that is counted from randomization where the protocol says so; a study that is closed before
    ends by `EndStudy`.
    """
    rule = protocol.follow_up
    anchor = rule.since
    if subject.randomized_on is not None and rule.randomized_since is not None:
        anchor = rule.randomized_since
    since = _anchor_day(subject, anchor)
    return add_months(since, rule.months) if since is not None else None


def last_timepoint(protocol: Protocol) -> str | None:
    """The timepoint of the last assessment of the analysis."""
    windows = sorted(protocol.analysis_windows, key=lambda window: window.target_day)
    return windows[-1].timepoint if windows else None


def _last_window_over_on(subject: Subject, protocol: Protocol) -> date | None:
    """The first day after the last analysis window of a randomized subject."""
    timepoint = last_timepoint(protocol)
    if timepoint is None or subject.randomized_on is None:
        return None
    return subject.randomized_on + timedelta(days=protocol.window[timepoint].last_day + 1)


def _anchor_day(subject: Subject, anchor: str) -> date | None:
    if anchor == RANDOMIZATION:
        return subject.randomized_on
    if anchor == "inclusion":
        return subject.inclusion.included_on if subject.inclusion else None
    found = {f"cycle_{cycle.number}": cycle.given_on for cycle in (*subject.cycles, *subject.treatment)}
    return found.get(anchor)
