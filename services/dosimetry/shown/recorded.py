"""What dosimetry answers to a command."""

from uuid import UUID

from pydantic import BaseModel, Field, JsonValue


class RecordedFact(BaseModel):
    """A fact as it was recorded."""

    event_id: UUID
    type: str = Field(examples=["dosimetry.scan-acquired"])
    fact: dict[str, JsonValue]


class RecordedView(BaseModel):
    """What was recorded, all of it or nothing: first what was asked for, then what belongs to it."""

    recorded: list[RecordedFact]
