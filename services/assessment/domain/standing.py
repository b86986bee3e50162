"""What must be known of a subject before anything can be recorded about it here."""

from datetime import date

from contracts.events.heard import Heard
from services.assessment.domain.refusals import common
from services.chassis.refusal import Refused


def included(known: Heard | None, subject: str) -> tuple[date, date]:
    """The days of consent and of inclusion, of a subject that was heard to be included. Raises `Refused`."""
    if known is None:
        raise Refused(common.SUBJECT_NOT_HEARD_OF, subject=subject)
    if known.erased_on is not None:
        raise Refused(common.SUBJECT_ERASED, erased_on=known.erased_on)
    if known.consent_on is None or known.included_on is None:
        raise Refused(common.INCLUSION_NOT_HEARD_OF, subject=subject)
    return known.consent_on, known.included_on


def dated(known: Heard | None, on: date, *, field: str, since: date, today: date) -> None:
    """Something of a living subject that is no older than `since`; `field` has its day. Raises `Refused`."""
    if on > today:
        raise Refused(common.IN_THE_FUTURE, field=field, on=on, today=today)
    if on < since:
        raise Refused(common.TOO_EARLY, field=field, on=on, since=since)
    if known is not None and known.died_on is not None and on > known.died_on:
        raise Refused(common.AFTER_DEATH, field=field, on=on)
