"""The dictionary of findings: what may be recorded of a subject, and what is computed from it."""

from typing import Annotated, Final, Literal

from pydantic import Field, StrictBool

from contracts.protocol.expression import Code, Name, Node, Number
from contracts.protocol.sourced import Sourced, Text
from contracts.vocabulary.quantity import Scale

GATE_DATE: Final = "gate_date"
"""The reserved field for the day at which a gate is evaluated. Supplied by the evaluator, never by a caller."""


class FieldSpec(Sourced):
    """One entry of the dictionary of findings: what may be recorded under this name, and by which command.

    Bounds are in `unit` and say what is physically plausible, not what is eligible. `past`: it is over and done with,
    so that no later value can differ but by a correction.
    """

    name: Name
    label: Text
    kind: Literal["boolean", "integer", "decimal", "date", "code", "codes", "month"]
    supplied_by: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{2,39}$")]
    scale: Scale | None = None
    unit: Text | None = None
    accepts: tuple[Text, ...] = ()
    codes: tuple[Code, ...] = ()
    alone: tuple[Code, ...] = ()
    minimum: Number | None = None
    maximum: Number | None = None
    past: StrictBool = False


class Mdrd4Inputs(Node):
    """The fields that MDRD-4 reads. `stated_age` as in `expression.Age`."""

    creatinine: Name
    birth: Name
    sex: Name
    stated_age: Name | None = None


class Mdrd4Constants(Node):
    """`scale * creatinine[mg/dL]^creatinine_exponent * age^age_exponent * (female_factor if female)`."""

    scale: Number
    creatinine_exponent: Number
    age_exponent: Number
    female_factor: Number
    female_code: Code


class Derived(Sourced):
    """A value computed from findings by a formula that the code knows, with constants that it does not."""

    name: Name
    label: Text
    formula: Literal["mdrd4"]
    version: Text
    unit: Text
    scale: Scale
    inputs: Mdrd4Inputs
    constants: Mdrd4Constants
