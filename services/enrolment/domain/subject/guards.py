"""Guards that several commands begin with: each says nothing, or refuses."""

from datetime import date

from contracts.vocabulary.course import WithdrawalScope
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.records import Consent, Inclusion, Screening
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import Subject


def screened(subject: Subject) -> Screening:
    """The subject exists and was not erased, or `Refused`."""
    if subject.screening is None:
        raise Refused(refusals.standing.UNKNOWN_SUBJECT)
    if subject.erased_on is not None:
        raise Refused(
            refusals.standing.SUBJECT_ERASED, participation=subject.participation, erased_on=subject.erased_on
        )
    return subject.screening


def consented_by(subject: Subject, day: date) -> Consent:
    """The consent under which something may be done on a day, or `Refused` (invariant 1)."""
    consent = subject.consent_on(day)
    if consent is None:
        raise Refused(
            refusals.standing.NO_CONSENT, signed_on=subject.consents[0].signed_on if subject.consents else None
        )
    return consent


def consent_in_force(subject: Subject, day: date) -> Consent:
    """The consent under which a subject may be taken further into the study on a day: signed, and not withdrawn."""
    if (withdrawal := subject.withdrawn_by(day)) is not None:
        raise Refused(refusals.standing.CONSENT_WITHDRAWN, scope=withdrawal.scope, withdrawn_on=withdrawal.withdrawn_on)
    return consented_by(subject, day)


def screening_open(subject: Subject) -> None:
    """Nobody is included whose screening has ended without inclusion (digest T3)."""
    if subject.not_included_on is not None:
        raise Refused(refusals.standing.SCREENING_OVER, decided_on=subject.not_included_on)


def included_by(subject: Subject, day: date) -> Inclusion:
    """The inclusion, if it was no later than a day, or `Refused`."""
    if subject.inclusion is None or day < subject.inclusion.included_on:
        raise Refused(
            refusals.standing.NOT_INCLUDED, included_on=subject.inclusion.included_on if subject.inclusion else None
        )
    return subject.inclusion


def enrolling_on(site: Site, day: date) -> None:
    """A site takes nobody in before its activation or in a pause. The day decides, not when it is recorded."""
    if not site.activated_by(day):
        raise Refused(refusals.sites.SITE_NOT_ACTIVE, activated_on=site.activated_on)
    if site.paused_on(day):
        raise Refused(refusals.sites.SITE_PAUSED, paused_on=next(p.paused_on for p in site.pauses if p.covers(day)))


def alive_on(subject: Subject, day: date) -> None:
    """Nothing clinical is dated after a death (invariant 12)."""
    if subject.death is not None and day > subject.death.died_on:
        raise Refused(refusals.standing.DEAD, died_on=subject.death.died_on)


def in_study_on(subject: Subject, day: date | None) -> None:
    """Nothing is dated after a subject left the study (digest T20, T23), and nothing recorded without its data's use.

    Deaths are not asked this: registries tell of them whatever became of the subject. Without a day (None) what is
    recorded has several, and each is looked at where it is decided.
    """
    if any(one.scope is WithdrawalScope.DATA_USE for one in subject.withdrawals):
        raise Refused(refusals.standing.DATA_USE_WITHDRAWN)
    left, end = subject.left_on, subject.end
    if day is not None and left is not None and day > left:
        raise Refused(refusals.standing.CONSENT_WITHDRAWN, scope=WithdrawalScope.FOLLOW_UP, withdrawn_on=left)
    if day is not None and end is not None and day > end.ended_on:
        raise Refused(refusals.standing.STUDY_OVER, reason=end.reason, ended_on=end.ended_on)


def followed_on(subject: Subject, day: date | None) -> None:
    """As `in_study_on`, and nothing is dated into a time in which nobody could reach the subject (digest T21)."""
    in_study_on(subject, day)
    lost = subject.lost_since
    if day is not None and lost is not None and day > lost:
        raise Refused(refusals.standing.SUBJECT_LOST, declared_on=lost)


def last_day(subject: Subject) -> date | None:
    """The last day of which anything clinical may be recorded; None: today."""
    days = [
        *([subject.death.died_on] if subject.death else ()),
        *([subject.left_on] if subject.left_on else ()),
        *([subject.end.ended_on] if subject.end else ()),
        *([subject.lost_since] if subject.lost_since else ()),
    ]
    return min(days, default=None)


def not_in_the_future(today: date, **days: date) -> None:
    """No clinical date lies ahead of the trial's calendar (invariant 16)."""
    for field, day in days.items():
        if day > today:
            raise Refused(refusals.common.IN_THE_FUTURE, field=field, today=today)
