"""What every request body has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.freetext.clear import ClearReason

Why = Annotated[ClearReason, Field(examples=["The activity of another cycle was entered"])]


class Body(BaseModel):
    """What every request body has in common: nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)
