"""What is sent to the central review: scans by sites, reads by readers who know a case by its number alone."""

from typing import Literal

from pydantic import Field, StrictInt

from contracts.events.review import Discordance
from contracts.vocabulary.clinical import Modality
from contracts.vocabulary.dicom import StudyUid
from contracts.vocabulary.response import Response
from services.assessment.bodies.lesions import MOST_LESIONS, Body, NonTargetBody, SeenBody, TargetBody
from services.assessment.bodies.readings import Timepoint, Why
from services.assessment.domain.review.decide import Reading, Submission
from services.chassis.http.written import Day


class ReviewScanBody(Body):
    """A scan for the central review."""

    timepoint: Timepoint
    scan_on: Day = Field(examples=["2026-03-31"])
    modality: Modality
    study_uid: StudyUid

    def submission(self) -> Submission:
        """What is submitted."""
        return Submission(self.timepoint, self.scan_on, self.modality, self.study_uid)


class ReReadBody(Body):
    """A locked read that is to be made again."""

    timepoint: Timepoint
    place: StrictInt = Field(ge=1, le=2, description="the first reader's or the second's")
    reason: Why


class ClaimBody(Body):
    """A place in a case."""

    task: Literal["READ", "ADJUDICATE"]


class LesionsBody(Body):
    """The lesions that a reader follows through a case."""

    targets: tuple[TargetBody, ...] = Field(default=(), max_length=MOST_LESIONS)
    non_targets: tuple[NonTargetBody, ...] = Field(default=(), max_length=MOST_LESIONS)


class CentralReadBody(Body):
    """A read, locked at once."""

    sequence: StrictInt = Field(ge=1, le=99, description="of the scan in the case; the baseline is 0", examples=[1])
    seen: SeenBody
    response: Response
    stated_stands: Why | None = Field(default=None, description="why the stated response is not the derived one")

    def reading(self, too_small: int) -> Reading:
        """What is read."""
        return Reading(self.sequence, self.seen.fact(too_small), self.response, self.stated_stands is not None)


class AdjudicationBody(Body):
    """The choice between two reads that differ."""

    sequence: StrictInt = Field(ge=1, le=99, examples=[1])
    chosen: Literal["FIRST", "SECOND"] = Field(description="as the case shows them to the adjudicator")
    because: Discordance
