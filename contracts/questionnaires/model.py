"""What a file of a questionnaire may say."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StrictBool, StrictStr, model_validator

from contracts.protocol.expression import Node, Number
from contracts.protocol.sourced import Positive, Sourced

Code = Annotated[StrictStr, Field(pattern=r"^[A-Z][A-Z0-9_]{1,31}$")]
Item = Positive


class Better(StrEnum):
    """Which end of a score is the better state."""

    HIGH = "high"
    LOW = "low"


class Scale(Node):
    """A score of 0 to 100 out of the mean of some items."""

    code: Code
    items: tuple[Item, ...] = Field(min_length=1)
    better: Better
    reversed: StrictBool = False
    """Whether high answers give a low score (the functional scales of the QLQ-C30)."""


class Summary(Node):
    """The mean of scores, each turned so that high is better; only where all of them are there."""

    code: Code
    scales: tuple[Code, ...] = Field(min_length=2)


class Questionnaire(Sourced):
    """An instrument: items are numbered from `first_item`, answers are whole numbers from 1."""

    id: Code
    version: StrictStr
    first_item: Item
    last_item: Item
    highest: Positive
    highest_of: Mapping[Item, Positive] = Field(default_factory=dict)
    """Items whose highest answer is another one."""
    map_checked: StrictBool
    """Whether items and directions were compared with the publisher's own scoring sheet."""
    answered_share: Number = Field(gt=0, le=1)
    """The least share of its items that must be answered for a scale to have a score."""
    scales: tuple[Scale, ...] = Field(min_length=1)
    summary: Summary | None = None
    not_applicable: tuple[Item, ...] = ()
    """Items to which "does not apply" is an answer. It gives no number."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        codes = [scale.code for scale in self.scales]
        if len(set(codes)) < len(codes):
            raise ValueError("a scale appears twice")
        used = [item for scale in self.scales for item in scale.items]
        if sorted(used) != list(self.items):
            raise ValueError("each item belongs to one scale, and every item to some")
        if not {*self.highest_of, *self.not_applicable} <= set(self.items):
            raise ValueError("an item that the questionnaire does not have")
        if any(len({self.top(item) for item in scale.items}) > 1 for scale in self.scales):
            raise ValueError("the items of a scale have the same answers")
        if self.summary is not None and not set(self.summary.scales) <= set(codes):
            raise ValueError("the summary names a scale that there is not")
        return self

    @property
    def items(self) -> range:
        """The numbers of the items."""
        return range(self.first_item, self.last_item + 1)

    def top(self, item: int) -> int:
        """The highest answer to an item."""
        return self.highest_of.get(item, self.highest)
