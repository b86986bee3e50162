"""What the analysis reports: which day belongs to which assessment, and what counts as success."""

from typing import Annotated, Literal

from pydantic import Field

from contracts.protocol.expression import Code, Number
from contracts.protocol.sourced import Count, Positive, Sourced, Text
from contracts.vocabulary.response import Response


class AnalysisWindow(Sourced):
    """Days after randomization (day 0) that belong to one scheduled assessment in the analysis."""

    timepoint: Code
    target_day: Positive
    first_day: Count
    last_day: Positive


class Planning(Sourced):
    """What the sample size was computed from. Printed beside results, never compared with a subject."""

    control: Number
    experimental: Number
    power: Number
    two_sided_alpha: Number
    per_arm: Positive


class ResponseEndpoint(Sourced):
    """A yes/no endpoint at one timepoint: success responses, and the reasons of failure in order of precedence."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,15}$")]
    label: Text
    reader: Literal["CENTRAL_ADJUDICATED", "INVESTIGATOR"]
    sensitivity_readers: tuple[Literal["CENTRAL_ADJUDICATED", "INVESTIGATOR"], ...] = ()
    timepoint: Code
    success: Annotated[tuple[Response, ...], Field(min_length=1)]
    failures: Annotated[tuple[Code, ...], Field(min_length=1)]
    confidence: Number
    planning: Planning
