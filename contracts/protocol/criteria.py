"""The criteria of the gates, and how old a finding may be that they read."""

from typing import Annotated, Final, Literal

from pydantic import Field, StrictBool

from contracts.protocol.expression import Expression, Name
from contracts.protocol.sourced import Positive, Sourced, Text

CriterionId = Annotated[str, Field(pattern=r"^[A-Z][0-9]{2}$")]

FIRST_GATE: Final = 1
SECOND_GATE: Final = 2


class Freshness(Sourced):
    """How old a finding may be at the gate. An older one is as good as missing."""

    fields: Annotated[tuple[Name, ...], Field(min_length=1)]
    days: Positive


class Warned(Sourced):
    """Something that a person should look at although it decides nothing."""

    when: Expression
    text: Text


class Criterion(Sourced):
    """One criterion of a gate. An inclusion must be TRUE, an exclusion must be FALSE.

    `missing` is the outcome when the expression is UNKNOWN; FALSE is for what must have been done.
    `provenance` says which reading was chosen where the sources differ. `overridable`: the sponsor may let it stand in
    a subject's way no longer, at the price of a major deviation (ruling 4). One that is not `enabled` is a slot for an
    amendment: no gate asks it.
    """

    id: CriterionId
    kind: Literal["inclusion", "exclusion"]
    gate: Literal[1, 2]
    text: Text
    expression: Expression
    freshness: tuple[Freshness, ...] = ()
    missing: Literal["UNKNOWN", "FALSE"] = "UNKNOWN"
    provenance: Text | None = None
    warnings: tuple[Warned, ...] = ()
    overridable: StrictBool = False
    enabled: StrictBool = True
