"""Who the trial is, how many subjects may pass, and what a site must have met before it opens."""

from typing import Annotated, Final, Literal

from pydantic import Field, StrictBool

from contracts.protocol.expression import Code, Name
from contracts.protocol.sourced import Positive, Sourced, Text
from contracts.vocabulary.identifiers import StudyId

TEST_SUFFIX: Final = "TEST"
"""What the id of a test study ends in, and no other study's."""

Kind = Literal["production", "test"]
"""Whether subjects are treated by what is decided, or somebody practises."""


def kind_of(study: str) -> Kind:
    """What the id of a study says of its kind. A file that says otherwise is not loaded."""
    return "test" if study.endswith(TEST_SUFFIX) else "production"


class Study(Sourced):
    """Who the trial is, to the outside.

    A `test` study has no subjects, only practice. Its id ends in TEST and no other does: streams, keys of messages,
    numbers and answers all carry the id, so what was practised is never taken for the trial.
    """

    id: StudyId
    kind: Kind = "production"
    acronym: Text
    title: Text
    registration: Text
    eudract: Text | None = None
    sponsor_code: Text | None = None
    sponsor: Text
    time_zone: Text


class Cap(Sourced):
    """How many subjects may pass. A hard cap refuses, a soft one warns.

    `raised_by` names the field that carries a number decided later by the sponsor.
    """

    name: Name
    limit: Positive
    hard: StrictBool
    raised_by: Name | None = None


class SiteRequirement(Sourced):
    """A point of the opening checklist. `of_protocol_version`: only what was met for `protocol_version` counts."""

    code: Code
    text: Text
    of_protocol_version: StrictBool = False


class SiteOpening(Sourced):
    """What must have been met before a site is activated. Without a list nobody could tell that it was forgotten."""

    requirements: Annotated[tuple[SiteRequirement, ...], Field(min_length=1)]
