"""What was not as the protocol has it, found beside what is recorded and recorded in the same append."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from uuid import UUID

from contracts.events.course import ProtocolDeviationRecorded, RecordAnnulled
from contracts.events.enrolment import CycleAdministered
from contracts.events.fact import Fact, SubjectFact
from contracts.events.treatment import (
    TreatmentCycleAdministered,
    TreatmentDeviationRecorded,
    TreatmentRecordAnnulled,
    VisitPerformed,
)
from contracts.protocol.model import Protocol
from contracts.vocabulary.course import DeviationKind, Severity
from services.enrolment.domain.reconsent import consent_due
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.dose_deviations import dose_deviations
from services.enrolment.domain.subject.visits import slot_of
from services.enrolment.domain.visit_book import Book, book_of


def deviations(before: Subject, setting: Setting, facts: Sequence[tuple[UUID, Fact]]) -> tuple[Fact, ...]:
    """The deviations of facts about to be recorded, each with the id that it gets.

    `before` is the subject without them. A visit that took place in its window after all takes back that it was missed.
    """
    found = chain.from_iterable(_of(before, setting, at, fact) for at, fact in facts)
    return (*found, *_of_doses(before, setting.protocol, facts))


def _of_doses(before: Subject, protocol: Protocol, facts: Sequence[tuple[UUID, Fact]]) -> Iterator[Fact]:
    for at, given, kind in dose_deviations(before, protocol, facts):
        tells = isinstance(given, TreatmentCycleAdministered)
        yield recorded(protocol, given.subject, kind, given.given_on, about=at, tells_arm=tells)


def _of(before: Subject, setting: Setting, at: UUID, fact: Fact) -> Iterator[Fact]:
    match fact:
        case VisitPerformed():
            yield from _of_visit(before, setting.protocol, at, fact)
            yield from _of_consent(before, setting, at, fact, fact.performed_on)
        case CycleAdministered() | TreatmentCycleAdministered():
            yield from _of_consent(before, setting, at, fact, fact.given_on)
        case _:
            return


def missed(subject: Subject, setting: Setting) -> tuple[Fact, ...]:
    """The visits that were missed by now, each recorded once; dated by the day after the last one that counted."""
    book = book_of(subject.history)
    if subject.screening is None:
        return ()
    who = subject.screening.subject
    return tuple(
        recorded(setting.protocol, who, DeviationKind.VISIT_MISSED, one.slot.latest_on, visit=one.slot.visit)
        for one in book.unrecorded_misses(setting.protocol, setting.today)
    )


def severity_of(protocol: Protocol, kind: DeviationKind) -> Severity:
    """How grave a kind is in this trial. What the file does not speak of is recorded all the same, as minor."""
    return next((rule.severity for rule in protocol.deviations if rule.kind is kind), Severity.MINOR)


def recorded(
    protocol: Protocol,
    subject: str,
    kind: DeviationKind,
    day: date,
    *,
    about: UUID | None = None,
    visit: str | None = None,
    tells_arm: bool = False,
) -> Fact:
    """A deviation as a fact, on the topic that fits: one of a visit that not all arms have tells the arm."""
    rule = protocol.visit.get(visit) if visit is not None else None
    told = TreatmentDeviationRecorded if tells_arm or (rule is not None and rule.arms) else ProtocolDeviationRecorded
    return told(
        study=protocol.study.id,
        subject=subject,
        deviation=kind,
        severity=severity_of(protocol, kind),
        occurred_on=day,
        about=about,
        visit=visit,
    )


def _of_visit(before: Subject, protocol: Protocol, at: UUID, fact: VisitPerformed) -> Iterator[Fact]:
    book, rule = book_of(before.history), protocol.visit.get(fact.visit)
    if rule is None:
        return
    slot = slot_of(book, protocol, fact.visit)
    filled = {one.form for one in fact.forms if one.done}
    required, _ = protocol.forms_at[fact.visit]
    so = {
        DeviationKind.VISIT_OUTSIDE_WINDOW: slot is not None and not slot.covers(fact.performed_on),
        DeviationKind.FORM_MISSING: any(form.id not in filled for form in required),
        DeviationKind.VISIT_ORDER: _out_of_order(book, protocol, fact),
    }
    for kind, found in so.items():
        if found:
            yield recorded(protocol, fact.subject, kind, fact.performed_on, about=at, visit=fact.visit)
    if slot is not None and slot.covers(fact.performed_on):
        told = TreatmentRecordAnnulled if rule.arms else RecordAnnulled
        for one in book.missed:
            if one.visit == fact.visit:
                yield told(study=fact.study, subject=fact.subject, annulled=one.event_id)


def _out_of_order(book: Book, protocol: Protocol, fact: VisitPerformed) -> bool:
    """Whether a visit meant for an earlier day took place later than this one, or the other way round."""
    here = slot_of(book, protocol, fact.visit)
    if here is None:
        return False
    for done in book.done:
        there = slot_of(book, protocol, done.visit)
        if there is None or there.target_on == here.target_on:
            continue
        if (there.target_on < here.target_on) is (done.on > fact.performed_on) and done.on != fact.performed_on:
            return True
    return False


def _of_consent(before: Subject, setting: Setting, at: UUID, fact: SubjectFact, day: date) -> Iterator[Fact]:
    """Something of the study was done on a day on which a newer consent should have been signed; once for a day."""
    due = consent_due(before, setting.site, day)
    known = any(d.kind is DeviationKind.CONSENT_VERSION and d.occurred_on == day for d in before.deviations)
    if due is None or not due.overdue or known:
        return
    visit = fact.visit if isinstance(fact, VisitPerformed) else None
    kind, tells = DeviationKind.CONSENT_VERSION, isinstance(fact, TreatmentCycleAdministered)
    yield recorded(setting.protocol, fact.subject, kind, day, about=at, visit=visit, tells_arm=tells)
