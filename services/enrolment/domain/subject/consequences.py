"""What was recorded only because of another record, and falls with it."""

from collections.abc import Iterator

from contracts.events import treatment
from contracts.events.course import (
    ConsentWithdrawn,
    ProgressionNoted,
    ProtocolDeviationRecorded,
    RecordAnnulled,
)
from contracts.events.enrolment import CycleAdministered, DeathRecorded, RunInEnded, VisitsScheduled
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact, SubjectFact
from contracts.events.treatment import (
    CycleDosed,
    SurveillanceStarted,
    TreatmentConsentWithdrawn,
    TreatmentCycleAdministered,
    TreatmentDeviationRecorded,
    TreatmentRecordAnnulled,
    TreatmentVisitsScheduled,
)
from contracts.vocabulary.clinical import RunInExit
from services.enrolment.domain.state import Subject
from services.enrolment.domain.visit_book import EXIT, PROGRESSION, SURVEILLANCE


def annulled(subject: Subject, wrong: Envelope[Fact]) -> tuple[Fact, ...]:
    """The annulments of a record and of all that followed from it. What replaces it is scheduled again."""
    return tuple(_annulment(one) for one in (wrong, *_following(subject, wrong)))


def _annulment(one: Envelope[Fact]) -> Fact:
    """On the topic of what is annulled: whoever heard the one hears the other."""
    fact = one.fact
    if not isinstance(fact, SubjectFact):
        raise TypeError(f"{fact.type_name} is of no subject")
    told = TreatmentRecordAnnulled if fact.topic == treatment.TOPIC else RecordAnnulled
    return told(study=fact.study, subject=fact.subject, annulled=one.event_id)


def _following(subject: Subject, wrong: Envelope[Fact]) -> Iterator[Envelope[Fact]]:
    for one in subject.history:
        if one.event_id != wrong.event_id and _follows(one.fact, wrong):
            yield one
            yield from _following(subject, one)


def _follows(fact: Fact, wrong: Envelope[Fact]) -> bool:
    """Whether a fact was recorded because of that one: its schedule, dose record, deviations, the exit it led to."""
    cause = wrong.fact
    match fact:
        case ProtocolDeviationRecorded(about=about) | TreatmentDeviationRecorded(about=about):
            return about == wrong.event_id
        case VisitsScheduled(anchor=anchor) | TreatmentVisitsScheduled(anchor=anchor):
            return anchor == _anchor(cause)
        case CycleDosed(cycle=number):
            return isinstance(cause, CycleAdministered) and number == cause.cycle
        case RunInEnded(reason=RunInExit.DEATH, ended_on=day):
            return isinstance(cause, DeathRecorded) and day == cause.died_on
        case RunInEnded(reason=RunInExit.WITHDRAWAL, ended_on=day):
            return isinstance(cause, ConsentWithdrawn | TreatmentConsentWithdrawn) and day == cause.withdrawn_on
        case _:
            return False


def _anchor(cause: Fact) -> str | None:
    """The anchor of the visits that follow from a fact."""
    match cause:
        case CycleAdministered(cycle=number) | TreatmentCycleAdministered(cycle=number):
            return f"cycle_{number}"
        case RunInEnded():
            return EXIT
        case ProgressionNoted():
            return PROGRESSION
        case SurveillanceStarted():
            return SURVEILLANCE
        case _:
            return None
