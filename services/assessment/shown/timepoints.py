"""What was recorded of a timepoint."""

from uuid import UUID

from pydantic import BaseModel, Field

from contracts.vocabulary.identifiers import SubjectId


class TimepointRecorded(BaseModel):
    """The events of all parts, in their order, with the queries that the reading raised or ended."""

    subject: SubjectId
    events: list[UUID] = Field(description="read the subject's resources for what they say")
