"""The rules' numbers out of the protocol file, and what was seen out of facts."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.protocol.tumour_response import TumourResponse
from services.assessment.domain.recist.seen import Baseline, Criteria, Target, Visit

TENTHS: Final = 10


def criteria_of(rules: TumourResponse) -> Criteria:
    """Millimetres become tenths."""
    return Criteria(
        increase=rules.increase_mm * TENTHS,
        growth=Decimal(rules.increase_ratio),
        shrinkage=Decimal(rules.decrease_ratio),
        node=rules.node_mm * TENTHS,
        sticky=rules.lasting_response,
    )


def baseline_of(targets: Iterable[TargetLesion], non_targets: Iterable[NonTargetLesion]) -> Baseline:
    """The lesions that a subject is followed by."""
    return Baseline(
        tuple(Target(one.lesion, one.node, one.tenths) for one in targets), tuple(one.lesion for one in non_targets)
    )


def visit_of(seen: Seen | None) -> Visit:
    """One timepoint. Where nothing was measured nothing can be evaluated."""
    return Visit(seen.targets, seen.non_targets, seen.new) if seen is not None else Visit()
