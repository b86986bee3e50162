"""Grades that a laboratory value alone establishes, by thresholds that are data."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contracts.vocabulary.clinical import Analyte
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.quantity import Scale, convert, units_of
from services.safety.domain.rules import Code, LltCode, Rule, Source, Table

Number = Annotated[Decimal, Field(ge=0, max_digits=12, allow_inf_nan=False)]
LLN = "LLN"


class Threshold(Rule):
    """A value strictly below this has this grade. `LLN`: the lower limit that came with the value."""

    grade: Annotated[Grade, Field(ge=Grade.G1, le=Grade.G4)]
    below: Number | Literal["LLN"]
    source: Source


class Plausible(Rule):
    """Bounds in the canonical unit beyond which the unit, not the subject, is at fault.

    `at_least` holds per reported unit, because a slip has a direction: 75 sent with /mm3 was meant as 10*9/L, while a
    count of 0.4 sent with 10*9/L may be true. `zero`: none at all is a finding, and the same in every unit.
    """

    at_most: Number
    at_least: Mapping[str, Number] = Field(default_factory=dict)
    zero: bool = False
    source: Source

    def admits(self, value: Fraction, reported_unit: str) -> bool:
        """Whether a value in the canonical unit, reported in that unit, can be meant."""
        if value == 0 and self.zero:
            return True
        return Fraction(self.at_least.get(reported_unit, Decimal(0))) <= value <= Fraction(self.at_most)


class AnalyteRules(Rule):
    """How one analyte is graded: thresholds worst first, in `unit`, the canonical unit of its scale."""

    analyte: Analyte
    term: LltCode
    scale: Scale
    unit: str
    thresholds: Annotated[tuple[Threshold, ...], Field(min_length=1)]
    plausible: Plausible

    @model_validator(mode="after")
    def _worst_first(self) -> Self:
        if self.unit != units_of(self.scale)[0]:
            raise ValueError(f"{self.analyte}: thresholds are written in {units_of(self.scale)[0]}")
        grades = [threshold.grade for threshold in self.thresholds]
        if grades != sorted(set(grades), reverse=True):
            raise ValueError(f"{self.analyte}: thresholds stand worst grade first, one for each grade")
        fixed = [t.below for t in self.thresholds if isinstance(t.below, Decimal)]
        if fixed != sorted(set(fixed)):
            raise ValueError(f"{self.analyte}: a worse grade has a lower threshold")
        if any(t.below == LLN for t in self.thresholds[:-1]):
            raise ValueError(f"{self.analyte}: the lower limit decides the mildest grade only")
        if unknown := set(self.plausible.at_least) - set(units_of(self.scale)):
            raise ValueError(f"{self.analyte}: {', '.join(sorted(unknown))} is not a unit of {self.scale}")
        return self


class LaboratoryRules(Table):
    """The laboratory grades of one version of one dictionary. Its digest stands on every grade that it gave."""

    dictionary: Code
    analytes: tuple[AnalyteRules, ...]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        if len(self.by_analyte) != len(self.analytes):
            raise ValueError("an analyte is listed twice")
        return self

    @cached_property
    def by_analyte(self) -> Mapping[Analyte, AnalyteRules]:
        """The rules by analyte."""
        return {rules.analyte: rules for rules in self.analytes}


@dataclass(frozen=True, slots=True)
class GradeRange:
    """The grades that a value leaves possible. One grade where `least` and `most` are equal."""

    least: Grade
    most: Grade


def grade(rules: AnalyteRules, value: Fraction, lower_limit: Fraction | None) -> GradeRange:
    """The grade of a value, both in `rules.unit`. Exact: nothing is rounded before it is compared.

    Without the lower limit the mildest grade can neither be given nor excluded: the range says so, and everything
    worse is still decided. Nothing is ever added for what only a clinician can know (transfusion, consequences).
    """
    for threshold in rules.thresholds:
        limit = lower_limit if threshold.below == LLN else Fraction(threshold.below)
        if limit is None:
            return GradeRange(Grade.G0, threshold.grade)
        if value < limit:
            return GradeRange(threshold.grade, threshold.grade)
    return GradeRange(Grade.G0, Grade.G0)


def canonical(rules: AnalyteRules, value: Decimal, unit: str) -> Fraction:
    """A reported value in `rules.unit`. Raises `contracts.vocabulary.quantity.UnitError`."""
    return convert(value, unit, rules.unit, rules.scale)
