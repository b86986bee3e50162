"""What every request body has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.chassis.freetext.clear import CLEAR

Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$"),
    CLEAR,
    Field(examples=["The activity of another cycle was entered"]),
]
"""Why. Kept in clear for ever: nothing about a person belongs in it."""


class Body(BaseModel):
    """What every request body has in common: nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)
