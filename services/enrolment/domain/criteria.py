"""A gate: every criterion of the protocol file, evaluated over a subject's dated findings, with its evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID

from contracts.events.enrolment import CriterionRow, Input
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Verdict
from contracts.vocabulary.logic import Truth, all_of
from services.enrolment.domain.expressions import evaluate as outcome_of
from services.enrolment.domain.expressions import judge
from services.enrolment.domain.findings import Observation, Observations
from services.enrolment.domain.scene import Missing, Scene, scene

NOTHING_OVERRIDDEN: Final[Mapping[str, UUID]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion as evaluated. `outcome` is that of its expression; an exclusion passes when it is FALSE.

    `overridden` is the sponsor's decision that it stands in nobody's way for this subject, whatever its outcome.
    """

    criterion: str
    kind: Literal["inclusion", "exclusion"]
    outcome: Truth
    inputs: tuple[Input, ...]
    missing: tuple[Missing, ...]
    warnings: tuple[str, ...]
    overridden: UUID | None = None

    @property
    def passes(self) -> Truth:
        """Whether the criterion lets the subject through. UNKNOWN does not."""
        if self.overridden is not None:
            return Truth.TRUE
        return self.outcome if self.kind == "inclusion" else ~self.outcome

    def fact(self) -> CriterionRow:
        """The row as the log keeps it."""
        return CriterionRow(
            criterion=self.criterion,
            outcome=self.outcome,
            inputs=self.inputs,
            missing=tuple(dict.fromkeys(gap.field for gap in self.missing)),
            overridden=self.overridden,
        )


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """The verdict of a gate at a date, with every row in the order of the protocol file, and what was looked at."""

    gate: int
    at: date
    verdict: Verdict
    rows: tuple[Row, ...]
    criteria_version: str
    protocol_sha256: str
    seen: Scene

    @property
    def failed(self) -> tuple[str, ...]:
        """The criteria that keep the subject out."""
        return tuple(row.criterion for row in self.rows if row.passes is Truth.FALSE)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that would decide what is not decided, or would have to be there."""
        gaps = (gap.field for row in self.rows for gap in row.missing)
        return tuple(dict.fromkeys(gaps))


_VERDICT = {Truth.TRUE: Verdict.ELIGIBLE, Truth.FALSE: Verdict.NOT_ELIGIBLE, Truth.UNKNOWN: Verdict.PENDING}


def evaluate(
    gate: int,
    protocol: Protocol,
    observations: Observations,
    context: Iterable[Observation],
    at: date,
    overridden: Mapping[str, UUID] = NOTHING_OVERRIDDEN,
) -> GateVerdict:
    """The verdict of a gate on a day.

    `context` is what the trial itself knows at this moment (consent, cycles, caps, roles), in the form of findings;
    nothing observed after `at` is seen. `overridden` names the criteria that the sponsor has overridden, with the facts
    that say so; one that this protocol does not let be overridden is asked all the same. A gate without criteria is an
    error of the caller, not a free pass.
    """
    criteria = protocol.gate(gate)
    if not criteria:
        raise ValueError(f"{protocol.study.id} has no criteria for gate {gate}")
    seen = scene(protocol, observations, context, at)
    rows = []
    for criterion in criteria:
        outcome = judge(criterion, seen)
        raised = (each.text for each in criterion.warnings if outcome_of(each.when, seen).truth is Truth.TRUE)
        by = overridden.get(criterion.id) if criterion.overridable else None
        rows.append(
            Row(criterion.id, criterion.kind, outcome.truth, outcome.inputs, outcome.missing, tuple(raised), by)
        )
    return GateVerdict(
        gate=gate,
        at=at,
        verdict=_VERDICT[all_of(row.passes for row in rows)],
        rows=tuple(rows),
        criteria_version=protocol.criteria_version,
        protocol_sha256=protocol.sha256,
        seen=seen,
    )
