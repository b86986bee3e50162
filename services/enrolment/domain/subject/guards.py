"""Guards that several commands begin with: each says nothing, or refuses."""

from datetime import date

from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.records import Consent, Inclusion, Screening
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import Subject


def screened(subject: Subject) -> Screening:
    """The subject exists, or `Refused`."""
    if subject.screening is None:
        raise Refused(refusals.UNKNOWN_SUBJECT)
    return subject.screening


def consented_by(subject: Subject, day: date) -> Consent:
    """The consent under which something may be done on a day, or `Refused` (invariant 1)."""
    if subject.consent is None or day < subject.consent.signed_on:
        raise Refused(refusals.NO_CONSENT, signed_on=subject.consent.signed_on if subject.consent else None)
    return subject.consent


def included_by(subject: Subject, day: date) -> Inclusion:
    """The inclusion, if it was no later than a day, or `Refused`."""
    if subject.inclusion is None or day < subject.inclusion.included_on:
        raise Refused(refusals.NOT_INCLUDED, included_on=subject.inclusion.included_on if subject.inclusion else None)
    return subject.inclusion


def enrolling_on(site: Site, day: date) -> None:
    """A site takes nobody in before its activation or in a pause. The day decides, not when it is recorded."""
    if not site.activated_by(day):
        raise Refused(refusals.SITE_NOT_ACTIVE, activated_on=site.activated_on)
    if site.paused_on(day):
        raise Refused(refusals.SITE_PAUSED, paused_on=next(p.paused_on for p in site.pauses if p.covers(day)))


def alive_on(subject: Subject, day: date) -> None:
    """Nothing clinical is dated after a death (invariant 12)."""
    if subject.death is not None and day > subject.death.died_on:
        raise Refused(refusals.DEAD, died_on=subject.death.died_on)


def not_in_the_future(today: date, **days: date) -> None:
    """No clinical date lies ahead of the trial's calendar (invariant 16)."""
    for field, day in days.items():
        if day > today:
            raise Refused(refusals.IN_THE_FUTURE, field=field, today=today)
