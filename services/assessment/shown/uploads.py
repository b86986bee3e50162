"""What became of each row of a file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from services.assessment.domain.refusals.uploads import ROW_INVALID
from services.chassis.http.problem import Violation
from services.chassis.http.validation import violations
from services.chassis.refusal import Refused


class Outcome(StrEnum):
    """What became of a row."""

    RECORDED = "RECORDED"
    ALREADY = "ALREADY"
    """All that it says is recorded since earlier."""
    REFUSED = "REFUSED"


class RowProblem(BaseModel):
    """Why a row was refused, and what would make it pass."""

    type: str
    title: str
    remedy: str
    context: dict[str, JsonValue]
    errors: list[Violation] = Field(description="cells by column")


class RowView(BaseModel):
    """One row. `line` is where it ends in the file."""

    row: int = Field(description="counted from 1, the first line not counted")
    line: int
    outcome: Outcome
    event_id: UUID | None = None
    problem: RowProblem | None = None

    @classmethod
    def refused(cls, row: int, line: int, refused: Refused, errors: Sequence[Violation] = ()) -> Self:
        """The view of a row that was not taken."""
        refusal = refused.refusal
        why = RowProblem(
            type=refusal.type,
            title=refusal.title,
            remedy=refusal.remedy,
            context=dict(refused.detail),
            errors=list(errors),
        )
        return cls(row=row, line=line, outcome=Outcome.REFUSED, problem=why)

    @classmethod
    def wrong(cls, row: int, line: int, errors: Sequence[Mapping[str, Any]]) -> Self:
        """The view of a row with cells that are none of their columns."""
        return cls.refused(row, line, Refused(ROW_INVALID), violations(errors))


class ReportView(BaseModel):
    """What became of a file: every row is in it."""

    rows: int
    recorded: int
    already: int
    refused: int
    report: list[RowView]

    @classmethod
    def of(cls, report: list[RowView]) -> Self:
        """The report with its sums."""
        found = Counter(row.outcome for row in report)
        return cls(
            rows=len(report),
            recorded=found[Outcome.RECORDED],
            already=found[Outcome.ALREADY],
            refused=found[Outcome.REFUSED],
            report=report,
        )
