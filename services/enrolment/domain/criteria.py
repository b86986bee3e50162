"""A gate: every criterion of the protocol file, evaluated over a subject's dated findings, with its evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from contracts.events.enrolment import CriterionRow, Input
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Verdict
from contracts.vocabulary.logic import Truth, all_of
from services.enrolment.domain.expressions import evaluate as outcome_of
from services.enrolment.domain.expressions import judge
from services.enrolment.domain.findings import Observation, Observations
from services.enrolment.domain.scene import Missing, scene


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion as evaluated. `outcome` is that of its expression; an exclusion passes when it is FALSE."""

    criterion: str
    kind: Literal["inclusion", "exclusion"]
    outcome: Truth
    inputs: tuple[Input, ...]
    missing: tuple[Missing, ...]
    warnings: tuple[str, ...]

    @property
    def passes(self) -> Truth:
        """Whether the criterion lets the subject through. UNKNOWN does not."""
        return self.outcome if self.kind == "inclusion" else ~self.outcome

    def fact(self) -> CriterionRow:
        """The row as the log keeps it."""
        return CriterionRow(
            criterion=self.criterion,
            outcome=self.outcome,
            inputs=self.inputs,
            missing=tuple(dict.fromkeys(gap.field for gap in self.missing)),
        )


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """The verdict of a gate at a date, with every row in the order of the protocol file."""

    gate: int
    at: date
    verdict: Verdict
    rows: tuple[Row, ...]
    criteria_version: str
    protocol_sha256: str

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
    gate: int, protocol: Protocol, observations: Observations, context: Iterable[Observation], at: date
) -> GateVerdict:
    """The verdict of a gate on a day.

    `context` is what the trial itself knows at this moment (consent, cycles, caps, roles), in the form of findings;
    nothing observed after `at` is seen. A gate without criteria is an error of the caller, not a free pass.
    """
    criteria = protocol.gate(gate)
    if not criteria:
        raise ValueError(f"{protocol.study.id} has no criteria for gate {gate}")
    seen = scene(protocol, observations, context, at)
    rows = []
    for criterion in criteria:
        outcome = judge(criterion, seen)
        raised = (each.text for each in criterion.warnings if outcome_of(each.when, seen).truth is Truth.TRUE)
        rows.append(Row(criterion.id, criterion.kind, outcome.truth, outcome.inputs, outcome.missing, tuple(raised)))
    return GateVerdict(
        gate=gate,
        at=at,
        verdict=_VERDICT[all_of(row.passes for row in rows)],
        rows=tuple(rows),
        criteria_version=protocol.criteria_version,
        protocol_sha256=protocol.sha256,
    )
