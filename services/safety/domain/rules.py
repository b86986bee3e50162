"""What rule tables share: frozen, closed, and with a digest that tells one table from another."""

import hashlib
import json
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Source = Annotated[str, Field(min_length=1, max_length=500)]
LltCode = Annotated[int, Field(ge=10000000, le=10999999)]


class Rule(BaseModel):
    """One entry of a table of rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(Rule):
    """A whole table. Built by `services.safety.rulebook`, which reads the file."""

    @cached_property
    def sha256(self) -> str:
        """Hex digest over the canonical JSON of the model: comments and layout of the file do not matter."""
        document = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(document.encode()).hexdigest()
