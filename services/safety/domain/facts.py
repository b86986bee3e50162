"""Facts that safety keeps to itself."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.events.fact import SubjectFact

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
LltCode = Annotated[int, Field(ge=10000000, le=10999999)]


class AlertEpisodeClosed(SubjectFact, name="safety.alert-episode-closed", version=1):
    """The condition of an alert no longer holds, so that its next occurrence is a new alert.

    Says nothing about what a person did with the alert. `evidence` is the event that ended the episode. A fact and
    not a conclusion of the reader, so that a later change of the rule does not move the past.
    """

    alert: UUID
    rule: Code
    term: LltCode
    evidence: UUID


PRIVATE = (AlertEpisodeClosed,)
