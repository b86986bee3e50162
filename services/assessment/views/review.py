"""The read model of the cases of the central review: the same fold as the write side's, one row for each subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events import review
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.assessment.domain.review.case import INITIAL, Case, evolve
from services.chassis.projections.port import FeedName
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader

_CASE: Final = TypeAdapter(Case)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case, and whose it is: the one place where both stand together outside the log."""

    study: str
    subject: str
    case: Case = INITIAL


class CaseList:
    """One row for each subject with a case, a `Projection`."""

    name = "cases"
    version = 1
    feed = FeedName.LOG
    handles: tuple[type[Fact], ...] = review.FACTS

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study and subject."""
        return envelope.fact.key

    def initial(self, key: str) -> CaseRow:
        """Nothing submitted."""
        study, subject = key.split("/")
        return CaseRow(study, subject)

    def fold(self, state: CaseRow, envelope: Envelope[Fact]) -> CaseRow:
        """The case after the fact."""
        return replace(state, case=evolve(state.case, envelope))

    def columns(self) -> Sequence[Column[Any]]:
        """Whose the case is, its number, and the case."""
        return [
            Column("study", Text, nullable=False, index=True),
            Column("subject", Text, nullable=False),
            Column("number", Text, index=True),
            Column("reads", JSONB, nullable=False),
        ]

    def to_row(self, state: CaseRow) -> Mapping[str, Any]:
        """The case as columns."""
        return {
            "study": state.study,
            "subject": state.subject,
            "number": str(state.case.case) if state.case.case is not None else None,
            "reads": _CASE.dump_python(state.case, mode="json"),
        }

    def from_row(self, row: Mapping[str, Any]) -> CaseRow:
        """The case of a row."""
        return CaseRow(row["study"], row["subject"], _CASE.validate_python(row["reads"]))


class StoredCases:
    """The port `handlers.context.Cases` over the read model: whose a case is never changes."""

    def __init__(self, projections: Projections) -> None:
        self._reader = ProjectionReader(projections, CaseList())

    async def subject_of(self, study: str, case: UUID) -> str | None:
        """See `handlers.context.Cases.subject_of`. Raises `Unavailable`."""
        found = await self._reader.find({"study": study, "number": str(case)}, limit=1)
        return next((row.subject for row in found.value.values()), None)
