"""Facts of a unit of work that are not written yet, as a fold sees them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from services.chassis.folds import Evolve

S = TypeVar("S")


_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def grown(state: S, evolve: Evolve[S], facts: Iterable[tuple[UUID, Fact]], *, now: datetime = _NEVER) -> S:
    """The state with facts that are not recorded yet, under the ids that they would have.

    `now` is for folds that look at when a fact was recorded: the log's own time of it is a little later.
    """
    for at, fact in facts:
        state = evolve(state, _provisional(at, fact, now))
    return state


def _provisional(at: UUID, fact: Fact, now: datetime) -> Envelope[Fact]:
    return Envelope(
        fact=fact,
        event_id=at,
        source="",
        stream=fact.key,
        version=0,
        position=0,
        recorded_at=now,
        chain="",
        provenance=Provenance(""),
    )
