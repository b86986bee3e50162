"""Lists of the past: a projection of the own log, folded in memory up to a moment, and thrown away."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.chassis.log.port import Log, StoredEvent
from services.chassis.projections.folding import BREATH
from services.chassis.projections.memory import matches
from services.chassis.projections.projection import Projection, handled
from services.chassis.refusal import Refusal, Refused

S = TypeVar("S")
AT_ONCE: Final = 500
"""Events read and decoded before other requests get their turn."""

PAST_TOO_LONG: Final = Refusal(
    "past-too-long",
    422,
    "The log is longer than what this service folds for one list of the past.",
    "Read single resources as of that moment, or let whoever runs the service raise `RELUTH_PAST_EVENTS`.",
)
PAST_TOO_SLOW: Final = Refusal(
    "past-too-slow",
    503,
    "The list of that moment could not be folded in time.",
    "Repeat the request after the seconds in `Retry-After`, or read single resources as of that moment.",
    retry_after=5,
)

Chosen = Callable[[Iterable[Envelope[Fact]]], Iterable[Envelope[Fact]]]


@dataclass(frozen=True, slots=True)
class Folded:
    """Part of a list as it was. `position`: that of the last event that counted."""

    value: dict[str, Any]
    position: int


@dataclass(slots=True)
class Past:
    """Folds the log again for each list of the past, one list at a time.

    Never part of an answer: where the log is longer than `events`, or folding takes longer than `seconds`, the request
    is refused. `for_ever` are facts that count for every moment after which they were recorded as well as before:
    what is to be forgotten is not to be read in the past either. They make no row that was not there.
    """

    log: Log
    decode: Callable[[StoredEvent], Envelope[Fact]]
    events: int = 200_000
    seconds: float = 10.0
    for_ever: tuple[type[Fact], ...] = ()
    also: tuple[type[Fact], ...] = ()
    """Facts that `chosen` looks at, whatever the projection handles."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(
        self,
        projection: Projection[S],
        until: int | datetime | None,
        chosen: Chosen,
        where: Mapping[str, Any],
        *,
        after: str | None = None,
        limit: int = 1000,
    ) -> Folded:
        """States by key as `ProjectionReader.find` gives them, as recorded at `until` (None: now).

        `chosen` is given what counts of the log, in order, and says what of it is folded. Raises `Refused` (422, 503).
        """
        if (await self.log.head()).position > self.events:
            raise Refused(PAST_TOO_LONG, events=self.events)
        try:
            async with asyncio.timeout(self.seconds), self._turn:
                found, later, position = await self._read(projection, until)
                states = await _fold(projection, chosen(found))
        except TimeoutError:
            raise Refused(PAST_TOO_SLOW, seconds=self.seconds) from None
        for envelope in later:
            key = projection.key(envelope)
            if key in states and isinstance(envelope.fact, projection.handles):
                states[key] = projection.fold(states[key], envelope)
                position = envelope.position
        rows = (key for key in sorted(states) if after is None or key > after)
        shown = [key for key in rows if matches(projection.to_row(states[key]), where)]
        return Folded({key: states[key] for key in shown[:limit]}, position)

    async def _read(
        self, projection: Projection[S], until: int | datetime | None
    ) -> tuple[list[Envelope[Fact]], list[Envelope[Fact]], int]:
        """What counts up to the moment, what counts for ever and came later, and the last position of the moment."""
        forgets = frozenset(fact.type_name for fact in self.for_ever)
        wanted = handled(projection) | forgets | {fact.type_name for fact in self.also}
        found: list[Envelope[Fact]] = []
        later: list[Envelope[Fact]] = []
        position, read, deadline = 0, 0, time.monotonic() + self.seconds
        while events := await self.log.read(read, AT_ONCE):
            if time.monotonic() > deadline:  # decoding alone never waits, so that no timeout could end it
                raise TimeoutError
            for event in events:
                counts = _recorded(event, until)
                position = event.position if counts else position
                if event.type in (wanted if counts else forgets):
                    (found if counts else later).append(self.decode(event))
            read = events[-1].position
            await asyncio.sleep(0)  # others get their turn, and the time limit its chance
        return found, later, position


def _recorded(event: StoredEvent, until: int | datetime | None) -> bool:
    match until:
        case None:
            return True
        case int():
            return event.position <= until
        case moment:
            return event.recorded_at <= moment


async def _fold(projection: Projection[S], envelopes: Iterable[Envelope[Fact]]) -> dict[str, S]:
    states: dict[str, S] = {}
    for n, envelope in enumerate(envelopes):
        if n % BREATH == 0:
            await asyncio.sleep(0)
        if isinstance(envelope.fact, projection.handles) and (key := projection.key(envelope)) is not None:
            states[key] = projection.fold(states[key] if key in states else projection.initial(key), envelope)
    return states
