"""The language of criteria: a small closed tree of YAML nodes. Nothing is parsed from text, nothing is evaluated.

Each node is a mapping with one key that names it. An *expression* has a three-valued outcome, a *term* has a value
(a number, or a date). What a node means over a subject's findings is the evaluator's business; what it may refer
to is checked when the file is loaded (`checks.py`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StrictInt, Tag

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
"""Name of a finding or of a derived value."""
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")]
Operator = Literal["<", "<=", ">", ">=", "=="]


def _number(value: object) -> object:
    """Refuse what pydantic would quietly turn into a number: true, "1", and a float that lost its digits."""
    if isinstance(value, bool | float | str):
        raise ValueError("write a plain number, without quotes")
    return value


def _plain(value: Decimal) -> Decimal:
    if not value.is_finite() or not -12 <= int(value.as_tuple().exponent) <= 12:
        raise ValueError("write a finite number in plain notation")
    return value


Number = Annotated[Decimal, BeforeValidator(_number, json_schema_input_type=Decimal), AfterValidator(_plain)]


class Node(BaseModel):
    """What every part of a protocol file has in common: immutable, and no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)


class FieldTerm(Node):
    """The latest finding of a field: a number in its canonical unit, or a date, moved by calendar months."""

    field: Name
    plus_months: StrictInt = 0


class NumberTerm(Node):
    """A limit, with the unit in which the source states it."""

    number: Number
    unit: str | None = None


class DerivedTerm(Node):
    """A value computed by a named formula of the file's `derived` section."""

    derived: Name


class Ratio(Node):
    """A measurement over its own reference limit."""

    of: Name
    to: Name


class RatioTerm(Node):
    """One field over another, such as ALT over its upper limit of normal. A reference of 0 decides nothing."""

    ratio: Ratio


class Share(Node):
    """A part of a whole."""

    part: Name
    whole: Name


class ShareTerm(Node):
    """A part of a whole between 0 and 1. A whole of 0, or a part larger than the whole, decides nothing."""

    share: Share


class Span(Node):
    """From one date to another."""

    since: Name
    until: Name


class FullMonthsTerm(Node):
    """Completed calendar months between two dates; never days divided by 30.4."""

    full_months: Span


class DaysTerm(Node):
    """Whole days between two dates; 0 for the same day, negative when `until` is earlier."""

    days: Span


class CapTerm(Node):
    """The number in force of a cap: the file's, unless a recorded decision of the sponsor replaced it."""

    cap: Name


class Comparison(Node):
    """Two terms of one kind and an operator that means exactly what it says."""

    left: "Term"
    operator: Operator
    right: "Term"


class Compare(Node):
    """`left operator right`, exact and unrounded."""

    compare: Comparison


class CodesOf(Node):
    """A coded field and the codes that count. A code under `unknown` decides nothing, such as NE."""

    field: Name
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]
    unknown: tuple[Code, ...] = ()


class In(Node):
    """The code of a field is one of these."""

    is_in: CodesOf = Field(alias="in")


class Intersects(Node):
    """At least one code of a field with several codes is one of these."""

    intersects: CodesOf


class IsTrue(Node):
    """A yes/no field says yes."""

    is_true: Name


class Known(Node):
    """A finding of this field exists. Never FALSE: what is not recorded yet is UNKNOWN."""

    known: Name


class Age(Node):
    """A birth month, the date at which the age counts, and the years to reach.

    `stated` is an integer field with the age as the site states it on that very date: it decides in the one month
    in which a birth month leaves the age open.
    """

    birth: Name
    at: Name
    years: StrictInt
    stated: Name | None = None


class AgeAtLeast(Node):
    """Full years of age, from a birth month."""

    age_at_least: Age


class OfCriterion(Node):
    """The outcome of another criterion's expression."""

    criterion: str


class StrataKnown(Node):
    """Every stratification factor has a level at this moment."""

    strata_known: Literal[True]


class All(Node):
    """Conjunction in Kleene logic."""

    all: Annotated[tuple["Expression", ...], Field(min_length=1)]


class AnyOf(Node):
    """Disjunction in Kleene logic."""

    any: Annotated[tuple["Expression", ...], Field(min_length=1)]


class Not(Node):
    """Negation in Kleene logic: UNKNOWN stays UNKNOWN."""

    negated: "Expression" = Field(alias="not")


_TERMS: Final[Mapping[str, type[Node]]] = {
    "field": FieldTerm, "number": NumberTerm, "derived": DerivedTerm, "ratio": RatioTerm, "share": ShareTerm,
    "full_months": FullMonthsTerm, "days": DaysTerm, "cap": CapTerm,
}  # fmt: skip
_EXPRESSIONS: Final[Mapping[str, type[Node]]] = {
    "all": All, "any": AnyOf, "not": Not, "compare": Compare, "in": In, "intersects": Intersects,
    "is_true": IsTrue, "known": Known, "age_at_least": AgeAtLeast, "criterion": OfCriterion,
    "strata_known": StrataKnown,
}  # fmt: skip


def _tag(table: Mapping[str, type[Node]]) -> Any:
    """How pydantic finds the node: by the one key that names it."""

    def tag(value: object) -> str | None:
        if isinstance(value, Node):
            return next(key for key, node in table.items() if type(value) is node)
        if isinstance(value, Mapping):
            return next((key for key in value if key in table), None)
        return None

    return Discriminator(
        tag,
        custom_error_type="unknown_node",
        custom_error_message=f"not a node of the language; known here: {', '.join(table)}",
    )


Term = Annotated[
    Annotated[FieldTerm, Tag("field")]
    | Annotated[NumberTerm, Tag("number")]
    | Annotated[DerivedTerm, Tag("derived")]
    | Annotated[RatioTerm, Tag("ratio")]
    | Annotated[ShareTerm, Tag("share")]
    | Annotated[FullMonthsTerm, Tag("full_months")]
    | Annotated[DaysTerm, Tag("days")]
    | Annotated[CapTerm, Tag("cap")],
    _tag(_TERMS),
]
Expression = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Compare, Tag("compare")]
    | Annotated[In, Tag("in")]
    | Annotated[Intersects, Tag("intersects")]
    | Annotated[IsTrue, Tag("is_true")]
    | Annotated[Known, Tag("known")]
    | Annotated[AgeAtLeast, Tag("age_at_least")]
    | Annotated[OfCriterion, Tag("criterion")]
    | Annotated[StrataKnown, Tag("strata_known")],
    _tag(_EXPRESSIONS),
]

for _model in (Comparison, Compare, All, AnyOf, Not):
    _model.model_rebuild()
