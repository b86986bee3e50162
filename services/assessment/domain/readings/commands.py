"""What assessment can be asked to record of an investigator's readings."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.response import Response


@dataclass(frozen=True, slots=True)
class RecordTumourAssessment:
    """One reading of one scan; its comment is sealed beside it. `again`: it replaces an earlier reading."""

    study: str
    subject: str
    timepoint: str
    scan_on: date
    modality: Modality
    reader: Reader
    response: Response
    seen: Seen | None = None
    study_uid: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class ReadBaseline:
    """The choice of lesions on a baseline scan. `again`: it replaces an earlier choice."""

    study: str
    subject: str
    baseline: str
    scan_on: date
    modality: Modality
    reader: Reader
    targets: tuple[TargetLesion, ...]
    non_targets: tuple[NonTargetLesion, ...]
    study_uid: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmStated:
    """The reader was asked about a difference and stays with what was stated."""

    study: str
    subject: str
    query: UUID
