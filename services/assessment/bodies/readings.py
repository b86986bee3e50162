"""What an investigator sends of a scan."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.response import Response
from services.assessment.domain.readings.commands import RecordTumourAssessment
from services.chassis.http.written import Day

MAX_COMMENT: Final = 4_000
Timepoint = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", examples=["M6"])]


class TumourAssessmentBody(BaseModel):
    """What the investigator read from a scan."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timepoint: Timepoint
    scan_on: Day = Field(description="the day of the scan, which dates a progression", examples=["2026-03-31"])
    modality: Modality
    response: Response = Field(description="overall response at this timepoint, RECIST 1.1")
    comment: Annotated[str, StringConstraints(min_length=1, max_length=MAX_COMMENT)] | None = Field(
        default=None, description="kept sealed, shown to the subject's own site alone; no names, please"
    )

    def command(self, study: str, subject: str) -> RecordTumourAssessment:
        """Without the comment, which is sealed first."""
        return RecordTumourAssessment(
            study=study,
            subject=subject,
            timepoint=self.timepoint,
            scan_on=self.scan_on,
            modality=self.modality,
            reader=Reader.INVESTIGATOR,
            response=self.response,
        )
