"""Biomarkers that are followed, and the units in which laboratories give them."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.protocol.expression import Code, Number
from contracts.protocol.sourced import Sourced, Text
from contracts.vocabulary.quantity import Unit


class BiomarkerRule(Sourced):
    """`units`: those that mean the same quantity, with the factor to `canonical`, which is one of them.

    `other_units` depend on the method: values in them are kept as they are, and never converted.
    """

    marker: Code
    label: Text
    canonical: Unit
    units: Mapping[Unit, Annotated[Number, Field(gt=0)]]
    other_units: tuple[Unit, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.units.get(self.canonical) != 1:
            raise ValueError("the canonical unit is one of `units`, with the factor 1")
        if set(self.units) & set(self.other_units):
            raise ValueError("a unit is either converted or kept")
        return self

    @property
    def accepted(self) -> tuple[str, ...]:
        """Every unit that is taken."""
        return (*self.units, *self.other_units)
