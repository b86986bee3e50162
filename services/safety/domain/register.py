"""Subjects as safety has heard of them from enrolment: the dates that its own guards need, and nothing else."""

from dataclasses import dataclass, replace
from datetime import date

from contracts.events.enrolment import ConsentSigned, DeathRecorded, SubjectScreened
from contracts.events.fact import Fact


@dataclass(frozen=True, slots=True)
class Subject:
    """What has been heard. A date that is None may have happened: word of it has not arrived."""

    study: str
    subject: str
    consent_on: date | None = None
    died_on: date | None = None


HEARD = (SubjectScreened, ConsentSigned, DeathRecorded)
"""The facts of others that this service uses."""


def heard(known: Subject, fact: Fact) -> Subject:
    """Fold one fact of enrolment about the subject. That it was screened says only that it exists."""
    match fact:
        case ConsentSigned():
            # A later version signed again does not move the day from which data may be collected.
            return replace(known, consent_on=min(known.consent_on or fact.signed_on, fact.signed_on))
        case DeathRecorded():
            return replace(known, died_on=fact.died_on)
        case _:
            return known
