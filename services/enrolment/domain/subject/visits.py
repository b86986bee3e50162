"""The visits that follow from something that happened, and those that took place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from contracts.events.course import ProgressionNoted, ProtocolDeviationRecorded
from contracts.events.enrolment import RunInEnded, VisitsScheduled
from contracts.events.fact import Fact
from contracts.events.treatment import (
    FormDone,
    SurveillanceStarted,
    TreatmentCycleAdministered,
    TreatmentDeviationRecorded,
    TreatmentVisitsScheduled,
    VisitPerformed,
)
from contracts.protocol.calendar import Slot
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.course import DeviationKind, Severity
from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.schedule import plan, visits_from
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import RANDOMIZATION, Subject
from services.enrolment.domain.subject.guards import alive_on, consented_by, not_in_the_future, screened
from services.enrolment.domain.visit_book import EXIT, INCLUSION, PROGRESSION, SURVEILLANCE, Book, book_of


@dataclass(frozen=True, slots=True)
class PerformVisit:
    """Record that a planned visit took place, with the forms filled in at it. The note is sealed already."""

    study: str
    subject: str
    visit: str
    performed_on: date
    forms: tuple[FormDone, ...] = ()
    note: SealedText | None = None

    @property
    def occurred_on(self) -> date:
        """The day of the visit."""
        return self.performed_on


@dataclass(frozen=True, slots=True)
class ReportDeviation:
    """Record what a person noticed. `tells_arm`: it is about what only one arm has. The note is sealed already."""

    study: str
    subject: str
    severity: Severity
    deviated_on: date
    visit: str | None = None
    tells_arm: bool = False
    note: SealedText | None = None

    @property
    def occurred_on(self) -> date:
        """The day of what was noticed."""
        return self.deviated_on


def schedule(protocol: Protocol, subject: str, anchor: str, day: date) -> VisitsScheduled:
    """The visits that follow from an anchor. Those wholly before it are not visits to come."""
    visits = tuple(visit for visit in visits_from(protocol, anchor, day) if visit.latest_on >= day)
    return VisitsScheduled(study=protocol.study.id, subject=subject, anchor=anchor, anchor_on=day, visits=visits)


def schedule_of_arm(
    protocol: Protocol, subject: str, arm: str, anchor: str, day: date
) -> tuple[TreatmentVisitsScheduled, ...]:
    """The visits that only this arm has after an anchor, as a fact that readers of scans never see; none: no fact."""
    visits = tuple(visit for visit in visits_from(protocol, anchor, day, arm) if visit.latest_on >= day)
    if not visits:
        return ()
    study = protocol.study.id
    return (TreatmentVisitsScheduled(study=study, subject=subject, anchor=anchor, anchor_on=day, visits=visits),)


def scheduled_by(subject: Subject, protocol: Protocol, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """What facts about to be recorded add to a subject's visits, beside what they schedule themselves.

    Whoever leaves the run-in or progresses is followed for survival; an arm has visits of its own.
    """
    return tuple(_scheduled_by(subject, protocol, tuple(facts)))


def _scheduled_by(subject: Subject, protocol: Protocol, facts: tuple[Fact, ...]) -> Iterator[Fact]:
    arm = subject.assigned.arm if subject.assigned else None
    known = {fact.anchor for fact in facts if isinstance(fact, TreatmentVisitsScheduled)}
    for fact in facts:
        match fact:
            case RunInEnded(subject=who, ended_on=day, reason=reason) if reason is not RunInExit.DEATH:
                anchor = EXIT
            case ProgressionNoted(subject=who, progressed_on=day):
                anchor = PROGRESSION
            case TreatmentAssigned(subject=who, arm=told, assigned_on=day):
                yield from schedule_of_arm(protocol, who, told, RANDOMIZATION, subject.randomized_on or day)
                continue
            case TreatmentCycleAdministered(subject=who, cycle=number, given_on=day) if (
                arm is not None and f"cycle_{number}" not in known
            ):
                yield from schedule_of_arm(protocol, who, arm, f"cycle_{number}", day)
                continue
            case SurveillanceStarted(subject=who, started_on=day) if arm is not None and SURVEILLANCE not in known:
                yield from schedule_of_arm(protocol, who, arm, SURVEILLANCE, day)
                continue
            case _:
                continue
        if plan(protocol, anchor, day):
            yield schedule(protocol, who, anchor, day)


def perform_visit(subject: Subject, setting: Setting, cmd: PerformVisit) -> tuple[VisitPerformed, ...]:
    """Record a visit on whatever day it took place: outside its window is a deviation, never refused (ruling 11)."""
    screened(subject)
    on = cmd.performed_on
    not_in_the_future(setting.today, performed_on=on)
    alive_on(subject, on)
    consented_by(subject, on)
    protocol = setting.protocol
    if cmd.visit not in protocol.visit:
        raise Refused(refusals.visits.UNKNOWN_VISIT, visit=cmd.visit)
    book = book_of(subject.history)
    if cmd.visit in book.performed:
        raise Refused(refusals.visits.VISIT_ALREADY_RECORDED, performed_on=book.performed[cmd.visit].on)
    if slot_of(book, protocol, cmd.visit) is None and not _precedes_inclusion(protocol, cmd.visit):
        raise Refused(refusals.visits.VISIT_NOT_SCHEDULED, anchor=protocol.visit[cmd.visit].anchor)
    permitted = sorted(form.id for forms in protocol.forms_at[cmd.visit] for form in forms)
    named = [one.form for one in cmd.forms]
    if not set(named) <= set(permitted) or len(named) != len(set(named)):
        raise Refused(refusals.visits.FORM_NOT_OF_VISIT, forms=permitted)
    return (
        VisitPerformed(
            study=cmd.study, subject=cmd.subject, visit=cmd.visit, performed_on=on, forms=cmd.forms, note=cmd.note
        ),
    )


def report_deviation(subject: Subject, setting: Setting, cmd: ReportDeviation) -> tuple[Fact, ...]:
    """Record what a person noticed. What could tell the arm goes where its readers are named."""
    screened(subject)
    not_in_the_future(setting.today, occurred_on=cmd.deviated_on)
    rule = setting.protocol.visit.get(cmd.visit) if cmd.visit is not None else None
    if cmd.visit is not None and rule is None:
        raise Refused(refusals.visits.UNKNOWN_VISIT, visit=cmd.visit)
    kind = (
        TreatmentDeviationRecorded if cmd.tells_arm or (rule is not None and rule.arms) else ProtocolDeviationRecorded
    )
    return (
        kind(
            study=cmd.study,
            subject=cmd.subject,
            deviation=DeviationKind.REPORTED,
            severity=cmd.severity,
            occurred_on=cmd.deviated_on,
            visit=cmd.visit,
            note=cmd.note,
        ),
    )


def slot_of(book: Book, protocol: Protocol, visit: str) -> Slot | None:
    """When a visit was or is meant to be. One before its anchor is known once the anchor is reached."""
    found = next((slot for slot in book.slots(arm=True) if slot.visit == visit), None)
    rule = protocol.visit.get(visit)
    if found is not None or rule is None or rule.arms:
        return found
    day = book.happened.reached.get(rule.anchor)
    planned = next((one for one in plan(protocol, rule.anchor, day) if one.visit == visit), None) if day else None
    if planned is None or day is None:
        return None
    return Slot(visit, rule.anchor, day, planned.target_on, planned.earliest_on, planned.latest_on)


def _precedes_inclusion(protocol: Protocol, visit: str) -> bool:
    """A visit before the inclusion takes place without anybody knowing its window yet."""
    rule = protocol.visit[visit]
    return rule.anchor == INCLUSION and rule.target.days is not None and rule.target.days + rule.days_after < 0
