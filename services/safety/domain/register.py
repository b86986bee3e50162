"""Subjects as safety has heard of them from enrolment: the dates that its own guards need, and nothing else."""

from dataclasses import dataclass, replace
from datetime import date

from contracts.events.course import RecordAnnulled, SubjectErased
from contracts.events.enrolment import ConsentSigned, DeathRecorded, SubjectScreened
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact


@dataclass(frozen=True, slots=True)
class Subject:
    """What has been heard. A date that is None may have happened: word of it has not arrived."""

    study: str
    subject: str
    consent_on: date | None = None
    died_on: date | None = None
    death: str | None = None
    """The event that told of the death: enrolment may annul it."""
    erased_on: date | None = None


HEARD = (SubjectScreened, ConsentSigned, DeathRecorded, RecordAnnulled, SubjectErased)
"""The facts of others that this service uses."""


def heard(known: Subject, envelope: Envelope[Fact]) -> Subject:
    """Fold one fact of enrolment about the subject. That it was screened says only that it exists.

    Of one that was erased nothing else is kept, and nothing is added.
    """
    fact = envelope.fact
    if known.erased_on is not None:
        return known
    match fact:
        case SubjectErased():
            return Subject(known.study, known.subject, erased_on=fact.erased_on)
        case ConsentSigned():
            # A later version signed again does not move the day from which data may be collected.
            return replace(known, consent_on=min(known.consent_on or fact.signed_on, fact.signed_on))
        case DeathRecorded():
            return replace(known, died_on=fact.died_on, death=str(envelope.event_id))
        case RecordAnnulled() if str(fact.annulled) == known.death:
            return replace(known, died_on=None, death=None)
        case _:
            return known
