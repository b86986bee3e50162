"""What is sent about the gates."""

from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

from contracts.events.enrolment import Code
from services.chassis.http.written import Day
from services.enrolment.bodies.body import Body

MAX_REASON = 2000


class OverrideBody(Body):
    """A criterion that is to stand in a subject's way no longer, and why. The reason is sealed."""

    gate: Annotated[StrictInt, Field(ge=1, le=2, description="1 inclusion, 2 randomization", examples=[1])]
    criterion: Code = Field(examples=["I12"])
    overridden_on: Day | None = Field(default=None, description="today if absent", examples=["2026-03-02"])
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=3, max_length=MAX_REASON),
        Field(examples=["One lesion, read again as two by the radiologist"]),
    ]


class NonInclusionBody(Body):
    """The day on which it was decided that a screened subject will not be included."""

    decided_on: Day | None = Field(default=None, description="today if absent", examples=["2026-03-02"])
