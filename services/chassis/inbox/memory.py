"""The inbox and all that hangs on it as a model in memory; transactions take turns and roll back by copy."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from contracts.events.wire import Message
from services.chassis.background import Watermark
from services.chassis.inbox.port import (
    Entry,
    FollowersTx,
    Identity,
    InboxTx,
    Kept,
    Key,
    Known,
    Line,
    LinesTx,
    Parked,
    Partition,
    Place,
    TopicStanding,
)
from services.chassis.meta import Meta
from services.chassis.projections.memory import MemoryGenerations, MemoryRows
from services.chassis.projections.port import GenerationsTx, RowsTx


@dataclass(slots=True)
class MemoryInbox:
    """An `InboxTx` over dictionaries."""

    log: list[Entry] = field(default_factory=list)
    partitions: dict[tuple[str, Partition], int] = field(default_factory=dict)
    places: dict[Place, Entry] = field(default_factory=dict)
    held_out: dict[Place, Message] = field(default_factory=dict)
    seqs: dict[Key, int] = field(default_factory=dict)
    topics: dict[str, TopicStanding] = field(default_factory=dict)

    async def lock(self) -> int:
        """See `InboxTx.lock`."""
        return len(self.log)

    async def head(self) -> int:
        """See `InboxTx.head`."""
        return len(self.log)

    async def offsets(self, cluster_id: str, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """See `InboxTx.offsets`."""
        return {p: self.partitions[(cluster_id, p)] for p in partitions if (cluster_id, p) in self.partitions}

    async def set_offsets(self, cluster_id: str, offsets: Mapping[Partition, int]) -> None:
        """See `InboxTx.set_offsets`."""
        self.partitions |= {(cluster_id, partition): offset for partition, offset in offsets.items()}

    async def held(self, places: Collection[Place]) -> Mapping[Place, Identity]:
        """See `InboxTx.held`."""
        found: dict[Place, Identity] = {}
        for place in places:
            entry = self.places.get(place)
            message = entry.message if entry else self.held_out.get(place)
            if message:
                found[place] = Identity(message.event_id, message.chain)
        return found

    async def look(
        self, cluster_id: str, partitions: Collection[Partition], places: Collection[Place], keys: Collection[Key]
    ) -> Known:
        """See `InboxTx.look`."""
        return Known(
            await self.offsets(cluster_id, partitions),
            await self.held(places),
            {key: self.seqs[key] for key in keys if key in self.seqs},
            await self.standings(),
            bool(self.held_out),
        )

    async def waiting(self, keys: Collection[Key] | None = None) -> Sequence[Message]:
        """See `InboxTx.waiting`."""
        found = [m for m in self.held_out.values() if keys is None or Key(m.topic, m.key) in keys]
        return sorted(found, key=lambda m: (m.topic, m.key, m.key_seq))

    async def store(
        self,
        head: int,
        entries: Sequence[Entry],
        standings: Collection[TopicStanding],
        cluster_id: str,
        offsets: Mapping[Partition, int],
    ) -> None:
        """See `InboxTx.store`."""
        for position, entry in enumerate(entries, head + 1):
            message, key = entry.message, Key(entry.message.topic, entry.message.key)
            if not entry.in_pos == position == len(self.log) + 1 or message.key_seq != self.seqs.get(key, 0) + 1:
                raise AssertionError(f"{entry.in_pos}: not the next position, or not the next of its key")
            self.log.append(entry)
            self.places[Place(message.topic, message.topic_pos)] = entry
            self.seqs[key] = message.key_seq
        self.topics |= {standing.topic: standing for standing in standings}
        await self.set_offsets(cluster_id, offsets)

    async def hold(self, messages: Sequence[Message], received_at: datetime) -> None:
        """See `InboxTx.hold`."""
        self.held_out |= {Place(message.topic, message.topic_pos): message for message in messages}

    async def release(self, places: Collection[Place]) -> None:
        """See `InboxTx.release`."""
        for place in places:
            del self.held_out[place]

    async def standings(self) -> Mapping[str, TopicStanding]:
        """See `InboxTx.standings`."""
        return dict(self.topics)

    async def at(self, place: Place) -> Message:
        """See `InboxTx.at`."""
        return self.places[place].message

    async def read(self, after: int, until: int, types: Collection[str] | None = None) -> Sequence[Entry]:
        """See `InboxTx.read`."""
        return [entry for entry in self.log[after:until] if types is None or entry.message.type in types]

    async def stretch(self, after: int, until: int, types: Collection[str]) -> Sequence[Kept]:
        """See `InboxTx.stretch`."""
        return [_kept(entry) for entry in await self.read(after, until, types)]

    async def read_key(self, key: str, start: int, until: int) -> Sequence[Entry]:
        """See `InboxTx.read_key`."""
        return [entry for entry in self.log[start - 1 : until] if entry.message.key == key]

    async def rows(self, topic: str) -> int:
        """See `InboxTx.rows`."""
        return sum(place.topic == topic for place in (*self.places, *self.held_out))

    def copy(self) -> "MemoryInbox":
        """The same state, to change."""
        return MemoryInbox(
            list(self.log),
            dict(self.partitions),
            dict(self.places),
            dict(self.held_out),
            dict(self.seqs),
            dict(self.topics),
        )


@dataclass(slots=True)
class MemoryLines:
    """A `LinesTx` over a dictionary."""

    inbox: MemoryInbox
    known: dict[tuple[str, str, UUID], Line] = field(default_factory=dict)
    torn: set[tuple[str, Partition]] = field(default_factory=set)

    async def find(self, cluster_id: str, topics: Collection[str], marks: Collection[UUID]) -> Sequence[Line]:
        """See `LinesTx.find`."""
        in_topics = [line for line in self.known.values() if line.cluster_id == cluster_id and line.topic in topics]
        return [line for line in in_topics if not line.void or line.mark in marks]

    async def number(self, cluster_id: str, mark: UUID) -> int:
        """See `LinesTx.number`."""
        numbers = {line.mark: line.number for line in self.known.values() if line.cluster_id == cluster_id}
        return numbers.get(mark, 1 + max(numbers.values(), default=0))

    async def put(self, line: Line) -> None:
        """See `LinesTx.put`."""
        self.known[(line.cluster_id, line.topic, line.mark)] = line

    async def remove(self, line: Line) -> None:
        """See `LinesTx.remove`."""
        self.known.pop((line.cluster_id, line.topic, line.mark), None)

    async def partitions(self, cluster_id: str, topic: str) -> Mapping[int, bool]:
        """See `LinesTx.partitions`."""
        read = [p for c, p in self.inbox.partitions if c == cluster_id and p.topic == topic]
        return {p.number: (cluster_id, p) in self.torn for p in read}

    async def gone(self, cluster_id: str, partitions: Collection[Partition]) -> None:
        """See `LinesTx.gone`."""
        self.torn |= {(cluster_id, partition) for partition in partitions}


@dataclass(slots=True)
class MemoryFollowers:
    """A `FollowersTx` over dictionaries."""

    keys: dict[tuple[str, str], Parked] = field(default_factory=dict)
    cursors: dict[str, int] = field(default_factory=dict)

    async def parked(self, follower: str | None = None, keys: Collection[str] | None = None) -> Sequence[Parked]:
        """See `FollowersTx.parked`."""
        return [
            parked
            for (name, key), parked in sorted(self.keys.items())
            if follower in (None, name) and (keys is None or key in keys)
        ]

    async def park(self, parked: Parked) -> None:
        """See `FollowersTx.park`."""
        self.keys[(parked.follower, parked.key)] = parked

    async def unpark(self, follower: str, key: str) -> None:
        """See `FollowersTx.unpark`."""
        self.keys.pop((follower, key), None)

    async def unpark_all(self, follower: str) -> None:
        """See `FollowersTx.unpark_all`."""
        self.keys = {place: parked for place, parked in self.keys.items() if place[0] != follower}

    async def cursor(self, name: str) -> int:
        """See `FollowersTx.cursor`."""
        return self.cursors.get(name, 0)

    async def lock_cursor(self, name: str) -> int:
        """See `FollowersTx.lock_cursor`."""
        return self.cursors.get(name, 0)

    async def move_cursor(self, name: str, position: int) -> None:
        """See `FollowersTx.move_cursor`."""
        self.cursors[name] = position


@dataclass(slots=True)
class State:
    """All that a `MemoryStore` keeps."""

    inbox: MemoryInbox = field(default_factory=MemoryInbox)
    lines: MemoryLines = field(init=False)
    followers: MemoryFollowers = field(default_factory=MemoryFollowers)
    generations: MemoryGenerations = field(default_factory=MemoryGenerations)
    rows: MemoryRows = field(default_factory=MemoryRows)

    def __post_init__(self) -> None:
        self.lines = MemoryLines(self.inbox)

    def copy(self) -> "State":
        """The same state, to change."""
        copied = State(
            self.inbox.copy(),
            MemoryFollowers(dict(self.followers.keys), dict(self.followers.cursors)),
            MemoryGenerations(dict(self.generations.known)),
            MemoryRows({name: dict(table) for name, table in self.rows.tables.items()}),
        )
        copied.lines.known, copied.lines.torn = dict(self.lines.known), set(self.lines.torn)
        return copied


class MemoryTx:
    """A `Tx` on a copy of the state, which replaces the original at its end."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def inbox(self) -> InboxTx:
        """See `Tx.inbox`."""
        return self.state.inbox

    @property
    def lines(self) -> LinesTx:
        """See `Tx.lines`."""
        return self.state.lines

    @property
    def followers(self) -> FollowersTx:
        """See `Tx.followers`."""
        return self.state.followers

    @property
    def generations(self) -> GenerationsTx:
        """See `Tx.generations`."""
        return self.state.generations

    @property
    def rows(self) -> RowsTx:
        """See `Tx.rows`."""
        return self.state.rows

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """See `Tx.savepoint`."""
        before = self.state.copy()
        try:
            yield
        except BaseException:
            self.state = before
            raise


class MemoryStore:
    """A `Store` that forgets when its process ends."""

    def __init__(self) -> None:
        self.grown = Watermark()
        self._turn = asyncio.Lock()
        self._state = State()

    @asynccontextmanager
    async def begin(self, *, snapshot: bool = False) -> AsyncIterator[MemoryTx]:
        """See `Store.begin`."""
        async with self._turn:
            tx = MemoryTx(self._state.copy())
            yield tx
            if not snapshot:
                self._state = tx.state


def _kept(entry: Entry) -> Kept:
    m = entry.message
    return Kept(
        entry.in_pos,
        *(m.topic, m.topic_pos, m.key, m.source, m.event_id, m.type, m.schema, m.stream, m.version, m.position),
        *(m.recorded_at, bytes.fromhex(m.chain), Meta(m.provenance, m.occurred_on).encode(), m.value),
    )
