"""What a site sends of a biomarker."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.events.biomarkers import Level
from contracts.vocabulary.quantity import Unit
from services.assessment.bodies.lesions import Body
from services.assessment.bodies.readings import Why
from services.assessment.domain.biomarkers.decide import RecordBiomarker
from services.chassis.http.written import Day

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]


class BiomarkerBody(Body):
    """A measurement as the laboratory gave it."""

    marker: Code = Field(examples=["CGA"])
    value: Level = Field(examples=["182.5"])
    unit: Unit = Field(description="UCUM", examples=["ug/L"])
    upper_limit: Level | None = Field(default=None, description="of normal, in the same unit", examples=["98"])
    method: Code | None = Field(default=None, description="a code of the assay", examples=["ELISA"])
    sampled_on: Day = Field(examples=["2026-03-31"])

    def command(self, study: str, subject: str, *, replaces: UUID | None = None) -> RecordBiomarker:
        """The command."""
        return RecordBiomarker(
            study=study,
            subject=subject,
            marker=self.marker,
            value=self.value,
            unit=self.unit,
            upper_limit=self.upper_limit,
            method=self.method,
            sampled_on=self.sampled_on,
            replaces=replaces,
        )


class BiomarkerCorrectionBody(BiomarkerBody):
    """The measurement as it should have been recorded."""

    reason: Why
