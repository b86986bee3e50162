"""A read model that keeps each state whole, as JSON: for rows that are only ever looked up by their key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.chassis.projections.port import FeedName

S = TypeVar("S")


@dataclass(frozen=True)
class Kept(Generic[S]):
    """A `Projection` with one row for each key of the facts that it handles."""

    name: str
    version: int
    handles: tuple[type[Fact], ...]
    state: TypeAdapter[S]
    blank: Callable[[str], S]
    step: Callable[[S, Envelope[Fact]], S]
    feed: FeedName = FeedName.INBOX

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """The key of the fact."""
        return envelope.fact.key

    def initial(self, key: str) -> S:
        """The state before the first fact."""
        return self.blank(key)

    def fold(self, state: S, envelope: Envelope[Fact]) -> S:
        """The state after one more fact."""
        return self.step(state, envelope)

    def columns(self) -> Sequence[Column[Any]]:
        """The state alone."""
        return (Column("state", JSONB, nullable=False),)

    def to_row(self, state: S) -> Mapping[str, Any]:
        """The state as JSON."""
        return {"state": self.state.dump_python(state, mode="json")}

    def from_row(self, row: Mapping[str, Any]) -> S:
        """The state again."""
        return self.state.validate_python(row["state"])
