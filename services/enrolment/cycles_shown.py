"""The treatment of a subject as those see it who may know its arm."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from contracts.events.enrolment import CycleAdministered
from contracts.events.treatment import CycleDelayed, CycleOmitted, TreatmentCycleAdministered
from contracts.protocol.model import Protocol
from services.chassis.refusal import Refused
from services.enrolment.cycle_bodies import (
    CumulativeView,
    CyclesView,
    DoseView,
    GivenCycle,
    HindranceView,
    NextCycleView,
    PutOffView,
)
from services.enrolment.domain import refusals
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.cycles import earlier_cycles, given_cycles, next_cycle, window_of
from services.enrolment.domain.subject.delays import planned_on
from services.enrolment.domain.subject.dose_deviations import dose_of
from services.enrolment.domain.subject.guards import screened
from services.enrolment.domain.subject.treatment import cycles_left, forbidding, phase


def cycles_of(subject: Subject, protocol: Protocol, at: date) -> CyclesView:
    """Everything about the cycles of a screened subject, as of a day."""
    stop = subject.stop
    return CyclesView(
        subject=screened(subject).subject,
        at=at,
        arm=subject.assigned.arm if subject.assigned else None,
        phase=phase(subject),
        given=list(_given(subject)),
        put_off=list(_put_off(subject)),
        next=_next(subject, protocol, at),
        cumulative=_cumulative(subject, protocol, at),
        discontinued_on=stop.discontinued_on if stop else None,
        discontinued_because=stop.reason if stop else None,
        surveillance_since=subject.surveillance_since,
    )


def _given(subject: Subject) -> Iterator[GivenCycle]:
    facts = [envelope.fact for envelope in subject.history]
    for envelope in subject.history:
        fact = envelope.fact
        if isinstance(fact, CycleAdministered | TreatmentCycleAdministered):
            dose = dose_of(fact, facts)
            yield GivenCycle(
                cycle=fact.cycle,
                given_on=fact.given_on,
                prescribed_mbq=fact.prescribed_mbq,
                administered_mbq=fact.administered_mbq,
                reduction_reason=fact.reduction_reason,
                dose=DoseView.model_validate(dose, from_attributes=True) if dose is not None else None,
                event_id=envelope.event_id,
            )


def _put_off(subject: Subject) -> Iterator[PutOffView]:
    for envelope in subject.history:
        until: date | None
        match envelope.fact:
            case CycleDelayed(cycle=number, delayed_on=day, planned_on=until, reason=reason):
                pass
            case CycleOmitted(cycle=number, omitted_on=day, reason=reason):
                until = None
            case _:
                continue
        yield PutOffView(cycle=number, decided_on=day, planned_on=until, reason=reason, event_id=envelope.event_id)


def _next(subject: Subject, protocol: Protocol, at: date) -> NextCycleView | None:
    """The cycle that would come next; before the arm is heard, the first after the run-in is nobody's yet."""
    left = cycles_left(subject)
    rule = protocol.cycle.get(left[0]) if left else None
    if rule is None and subject.assigned is None:
        rule = next_cycle(subject, protocol)
    if rule is None:
        return None
    window = window_of(subject, rule)
    return NextCycleView(
        cycle=rule.number,
        prescribed_mbq=Decimal(rule.prescribed_mbq),
        earliest_on=window.earliest_on if window else None,
        target_on=window.target_on if window else None,
        latest_on=window.latest_on if window else None,
        planned_on=planned_on(subject, rule, window) if window else None,
        forbidden_by=[_hindrance(one) for one in _hindrances(subject, protocol, rule.number, at)],
    )


def _hindrances(subject: Subject, protocol: Protocol, number: int, at: date) -> Iterator[Refused]:
    """What the command would refuse by, and what it cannot know: how many cycles there were before."""
    yield from forbidding(subject, protocol, number, at)
    limited = protocol.radiopharmaceutical is not None and protocol.radiopharmaceutical.lifetime is not None
    if limited and earlier_cycles(subject, protocol, at) is None:
        yield Refused(refusals.treatment.EARLIER_CYCLES_UNKNOWN)


def _hindrance(refused: Refused) -> HindranceView:
    return HindranceView(reason=refused.refusal.code, title=refused.refusal.title, remedy=refused.refusal.remedy)


def _cumulative(subject: Subject, protocol: Protocol, at: date) -> CumulativeView:
    limit = protocol.radiopharmaceutical.lifetime if protocol.radiopharmaceutical else None
    earlier = earlier_cycles(subject, protocol, at)
    each = limit.earlier_mbq_each if limit else None
    given = given_cycles(subject)
    return CumulativeView(
        study_mbq=sum((cycle.administered_mbq for cycle in given), Decimal(0)),
        study_cycles=len(given),
        earlier_cycles=earlier,
        earlier_mbq=Decimal(earlier * each) if earlier is not None and each is not None else None,
        lifetime_cycles=limit.cycles if limit else None,
    )
