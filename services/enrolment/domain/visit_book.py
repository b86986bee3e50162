"""What a subject's facts mean for its visits: one fold, for the write side and for the read model alike."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.events.course import (
    ConsentWithdrawn,
    EndOfStudyReached,
    NotIncluded,
    ProgressionNoted,
    ProtocolDeviationRecorded,
    RecordAnnulled,
    SubjectErased,
)
from contracts.events.enrolment import (
    CycleAdministered,
    DeathRecorded,
    RunInEnded,
    ScheduledVisit,
    SubjectIncluded,
    VisitsScheduled,
)
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.treatment import (
    SurveillanceStarted,
    TreatmentConsentWithdrawn,
    TreatmentCycleAdministered,
    TreatmentDeviationRecorded,
    TreatmentDiscontinued,
    TreatmentRecordAnnulled,
    TreatmentVisitsScheduled,
    VisitPerformed,
)
from contracts.protocol.calendar import Happened, Slot, Standing, VisitStatus, calendar
from contracts.protocol.model import Protocol
from contracts.vocabulary.course import DeviationKind

EXIT, INCLUSION, PROGRESSION = "exit", "inclusion", "progression"
SURVEILLANCE, TREATMENT_STOP, END_OF_STUDY = "surveillance", "treatment_stop", "end_of_study"
"""Anchors of the protocol file, as this service reaches them."""
OWN = frozenset((INCLUSION, EXIT, PROGRESSION, SURVEILLANCE, TREATMENT_STOP, END_OF_STUDY))
"""Anchors with a fact of their own; the others are known here by the visits that follow from them."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The visits that follow from an anchor. `arm`: they are of one arm alone, and tell it."""

    event_id: UUID
    anchor: str
    anchor_on: date
    arm: bool
    visits: tuple[ScheduledVisit, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A visit that took place, with the forms that were filled in."""

    event_id: UUID
    visit: str
    on: date
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """An anchor on its day; or what ends all visits, by the name of its fact."""

    event_id: UUID
    anchor: str
    on: date


@dataclass(frozen=True, slots=True)
class Missed:
    """A visit of which it is on record that it was missed."""

    event_id: UUID
    visit: str


@dataclass(frozen=True, slots=True)
class Book:
    """The visits of one subject. Entries name the fact they come from, so that an annulment takes them out again."""

    scheduled: tuple[Scheduled, ...] = ()
    done: tuple[Done, ...] = ()
    reached: tuple[Reached, ...] = ()
    over: tuple[Reached, ...] = ()
    missed: tuple[Missed, ...] = ()

    @property
    def performed(self) -> dict[str, Done]:
        """The visits that took place, by id."""
        return {done.visit: done for done in self.done}

    def slots(self, *, arm: bool) -> tuple[Slot, ...]:
        """The visits as scheduled last. Without `arm`, those of one arm alone are left out.

        Those whose anchor was annulled since are no visits to come any more.
        """
        reached = {one.anchor for one in self.reached}
        last = {(s.anchor, s.arm): s for s in self.scheduled if s.anchor in reached and (arm or not s.arm)}
        return tuple(
            Slot(v.visit, s.anchor, s.anchor_on, v.target_on, v.earliest_on, v.latest_on)
            for s in last.values()
            for v in s.visits
        )

    @property
    def happened(self) -> Happened:
        """What the calendar depends on."""
        return Happened(
            {done.visit: done.on for done in self.done},
            {reached.anchor: reached.on for reached in self.reached},
            min((end.on for end in self.over), default=None),
        )

    def standings(self, protocol: Protocol, on: date, *, arm: bool) -> tuple[Standing, ...]:
        """Every visit with its status on a day, by target date. Without `arm`, none that could tell it."""
        return calendar(protocol, self.slots(arm=arm), self.happened, on)

    def unrecorded_misses(self, protocol: Protocol, on: date) -> tuple[Standing, ...]:
        """The visits that were missed by a day and are not yet on record as such."""
        known = {missed.visit for missed in self.missed}
        found = self.standings(protocol, on, arm=True)
        return tuple(s for s in found if s.status is VisitStatus.MISSED and s.slot.visit not in known)


NOTED: tuple[type[Fact], ...] = (
    VisitsScheduled,
    TreatmentVisitsScheduled,
    VisitPerformed,
    SubjectIncluded,
    CycleAdministered,
    TreatmentCycleAdministered,
    RunInEnded,
    ProgressionNoted,
    SurveillanceStarted,
    TreatmentDiscontinued,
    TreatmentConsentWithdrawn,
    NotIncluded,
    ConsentWithdrawn,
    DeathRecorded,
    EndOfStudyReached,
    SubjectErased,
    ProtocolDeviationRecorded,
    TreatmentDeviationRecorded,
    RecordAnnulled,
    TreatmentRecordAnnulled,
)
"""The facts that `note` looks at."""


def book_of(history: Iterable[Envelope[Fact]]) -> Book:
    """The book after these facts of one subject."""
    book = Book()
    for envelope in history:
        book = note(book, envelope)
    return book


def note(book: Book, envelope: Envelope[Fact]) -> Book:
    """The book after one more fact."""
    at = envelope.event_id
    if any(end.anchor == SubjectErased.type_name for end in book.over):
        return book
    match envelope.fact:
        case VisitsScheduled() as f:
            book = replace(book, scheduled=(*book.scheduled, Scheduled(at, f.anchor, f.anchor_on, False, f.visits)))
            if f.anchor in OWN or f.anchor.startswith("cycle_"):
                return book
            return replace(book, reached=(*book.reached, Reached(at, f.anchor, f.anchor_on)))
        case TreatmentVisitsScheduled() as f:
            return replace(book, scheduled=(*book.scheduled, Scheduled(at, f.anchor, f.anchor_on, True, f.visits)))
        case VisitPerformed() as f:
            forms = tuple(one.form for one in f.forms if one.done)
            return replace(book, done=(*book.done, Done(at, f.visit, f.performed_on, forms)))
        case ProtocolDeviationRecorded() | TreatmentDeviationRecorded() as f:
            if f.deviation is not DeviationKind.VISIT_MISSED or f.visit is None:
                return book
            return replace(book, missed=(*book.missed, Missed(at, f.visit)))
        case RecordAnnulled(annulled=gone) | TreatmentRecordAnnulled(annulled=gone):
            return _without(book, gone)
        case fact:
            return _reached(book, at, fact)


def _reached(book: Book, at: UUID, fact: Fact) -> Book:
    match fact:
        case SubjectIncluded(included_on=day):
            anchor = INCLUSION
        case CycleAdministered(cycle=number, given_on=day) | TreatmentCycleAdministered(cycle=number, given_on=day):
            anchor = f"cycle_{number}"
        case RunInEnded(ended_on=day):
            anchor = EXIT
        case ProgressionNoted(progressed_on=day):
            anchor = PROGRESSION
        case SurveillanceStarted(started_on=day):
            anchor = SURVEILLANCE
        case TreatmentDiscontinued(discontinued_on=day) | TreatmentConsentWithdrawn(withdrawn_on=day):
            anchor = TREATMENT_STOP
        case EndOfStudyReached(ended_on=day):
            ended = Reached(at, END_OF_STUDY, day)
            return replace(book, reached=(*book.reached, ended), over=(*book.over, ended))
        case NotIncluded(decided_on=day) | ConsentWithdrawn(withdrawn_on=day) | DeathRecorded(died_on=day):
            return replace(book, over=(*book.over, Reached(at, fact.type_name, day)))
        case SubjectErased(erased_on=day):
            return Book(over=(Reached(at, fact.type_name, day),))
        case _:
            return book
    return replace(book, reached=(*book.reached, Reached(at, anchor, day)))


def _without(book: Book, gone: UUID) -> Book:
    return Book(
        tuple(one for one in book.scheduled if one.event_id != gone),
        tuple(one for one in book.done if one.event_id != gone),
        tuple(one for one in book.reached if one.event_id != gone),
        tuple(one for one in book.over if one.event_id != gone),
        tuple(one for one in book.missed if one.event_id != gone),
    )
