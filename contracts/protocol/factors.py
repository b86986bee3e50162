"""The factors that make strata: each groups codes into levels, or cuts a number."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from contracts.protocol.expression import Code, Name, Node, Number, Term
from contracts.protocol.sourced import Share, Sourced, Text

FactorId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]


class CutLevel(Node):
    """Values from `at_least` (included) up to `below` (excluded). An absent bound is open."""

    code: Code
    at_least: Number | None = None
    below: Number | None = None
    prevalence: Share | None = None


class CutFactor(Sourced):
    """A factor whose levels cut a number. The number is compared unrounded: 59.95 is below 60.

    `as_of` names the date whose latest findings count: inclusion for a fact of inclusion, the gate for a fresh one.
    `prevalences` says where those of the levels are from: they plan, and decide nothing about a subject.
    """

    id: FactorId
    name: Text
    as_of: Name
    measure: Term
    unit: Text
    levels: Annotated[tuple[CutLevel, ...], Field(min_length=2)]
    prevalences: Sourced | None = None


class CodeLevel(Node):
    """The codes that make this level. With several codes in one finding the first level that matches wins."""

    code: Code
    any_of: Annotated[tuple[Code, ...], Field(min_length=1)]
    prevalence: Share | None = None


class CodeFactor(Sourced):
    """A factor whose levels group the codes of a field. `as_of` and `prevalences` as in `CutFactor`."""

    id: FactorId
    name: Text
    as_of: Name
    field: Name
    levels: Annotated[tuple[CodeLevel, ...], Field(min_length=2)]
    prevalences: Sourced | None = None


def _factor(value: object) -> str:
    return "cut" if isinstance(value, CutFactor) or (isinstance(value, Mapping) and "measure" in value) else "code"


Factor = Annotated[Annotated[CutFactor, Tag("cut")] | Annotated[CodeFactor, Tag("code")], Discriminator(_factor)]
