"""How an evaluation of a gate is shown."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.enrolment import FactorLevel, Input
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Verdict
from contracts.vocabulary.identifiers import SubjectId
from contracts.vocabulary.logic import Truth
from services.enrolment.domain.criteria import Row
from services.enrolment.domain.explain import Told, tell
from services.enrolment.domain.gates import Gated
from services.enrolment.domain.reasons import Reason


class MissingView(BaseModel):
    """A field that would decide, and why it does not: not recorded, too old, or undecided."""

    field: str
    why: str


class RowView(BaseModel):
    """One criterion: what it says, how it came out and from what. An exclusion passes when its outcome is FALSE.

    An overridden one passes whatever its outcome, UNKNOWN included; `why` still says what it would have needed.
    """

    criterion: str = Field(examples=["I15"])
    kind: str = Field(examples=["inclusion"])
    text: str
    source: str
    outcome: Truth
    passes: Truth
    inputs: list[Input]
    missing: list[MissingView]
    warnings: list[str]
    overridden: UUID | None = Field(description="the fact by which the sponsor overrode it")
    rule: str = Field(description="the criterion by labels and limits; for an exclusion what must not be so")
    why: list[str] = Field(description="what it asks for and does not find; empty if its outcome is as it should be")
    would_change: list[str] = Field(description="what would have to be otherwise, all of it")

    @classmethod
    def of(cls, row: Row, protocol: Protocol, told: Told) -> Self:
        """A row with the words of the protocol file."""
        criterion = protocol.criterion[row.criterion]
        return cls(
            criterion=row.criterion,
            kind=row.kind,
            text=criterion.text,
            source=criterion.source,
            outcome=row.outcome,
            passes=row.passes,
            inputs=list(row.inputs),
            missing=[MissingView(field=gap.field, why=gap.why) for gap in row.missing],
            warnings=list(row.warnings),
            overridden=row.overridden,
            rule=told.rule,
            why=list(told.why),
            would_change=list(told.would_change),
        )


class EligibilityView(BaseModel):
    """A gate as it would be decided now. Nothing was recorded."""

    subject: SubjectId
    gate: str = Field(examples=["inclusion"])
    at: date
    verdict: Verdict
    summary: str = Field(examples=["NOT_ELIGIBLE: does not pass I13; not known I07"])
    criteria_version: str
    protocol_sha256: str
    rows: list[RowView]
    decided_elsewhere: list[str] = Field(description="criteria that are decided when randomization is requested")
    reasons: list[Reason] = Field(description="what stands in the way of randomization")
    remedies: dict[Reason, str] = Field(description="for each of the reasons, what would change that")
    strata: list[FactorLevel] = Field(description="levels of the stratification factors, if all are known")

    @classmethod
    def of(cls, subject: str, gated: Gated, protocol: Protocol) -> Self:
        """The gate with the words of the protocol file."""
        return cls(
            subject=subject,
            gate=gated.gate,
            at=gated.at,
            verdict=gated.verdict,
            summary=_summary(gated),
            criteria_version=gated.criteria_version,
            protocol_sha256=gated.protocol_sha256,
            rows=[RowView.of(row, protocol, tell(row, gated.seen)) for row in gated.rows],
            decided_elsewhere=list(gated.left_out),
            reasons=list(gated.reasons),
            remedies={reason: reason.remedy for reason in gated.reasons},
            strata=list(gated.strata),
        )


class StrataView(BaseModel):
    """The strata of a day, derived by rule from what is recorded now, each level with what it was derived from."""

    subject: SubjectId
    on: date
    strata: list[FactorLevel]
    criteria_version: str
    protocol_sha256: str


def _summary(gated: Gated) -> str:
    """The verdict with the criteria that stand in the way, those not known, and those that were overridden."""
    overridden = [row for row in gated.rows if row.overridden is not None]
    said = {
        "does not pass": [row.criterion for row in gated.rows if row.passes is Truth.FALSE],
        "not known": [row.criterion for row in gated.rows if row.passes is Truth.UNKNOWN],
        "overridden": [row.criterion for row in overridden if row.outcome is not Truth.UNKNOWN],
        "overridden without being known": [row.criterion for row in overridden if row.outcome is Truth.UNKNOWN],
        "reasons": [reason.value for reason in gated.reasons],
    }
    parts = [f"{what} {', '.join(names)}" for what, names in said.items() if names]
    return f"{gated.verdict.value}: {'; '.join(parts)}" if parts else gated.verdict.value
