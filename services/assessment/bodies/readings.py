"""What an investigator sends of a scan."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.dicom import StudyUid
from contracts.vocabulary.identifiers import StudyId, SubjectId
from contracts.vocabulary.response import Response
from services.assessment.bodies.lesions import MOST_LESIONS, Body, NonTargetBody, SeenBody, TargetBody
from services.assessment.domain.readings.commands import ConfirmStated, ReadBaseline, RecordTumourAssessment
from services.chassis.freetext.clear import ClearReason
from services.chassis.http.written import Day

MAX_COMMENT: Final = 4_000
Timepoint = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", examples=["M6"])]
Baseline = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", examples=["POST_C2"])]
Why = Annotated[ClearReason, Field(examples=["The wrong series was measured"])]


class ScanBody(Body):
    """A scan that was read."""

    scan_on: Day = Field(description="the day of the scan, which dates a progression", examples=["2026-03-31"])
    modality: Modality
    study_uid: StudyUid | None = None


class StatedBody(ScanBody):
    """What was seen and stated of a scan."""

    response: Response = Field(description="overall response at this timepoint as stated, RECIST 1.1")
    seen: SeenBody | None = Field(default=None, description="from which the response is derived beside the stated one")

    def read(self, study: str, subject: str, timepoint: str, too_small: int, *, again: bool) -> RecordTumourAssessment:
        """Without the comment, which is sealed first."""
        return RecordTumourAssessment(
            study=study,
            subject=subject,
            timepoint=timepoint,
            scan_on=self.scan_on,
            modality=self.modality,
            reader=Reader.INVESTIGATOR,
            response=self.response,
            seen=self.seen.fact(too_small) if self.seen is not None else None,
            study_uid=self.study_uid,
            again=again,
        )


class ReadingBody(StatedBody):
    """What was seen, stated and remarked of a scan."""

    comment: Annotated[str, StringConstraints(min_length=1, max_length=MAX_COMMENT)] | None = Field(
        default=None, description="kept sealed, shown to the subject's own site alone; no names, please"
    )


class TumourAssessmentBody(ReadingBody):
    """What the investigator read from a scan."""

    timepoint: Timepoint


class ReadingRow(ScanBody):
    """A row of a table of readings: what was stated. Lesions do not fit in a row, and comments are not taken in one."""

    study: StudyId
    subject: SubjectId
    timepoint: Timepoint
    response: Response

    def command(self) -> RecordTumourAssessment:
        """The command."""
        return RecordTumourAssessment(
            study=self.study,
            subject=self.subject,
            timepoint=self.timepoint,
            scan_on=self.scan_on,
            modality=self.modality,
            reader=Reader.INVESTIGATOR,
            response=self.response,
            study_uid=self.study_uid,
        )


class ReReadingBody(ReadingBody):
    """A reading that replaces an earlier one of the same timepoint."""

    reason: Why


class ChoiceBody(ScanBody):
    """The lesions chosen on a baseline scan."""

    targets: tuple[TargetBody, ...] = Field(default=(), max_length=MOST_LESIONS)
    non_targets: tuple[NonTargetBody, ...] = Field(default=(), max_length=MOST_LESIONS)

    def chosen(self, study: str, subject: str, baseline: str, *, again: bool) -> ReadBaseline:
        """The command."""
        return ReadBaseline(
            study=study,
            subject=subject,
            baseline=baseline,
            scan_on=self.scan_on,
            modality=self.modality,
            reader=Reader.INVESTIGATOR,
            targets=tuple(one.fact() for one in self.targets),
            non_targets=tuple(one.fact() for one in self.non_targets),
            study_uid=self.study_uid,
            again=again,
        )


class BaselineBody(ChoiceBody):
    """Which lesions a subject is followed by from a scan on."""

    baseline: Baseline


class BaselineAgainBody(ChoiceBody):
    """A choice that replaces an earlier one."""

    reason: Why


class StatedStandsBody(Body):
    """The reader was asked about a difference, and stays with the stated response."""

    reason: Why

    def command(self, study: str, subject: str, query: UUID) -> ConfirmStated:
        """The command."""
        return ConfirmStated(study, subject, query)
