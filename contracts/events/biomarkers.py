"""Facts of biomarkers: dated quantities as the laboratory gave them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.events.assessment import TOPIC, Code
from contracts.events.fact import SubjectFact
from contracts.vocabulary.quantity import Measured, Unit

Level = Annotated[Measured, Field(ge=0)]


class BiomarkerMeasured(SubjectFact, name="assessment.biomarker-measured", version=1, topic=TOPIC):
    """A biomarker was measured. `upper_limit` is the laboratory's own limit of normal, in the same unit.

    `replaces` is the fact of a measurement that was recorded wrongly.
    """

    marker: Code
    value: Level
    unit: Unit
    upper_limit: Level | None = None
    method: Code | None = None
    sampled_on: date
    replaces: UUID | None = None


FACTS = (BiomarkerMeasured,)
