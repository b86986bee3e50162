"""What assessment can be asked to record."""

from dataclasses import dataclass
from datetime import date

from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.response import Response
from contracts.vocabulary.sealed import SealedText


@dataclass(frozen=True, slots=True)
class RecordTumourAssessment:
    """One reading of one scan. The comment is sealed before it gets here."""

    study: str
    subject: str
    timepoint: str
    scan_on: date
    modality: Modality
    reader: Reader
    response: Response
    comment: SealedText | None = None
