"""What followers read: decoded facts in one order, from the inbox log or from the service's own log."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.registry import Registry, Undecodable, UnknownType, UnknownVersion
from contracts.events.wire import to_envelope
from services.chassis.inbox.port import Entry, Store, Tx
from services.chassis.log.port import Log, StoredEvent
from services.chassis.projections.port import FeedName


@dataclass(frozen=True, slots=True)
class Undecoded:
    """Why a fact could not be read: names of types and fields, never a value."""

    reason: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A fact as a follower gets it.

    `position` is its place in the feed, `key` what keeps its order and is parked together, `place` how people name it.
    """

    position: int
    key: str
    place: str
    type: str
    content: Envelope[Fact] | Undecoded


class Feed(Protocol):
    """A source of arrivals with contiguous positions from 1."""

    name: FeedName

    async def head(self, tx: Tx) -> int:
        """The last position."""
        ...

    async def read(self, tx: Tx, after: int, until: int, types: Collection[str]) -> Sequence[Arrival]:
        """Arrivals of these types with after < position <= until, in order."""
        ...

    async def read_key(self, tx: Tx, key: str, start: int, until: int, types: Collection[str]) -> Sequence[Arrival]:
        """Arrivals of one key and of these types with start <= position <= until, in order."""
        ...

    async def past(self, position: int, timeout: float) -> bool:
        """Wait until the head is past `position`, at most `timeout` seconds. True if it is."""
        ...


class InboxFeed:
    """What other services have said."""

    name = FeedName.INBOX

    def __init__(self, store: Store, registry: Registry) -> None:
        self._store, self._registry = store, registry

    def arrival(self, entry: Entry) -> Arrival:
        """An entry of the inbox log, decoded."""
        message = entry.message
        content: Envelope[Fact] | Undecoded
        try:
            content = to_envelope(message, self._registry)
        except (Undecodable, UnknownType, UnknownVersion) as error:
            content = Undecoded(f"{type(error).__name__}: {error}")
        return Arrival(entry.in_pos, message.key, f"{message.topic} {message.topic_pos}", message.type, content)

    async def head(self, tx: Tx) -> int:
        """See `Feed.head`."""
        return await tx.inbox.head()

    async def read(self, tx: Tx, after: int, until: int, types: Collection[str]) -> Sequence[Arrival]:
        """See `Feed.read`."""
        return [self.arrival(entry) for entry in await tx.inbox.read(after, until, types)]

    async def read_key(self, tx: Tx, key: str, start: int, until: int, types: Collection[str]) -> Sequence[Arrival]:
        """See `Feed.read_key`."""
        entries = await tx.inbox.read_key(key, start, until)
        return [self.arrival(entry) for entry in entries if entry.message.type in types]

    async def past(self, position: int, timeout: float) -> bool:
        """See `Feed.past`."""
        return await self._store.grown.past(position, timeout)


class LogFeed:
    """What this service has recorded. Here the key is the stream."""

    name = FeedName.LOG

    def __init__(self, log: Log, decode: Callable[[StoredEvent], Envelope[Fact]]) -> None:
        self._log, self._decode = log, decode

    async def head(self, tx: Tx) -> int:
        """See `Feed.head`."""
        return (await self._log.head()).position

    async def read(self, tx: Tx, after: int, until: int, types: Collection[str]) -> Sequence[Arrival]:
        """See `Feed.read`."""
        events = await self._log.read(after, until - after)
        return [self._arrival(event) for event in events if event.type in types]

    async def read_key(self, tx: Tx, key: str, start: int, until: int, types: Collection[str]) -> Sequence[Arrival]:
        """See `Feed.read_key`."""
        events = await self._log.read_stream(key, until=until)
        return [self._arrival(event) for event in events if event.position >= start and event.type in types]

    async def past(self, position: int, timeout: float) -> bool:
        """See `Feed.past`."""
        return await self._log.appended(position, timeout)

    def _arrival(self, event: StoredEvent) -> Arrival:
        content: Envelope[Fact] | Undecoded
        try:
            content = self._decode(event)
        except (Undecodable, UnknownType, UnknownVersion) as error:
            content = Undecoded(f"{type(error).__name__}: {error}")
        return Arrival(event.position, event.stream, f"position {event.position}", event.type, content)
