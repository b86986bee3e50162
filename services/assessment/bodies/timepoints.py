"""What a site sends of one timepoint at once."""

from typing import Self

from pydantic import Field, model_validator

from services.assessment.bodies.biomarkers import BiomarkerBody
from services.assessment.bodies.lesions import Body
from services.assessment.bodies.questionnaires import QuestionnaireBody
from services.assessment.bodies.readings import StatedBody, Timepoint


class AtTimepointBody(StatedBody):
    """The reading of the scan. A comment is sent with the reading alone."""

    timepoint: Timepoint


class TimepointBody(Body):
    """All of it is recorded, or nothing."""

    tumour_assessment: AtTimepointBody | None = None
    questionnaires: tuple[QuestionnaireBody, ...] = Field(default=(), max_length=10)
    biomarkers: tuple[BiomarkerBody, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.tumour_assessment is None and not self.questionnaires and not self.biomarkers:
            raise ValueError("at least one of its parts")
        return self
