"""What every request body has in common, and what a field of the dictionary can hold."""

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict

MAX_FINDINGS: Final = 200
MAX_TEXT: Final = 200


def _plain_value(value: object) -> object:
    """What a field of the dictionary can hold; which of them, its own entry says."""
    match value:
        case bool() | int() | Decimal():
            return value
        case str() if len(value) <= MAX_TEXT:
            return value
        case list() if len(value) <= MAX_TEXT and all(isinstance(v, str) and len(v) <= MAX_TEXT for v in value):
            return value
        case _:
            raise ValueError("true or false, a number, a short text, or a list of codes")


Value = Annotated[Any, BeforeValidator(_plain_value, json_schema_input_type=bool | int | float | str | list[str])]


class Body(BaseModel):
    """What every request body has in common: nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)
