"""What about a cycle is not as the protocol has it without being forbidden (invariant 9)."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from uuid import UUID

from contracts.events.enrolment import CycleAdministered
from contracts.events.fact import Fact
from contracts.events.treatment import CycleDosed, DoseRecord, TreatmentCycleAdministered
from contracts.protocol.model import Protocol
from contracts.vocabulary.course import DeviationKind
from services.enrolment.domain.dose import administered_mbq
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.cycles import anchor_day

Given = CycleAdministered | TreatmentCycleAdministered


def dose_deviations(
    before: Subject, protocol: Protocol, facts: Sequence[tuple[UUID, Fact]]
) -> Iterator[tuple[UUID, Given, DeviationKind]]:
    """What deviates, of each cycle among facts about to be recorded with these ids."""
    for event_id, fact in facts:
        if isinstance(fact, Given):
            dose = dose_of(fact, (other for _, other in facts))
            for kind in cycle_deviations(before, protocol, fact, dose):
                yield event_id, fact, kind


def cycle_deviations(
    before: Subject, protocol: Protocol, fact: Given, dose: DoseRecord | None = None
) -> tuple[DeviationKind, ...]:
    """What is not as the protocol has it, of a cycle given to the subject as it was before.

    An activity that follows from measurements is compared as it follows from them, unrounded.
    """
    return tuple(_kinds(before, protocol, fact, dose))


def _kinds(before: Subject, protocol: Protocol, fact: Given, dose: DoseRecord | None) -> Iterator[DeviationKind]:
    rule = protocol.cycle[fact.cycle]
    administered = fact.administered_mbq if dose is None else administered_mbq(dose)
    if abs(administered - fact.prescribed_mbq) * 100 > fact.prescribed_mbq * rule.tolerance_percent:
        yield DeviationKind.DOSE_OUTSIDE_TOLERANCE
    reduced = fact.reduction_reason is not None and fact.prescribed_mbq in rule.reductions
    if fact.prescribed_mbq != Decimal(rule.prescribed_mbq) and not reduced:
        yield DeviationKind.DOSE_NOT_AS_IN_PROTOCOL
    if dose is not None and not dose.amino_acids:
        yield DeviationKind.AMINO_ACIDS_NOT_GIVEN
    since = anchor_day(before, rule)
    days = (fact.given_on - since).days if since is not None else 0
    if days > rule.latest_days:
        yield DeviationKind.CYCLE_BEYOND_LATEST_DAY
    elif days > rule.on_time_until_days:
        yield DeviationKind.CYCLE_LATE


def dose_of(fact: Given, facts: Iterable[Fact]) -> DoseRecord | None:
    """The dose record of a cycle: its own, or the one recorded beside a cycle of the run-in."""
    if isinstance(fact, TreatmentCycleAdministered):
        return fact.dose
    return next((one.dose for one in facts if isinstance(one, CycleDosed) and one.cycle == fact.cycle), None)
