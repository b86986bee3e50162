"""The read model of deviations: one row for each, without those that were annulled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Boolean, Column, Text
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events.course import ProtocolDeviationRecorded, RecordAnnulled
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.treatment import TreatmentDeviationRecorded, TreatmentRecordAnnulled
from contracts.vocabulary.identifiers import site_of
from services.chassis.projections.port import FeedName
from services.enrolment.domain.records import Deviation

_DEVIATION: Final = TypeAdapter(Deviation)


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """A deviation of a subject; None: annulled, or of a fact that is no deviation."""

    study: str
    subject: str
    site: str
    deviation: Deviation | None = None


class DeviationList:
    """One row for each deviation, a `Projection`. An annulment of anything else leaves an empty row for nobody."""

    name = "deviations"
    version = 1
    feed = FeedName.LOG
    handles: tuple[type[Fact], ...] = (
        ProtocolDeviationRecorded,
        TreatmentDeviationRecorded,
        RecordAnnulled,
        TreatmentRecordAnnulled,
    )

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study, subject, and the event that recorded it, by which a list is in the order of recording."""
        match envelope.fact:
            case ProtocolDeviationRecorded() | TreatmentDeviationRecorded() as f:
                return f"{f.key}/{envelope.event_id}"
            case RecordAnnulled(annulled=gone) | TreatmentRecordAnnulled(annulled=gone):
                return f"{envelope.fact.key}/{gone}"
            case _:
                return None

    def initial(self, key: str) -> DeviationRow:
        """Nothing known of it."""
        study, subject, _ = key.split("/")
        return DeviationRow(study, subject, site_of(subject))

    def fold(self, state: DeviationRow, envelope: Envelope[Fact]) -> DeviationRow:
        """The deviation after the fact."""
        match envelope.fact:
            case ProtocolDeviationRecorded() as f:
                found = Deviation(
                    f.deviation, f.severity, f.occurred_on, f.about, f.criterion, f.visit, False, envelope.event_id
                )
            case TreatmentDeviationRecorded() as f:
                found = Deviation(
                    f.deviation, f.severity, f.occurred_on, f.about, None, f.visit, True, envelope.event_id
                )
            case _:
                return replace(state, deviation=None)
        return replace(state, deviation=found)

    def columns(self) -> Sequence[Column[Any]]:
        """The fields of `DeviationRow`, and what lists are filtered by."""
        return [
            Column("study", Text, nullable=False, index=True),
            Column("subject", Text, nullable=False),
            Column("site", Text, nullable=False),
            Column("kind", Text),
            Column("severity", Text),
            Column("treatment", Boolean),
            Column("deviation", JSONB),
        ]

    def to_row(self, state: DeviationRow) -> Mapping[str, Any]:
        """The deviation as columns."""
        found = state.deviation
        return {
            "study": state.study,
            "subject": state.subject,
            "site": state.site,
            "kind": found.kind.value if found else None,
            "severity": found.severity.value if found else None,
            "treatment": found.treatment if found else None,
            "deviation": _DEVIATION.dump_python(found, mode="json") if found else None,
        }

    def from_row(self, row: Mapping[str, Any]) -> DeviationRow:
        """The deviation of a row."""
        found = _DEVIATION.validate_python(row["deviation"]) if row["deviation"] else None
        return DeviationRow(row["study"], row["subject"], row["site"], found)
