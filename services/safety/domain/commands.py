"""What safety can be asked to record."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from contracts.vocabulary.clinical import Analyte, Causality, EventOutcome, Seriousness
from contracts.vocabulary.grade import Grade


@dataclass(frozen=True, slots=True)
class ReportAdverseEvent:
    """`aware_at`: when the reporter knew, with an offset from UTC. `described`: with a narrative.

    `follows`: something is known of an event that was reported before; this is all that is known of it now.
    """

    study: str
    subject: str
    adverse_event: UUID
    term: int
    grade: Grade
    onset_on: date
    aware_at: datetime
    seriousness: frozenset[Seriousness]
    causality: Causality
    described: bool = False
    ended_on: date | None = None
    outcome: EventOutcome | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True)
class RecordLaboratoryResult:
    """Value and limits as the laboratory reported them, all in `unit`."""

    study: str
    subject: str
    result: UUID
    analyte: Analyte
    value: Decimal
    unit: str
    sampled_on: date
    lower_limit: Decimal | None = None
    upper_limit: Decimal | None = None
