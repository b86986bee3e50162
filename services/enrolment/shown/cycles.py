"""The treatment of a subject as those see it who may know its arm."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from contracts.events.enrolment import CycleAdministered
from contracts.events.treatment import CycleDelayed, CycleOmitted, TreatmentCycleAdministered
from contracts.protocol.model import Protocol
from contracts.vocabulary.course import CycleReason, DeviationKind, TreatmentStop
from contracts.vocabulary.identifiers import SubjectId
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.cycles import (
    earlier_cycles,
    given_cycles,
    next_cycle,
    window_of,
)
from services.enrolment.domain.subject.delays import planned_on
from services.enrolment.domain.subject.dose_deviations import dose_of
from services.enrolment.domain.subject.guards import screened
from services.enrolment.domain.subject.treatment import (
    Phase,
    cycles_left,
    forbidding,
    phase,
)
from services.enrolment.shown.recorded import RecordedView


class CycleRecordedView(RecordedView):
    """What was recorded of a cycle, and what about it lies outside the protocol: each a fact of its own as well."""

    deviations: list[DeviationKind] = Field(examples=[["CYCLE_LATE"]])


class DoseView(BaseModel):
    """The measurements of a cycle; activities in MBq, times in UTC."""

    batch: str
    measured_mbq: Decimal
    measured_at: AwareDatetime
    residual_mbq: Decimal
    residual_at: AwareDatetime
    infusion_started_at: AwareDatetime
    infusion_ended_at: AwareDatetime
    amino_acids: bool
    half_life_days: Decimal = Field(description="with which the activities were decayed to the start of the infusion")


class GivenCycle(BaseModel):
    """A cycle as given. Activities in MBq."""

    cycle: int
    given_on: date
    prescribed_mbq: Decimal
    administered_mbq: Decimal
    reduction_reason: CycleReason | None
    dose: DoseView | None
    event_id: UUID


class PutOffView(BaseModel):
    """A cycle that was put off, or left out (`planned_on` null)."""

    cycle: int
    decided_on: date
    planned_on: date | None
    reason: CycleReason
    event_id: UUID


class HindranceView(BaseModel):
    """What forbids the next cycle on that day, and what would change it."""

    reason: str = Field(examples=["cycle-too-early"])
    title: str
    remedy: str


class NextCycleView(BaseModel):
    """The next cycle: its window, the day for which it is planned, and what forbids it on that day.

    It is no advice to treat: laboratory values and adverse events are looked at elsewhere.
    """

    cycle: int
    prescribed_mbq: Decimal
    earliest_on: date | None = Field(description="null as long as what it is counted from has not happened")
    target_on: date | None
    latest_on: date | None
    planned_on: date | None
    forbidden_by: list[HindranceView]


class CumulativeView(BaseModel):
    """Activity over all cycles, in MBq."""

    study_mbq: Decimal
    study_cycles: int
    earlier_cycles: int | None = Field(description="of the First PRRT; null: not recorded")
    earlier_mbq: Decimal | None = Field(description="as the protocol takes them to have been, never measured here")
    lifetime_cycles: int | None = Field(description="how many anybody may have")


class CyclesView(BaseModel):
    """The treatment of one subject. It tells the arm."""

    subject: SubjectId
    at: date
    arm: str | None = Field(description="null before the allocation is heard here")
    phase: Phase | None = Field(description="of treatment after randomization")
    given: list[GivenCycle]
    put_off: list[PutOffView]
    next: NextCycleView | None
    cumulative: CumulativeView
    discontinued_on: date | None
    discontinued_because: TreatmentStop | None
    surveillance_since: date | None


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
