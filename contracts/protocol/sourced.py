"""What the sections of a protocol file are made of: `Sourced`, and the small types that they share."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, StrictStr

from contracts.protocol.expression import Node, Number

Text = Annotated[StrictStr, Field(min_length=1, max_length=2000)]
Positive = Annotated[StrictInt, Field(ge=1)]
Count = Annotated[StrictInt, Field(ge=0)]
Share = Annotated[Number, Field(gt=0, lt=1)]


class Sourced(Node):
    """Something with a number or a rule in it: no number without its source.

    `assumption` marks what neither the paper nor a registry says: an amendment is likely to touch it.
    """

    source: Text
    note: Text | None = None
    assumption: StrictBool = False
