"""Given these facts, when this is decided, then those facts follow, or this refusal."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

import pytest

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from services.chassis.refusal import Refusal, Refused, jsonable

S = TypeVar("S")
Decision = Fact | Iterable[Fact]

START = datetime(2022, 1, 3, 8, 0, tzinfo=UTC)


def event_id(number: int) -> UUID:
    """The id of the n-th fact of a history made by `history`, counted from 1."""
    return UUID(int=0x0180_0000_0000_7000_8000_0000_0000_0000 + number)


def history(*facts: Fact, stream: str = "stream", source: str = "test") -> list[Envelope[Fact]]:
    """The facts as recorded, one an hour, with predictable ids."""
    return [
        Envelope(
            fact=fact,
            event_id=event_id(number),
            source=source,
            stream=stream,
            version=number,
            position=number,
            recorded_at=START + timedelta(hours=number),
            chain="0" * 64,
            provenance=Provenance(actor="test"),
        )
        for number, fact in enumerate(facts, start=1)
    ]


async def refused(work: Awaitable[object], refusal: Refusal) -> Refused:
    """Await what must end in this refusal, and hand it over with its details."""
    with pytest.raises(Refused) as caught:
        await work
    assert caught.value.refusal == refusal, f"refused, but {caught.value.refusal.code}"
    return caught.value


@dataclass(frozen=True)
class Decided:
    """What a decision came to."""

    facts: tuple[Fact, ...]
    refused: Refused | None

    def then(self, *expected: Fact) -> None:
        """Exactly these facts."""
        assert self.refused is None, f"refused: {self.refused.refusal.code} {dict(self.refused.detail)}"
        assert self.facts == expected

    def then_refused(self, refusal: Refusal, **detail: object) -> None:
        """This refusal, with at least these details, and no fact."""
        assert self.refused is not None, f"not refused: {self.facts}"
        assert self.refused.refusal == refusal, f"refused, but {self.refused.refusal.code}"
        for name, value in detail.items():
            assert self.refused.detail[name] == jsonable(value), name


@dataclass(frozen=True)
class Given(Generic[S]):
    """A state that facts have led to."""

    state: S

    def when(self, decide: Callable[[S], Decision]) -> Decided:
        """Decide on that state."""
        try:
            decided = decide(self.state)
        except Refused as refused:
            return Decided((), refused)
        return Decided((decided,) if isinstance(decided, Fact) else tuple(decided), None)


def given(initial: S, evolve: Callable[[S, Envelope[Fact]], S], *facts: Fact) -> Given[S]:
    """Fold the facts."""
    state = initial
    for envelope in history(*facts):
        state = evolve(state, envelope)
    return Given(state)
