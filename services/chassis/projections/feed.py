"""What followers read: decoded facts in one order, from the inbox log or from the service's own log."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.registry import Registry, Undecodable, UnknownType, UnknownVersion
from contracts.events.wire import to_envelope
from services.chassis.inbox.port import Entry, Kept, Store, Tx
from services.chassis.log.port import Log, StoredEvent
from services.chassis.meta import Meta
from services.chassis.projections.lazily import Lazily
from services.chassis.projections.port import FeedName


@dataclass(frozen=True, slots=True)
class Undecoded:
    """Why a fact could not be read: names of types and fields, never a value."""

    reason: str


Content = Envelope[Fact] | Undecoded


@dataclass(slots=True)
class Arrival:
    """A fact as a follower gets it.

    `position` is its place in the feed, `key` what keeps its order and is parked together; `source` and `number` are
    how people name its place. Decoded whenever its content is asked for, and not kept (see `Lazily`).
    """

    position: int
    key: str
    source: str
    number: int
    type: str
    decode: Callable[[], Content]

    @property
    def place(self) -> str:
        """Its place in the words of its source."""
        return f"{self.source} {self.number}"

    @property
    def content(self) -> Content:
        """The fact with its envelope, or why it cannot be read. Keep it for as long as it is used."""
        try:
            return self.decode()
        except (Undecodable, UnknownType, UnknownVersion) as error:
            return Undecoded(f"{type(error).__name__}: {error}")


class _KeptEnvelope(Envelope[Fact]):
    """An envelope over a stored entry. Few folds look at more than the fact: the rest is decoded when asked for."""

    __slots__ = ("_kept",)
    _kept: Kept

    def __init__(self, fact: Fact, kept: Kept) -> None:
        object.__setattr__(self, "fact", fact)
        object.__setattr__(self, "_kept", kept)

    @property
    def event_id(self) -> UUID:
        return UUID(bytes=self._kept.event_id.bytes)  # the driver's own class of UUID stays behind

    @property
    def source(self) -> str:
        return self._kept.source

    @property
    def stream(self) -> str:
        return self._kept.stream

    @property
    def version(self) -> int:
        return self._kept.version

    @property
    def position(self) -> int:
        return self._kept.position

    @property
    def recorded_at(self) -> datetime:
        return self._kept.recorded_at

    @property
    def chain(self) -> str:
        return self._kept.chain.hex()

    @property
    def provenance(self) -> Provenance:
        return Meta.decode(self._kept.meta).provenance

    @property
    def occurred_on(self) -> date | None:
        return Meta.decode(self._kept.meta).occurred_on

    @property
    def reason(self) -> None:
        return None  # it does not travel


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
        """An entry of the inbox log."""
        m = entry.message
        return Arrival(entry.in_pos, m.key, m.topic, m.topic_pos, m.type, partial(to_envelope, m, self._registry))

    def _arrival(self, kept: Kept) -> Arrival:
        return Arrival(kept.in_pos, kept.key, kept.topic, kept.topic_pos, kept.type, partial(self._envelope, kept))

    def _envelope(self, kept: Kept) -> Envelope[Fact]:
        return _KeptEnvelope(self._registry.decode(kept.type, kept.schema, kept.value), kept)

    async def head(self, tx: Tx) -> int:
        """See `Feed.head`."""
        return await tx.inbox.head()

    async def read(self, tx: Tx, after: int, until: int, types: Collection[str]) -> Sequence[Arrival]:
        """See `Feed.read`."""
        return Lazily(self._arrival, await tx.inbox.stretch(after, until, types))

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
        decode = partial(self._decode, event)
        return Arrival(event.position, event.stream, "position", event.position, event.type, decode)
