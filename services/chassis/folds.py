"""States of streams folded lately, so that a command need not read again what this process has written itself."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.chassis.log.port import StoredEvent

S = TypeVar("S")
Evolve = Callable[[S, Envelope[Fact]], S]

MAX_HELD: Final = 1024  # streams: more than one trial has subjects; it bounds their number, not their bytes


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A folded stream. `position` is that of its last event, 0 for a stream without events.

    `published` is that of its last event that others are told of: what a reader of what is published can wait for.
    """

    state: S
    version: int
    position: int
    published: int = 0


def folded(start: Loaded[S], evolve: Evolve[S], envelopes: Iterable[Envelope[Fact]]) -> Loaded[S]:
    """What becomes of a folded stream with what follows it."""
    state, version, position, published = start.state, start.version, start.position, start.published
    for envelope in envelopes:
        state, version, position = evolve(state, envelope), envelope.version, envelope.position
        if envelope.fact.topic is not None:
            published = position
    return Loaded(state, version, position, published)


@dataclass(slots=True)
class _Held:
    evolve: Evolve[Any]
    loaded: Loaded[Any]
    tail: list[StoredEvent]


class Folds:
    """The streams used last, each as one fold sees it. States are frozen, so commands may share them.

    Hazard: another process may have written meanwhile. What is held is only good for a unit of work, whose append
    fails when a version has moved; a refusal must be decided again on what is stored, and a read must not use it.
    """

    def __init__(self, envelope: Callable[[StoredEvent], Envelope[Fact]], limit: int = MAX_HELD) -> None:
        self._envelope, self._limit = envelope, limit
        self._held: dict[str, _Held] = {}

    def get(self, stream: str, evolve: Evolve[S]) -> Loaded[S] | None:
        """The stream as last known here, if it was folded in this way."""
        held = self._held.pop(stream, None)
        if held is None or held.evolve is not evolve:
            return None
        if held.tail:
            held.loaded = folded(held.loaded, evolve, map(self._envelope, held.tail))
            held.tail = []
        self._held[stream] = held  # now the one used last
        return held.loaded

    def put(self, stream: str, evolve: Evolve[S], loaded: Loaded[S]) -> None:
        """Keep a stream as it was read; the one that was not used for longest makes room."""
        self._held.pop(stream, None)
        if len(self._held) >= self._limit:
            del self._held[next(iter(self._held))]
        self._held[stream] = _Held(evolve, loaded, [])

    def extend(self, written: Sequence[StoredEvent]) -> None:
        """Take note of what was appended. A stream in which something is missed is forgotten."""
        for event in written:
            if (held := self._held.get(event.stream)) is None:
                continue
            known = held.loaded.version + len(held.tail)
            if event.version == known + 1:
                held.tail.append(event)
            elif event.version > known:
                del self._held[event.stream]
