"""Facts of the blinded central review. Readers know a case by its number alone, which nothing outside leads to."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from contracts.events.assessment import TOPIC, Code
from contracts.events.fact import SubjectFact
from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.vocabulary.clinical import Modality
from contracts.vocabulary.dicom import StudyUid
from contracts.vocabulary.identifiers import AccountId
from contracts.vocabulary.lesions import Rule
from contracts.vocabulary.response import Response

Place = Literal[1, 2, 3]
"""First reader, second reader, adjudicator."""


class Discordance(StrEnum):
    """Why two readers differed, as the adjudicator judges it."""

    TARGET_SELECTION = "TARGET_SELECTION"
    MEASUREMENT = "MEASUREMENT"
    NON_TARGET = "NON_TARGET"
    NEW_LESION = "NEW_LESION"
    IMAGE_QUALITY = "IMAGE_QUALITY"
    OTHER = "OTHER"


class Basis(StrEnum):
    """What a central response rests on."""

    AGREED = "AGREED"
    ADJUDICATED = "ADJUDICATED"


class ReviewScanSubmitted(SubjectFact, name="assessment.review-scan-submitted", version=1, topic=TOPIC):
    """A site sent a scan to the central review. The first one of a subject opens its case."""

    case: UUID
    timepoint: Code
    scan_on: date
    modality: Modality
    study_uid: StudyUid


class ReviewClaimed(SubjectFact, name="assessment.review-claimed", version=1, topic=TOPIC):
    """A reader took a place in a case, for good: nobody reads it twice under two names."""

    case: UUID
    place: Place
    account: AccountId


class CentralBaselineLocked(SubjectFact, name="assessment.central-baseline-locked", version=1, topic=TOPIC):
    """A reader chose the lesions of a case."""

    case: UUID
    place: Place
    targets: tuple[TargetLesion, ...]
    non_targets: tuple[NonTargetLesion, ...] = ()


class CentralReadLocked(SubjectFact, name="assessment.central-read-locked", version=1, topic=TOPIC):
    """A reader read a scan. `sequence` counts the scans of the case from the baseline, which is 0.

    Where `derived` is not what was stated, the envelope has the reader's reason.
    """

    case: UUID
    place: Place
    sequence: int
    seen: Seen
    response: Response
    derived: Response
    rule: Rule


class ReReadRequested(SubjectFact, name="assessment.re-read-requested", version=1, topic=TOPIC):
    """A locked read is to be made again. It stays in the log; its reader's next one counts."""

    case: UUID
    place: Place
    sequence: int


class DiscordanceAdjudicated(SubjectFact, name="assessment.discordance-adjudicated", version=1, topic=TOPIC):
    """The adjudicator chose one of two reads that differ."""

    case: UUID
    sequence: int
    chosen: Place
    because: Discordance


class CentralResponseSettled(SubjectFact, name="assessment.central-response-settled", version=1, topic=TOPIC):
    """The response of the central review at a timepoint, which the primary analysis uses (ruling 10).

    Only a read made again settles a timepoint once more; the later response counts.
    """

    case: UUID
    timepoint: Code
    scan_on: date
    response: Response
    basis: Basis


FACTS = (
    ReviewScanSubmitted,
    ReviewClaimed,
    CentralBaselineLocked,
    CentralReadLocked,
    ReReadRequested,
    DiscordanceAdjudicated,
    CentralResponseSettled,
)
