"""A derived response with the whole way to it."""

from decimal import Decimal
from typing import Self

from pydantic import BaseModel, Field

from contracts.vocabulary.lesions import LesionId, Rule
from contracts.vocabulary.response import Response
from services.assessment.domain.readings.derived import Beside
from services.assessment.domain.recist.derive import Derived, Part
from services.assessment.domain.recist.of_facts import TENTHS


class PartView(BaseModel):
    """A response, the rule that gave it, and the lesions that it rests on."""

    response: Response | None = Field(description="null: there are no such lesions")
    rule: Rule
    lesions: list[LesionId]

    @classmethod
    def of(cls, part: Part) -> Self:
        """The view of a part."""
        return cls(response=part.response, rule=part.rule, lesions=list(part.lesions))


class DerivedView(BaseModel):
    """What follows from the lesions at one timepoint. Sums in millimetres."""

    response: Response
    rule: Rule
    lesions: list[LesionId]
    baseline: str = Field(description="the scan that it is compared with", examples=["POST_C2"])
    sum_mm: Decimal = Field(description="of the lesions that were measured")
    baseline_sum_mm: Decimal
    nadir_mm: Decimal = Field(description="smallest of the baseline and the complete sums before")
    not_measured: list[LesionId]
    target: PartView
    non_target: PartView

    @classmethod
    def of(cls, beside: Beside) -> Self | None:
        """The view; None where nothing was measured."""
        return cls.derived(beside.derived, beside.baseline) if beside.derived is not None else None

    @classmethod
    def derived(cls, found: Derived, baseline: str) -> Self:
        """The view of a derivation."""
        return cls(
            response=found.response,
            rule=found.overall.rule,
            lesions=list(found.overall.lesions),
            baseline=baseline,
            sum_mm=Decimal(found.sum) / TENTHS,
            baseline_sum_mm=Decimal(found.baseline) / TENTHS,
            nadir_mm=Decimal(found.nadir) / TENTHS,
            not_measured=list(found.missing),
            target=PartView.of(found.target),
            non_target=PartView.of(found.non_target),
        )
