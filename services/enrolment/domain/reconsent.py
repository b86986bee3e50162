"""Who has to sign a later version of the consent, and until when."""

from dataclasses import dataclass
from datetime import date

from contracts.vocabulary.course import WithdrawalScope
from services.enrolment.domain.records import Consent
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import Subject


@dataclass(frozen=True, slots=True)
class ConsentDue:
    """A version to sign. `due_by` is the last day on which that is in time; `overdue`: that day is over."""

    signed: Consent
    version: str
    due_by: date
    overdue: bool


def consent_due(subject: Subject, site: Site, day: date) -> ConsentDue | None:
    """What a subject still has to sign on a day, or None.

    The version is the newest one that replaces what was signed; the day is the earliest on which one of them fell due:
    a still later version moves no deadline. Nothing is due of who has signed nothing, has died, has withdrawn from
    follow-up, or is no longer looked at.
    """
    signed = subject.consent_on(day)
    if signed is None or _gone(subject, day):
        return None
    versions = [one.version for one in site.consents]
    later = site.consents[versions.index(signed.version) + 1 :] if signed.version in versions else site.consents
    required = [(one.version, one.reconsent_by) for one in later if one.reconsent_by and one.approved_from <= day]
    if not required:
        return None
    due_by = min(by for _, by in required)
    return ConsentDue(signed, required[-1][0], due_by, overdue=day > due_by)


def _gone(subject: Subject, day: date) -> bool:
    left = (
        subject.death.died_on if subject.death else None,
        subject.end.ended_on if subject.end else None,
        subject.not_included_on,
        subject.erased_on,
        *(w.withdrawn_on for w in subject.withdrawals if w.scope is not WithdrawalScope.TREATMENT),
    )
    return any(since is not None and since <= day for since in left)
