"""Facts of assessment: what the scans say."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.events.fact import SubjectFact
from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.events.registry import Upcaster
from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.dicom import StudyUid
from contracts.vocabulary.lesions import LesionId, Rule
from contracts.vocabulary.response import Response
from contracts.vocabulary.sealed import SealedText

TOPIC = "reluth.assessment"
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]


class QueryEnd(StrEnum):
    """Why a query is over."""

    READ_AGAIN = "READ_AGAIN"
    """What was measured or stated since leaves no difference, or another one."""
    STATED_STANDS = "STATED_STANDS"
    """The reader was asked, and stays with the stated response."""


class TumourAssessed(SubjectFact, name="assessment.tumour-assessed", version=2, topic=TOPIC):
    """A scan was read by RECIST 1.1. Progression is dated by the scan, not by the report (digest 5.5, 20).

    `timepoint` is a visit of the protocol file. `response` is what the reader stated; what follows from `seen` is
    derived by whoever needs it. Of two readings of one timepoint by one reader the later one counts.
    """

    timepoint: Code
    scan_on: date
    modality: Modality
    reader: Reader
    response: Response
    seen: Seen | None = None
    study_uid: StudyUid | None = None
    comment: SealedText | None = None


class BaselineRead(SubjectFact, name="assessment.baseline-read", version=1, topic=TOPIC):
    """The lesions were chosen by which a subject is followed from a scan on. The later choice counts.

    `baseline` is one of those of the protocol file (ruling 9).
    """

    baseline: Code
    scan_on: date
    modality: Modality
    reader: Reader
    targets: tuple[TargetLesion, ...]
    non_targets: tuple[NonTargetLesion, ...] = ()
    study_uid: StudyUid | None = None


class ResponseQueried(SubjectFact, name="assessment.response-queried", version=1, topic=TOPIC):
    """What a reader stated is not what follows from the lesions. Neither is taken for the other."""

    timepoint: Code
    reader: Reader
    stated: Response
    derived: Response
    rule: Rule
    lesions: tuple[LesionId, ...] = ()


class ResponseQueryClosed(SubjectFact, name="assessment.response-query-closed", version=1, topic=TOPIC):
    """A difference is no longer open."""

    query: UUID
    because: QueryEnd


FACTS = (TumourAssessed, BaselineRead, ResponseQueried, ResponseQueryClosed)
UPCASTERS = (Upcaster(TumourAssessed.type_name, 1, 2, dict),)
"""What the first version does not say is not known, and says so by default."""
