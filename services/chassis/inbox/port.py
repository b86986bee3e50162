"""What the inbox needs from its keeper, and the values that pass between them."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from contracts.events.wire import Message
from services.chassis.background import Watermark
from services.chassis.inbox import ranges
from services.chassis.inbox.ranges import Ranges
from services.chassis.projections.port import GenerationsTx, RowsTx


class Partition(NamedTuple):
    """A partition of a topic in the cluster that is being read."""

    topic: str
    number: int


class Place(NamedTuple):
    """A message's place in its topic, the same in every cluster."""

    topic: str
    topic_pos: int


class Key(NamedTuple):
    """What orders messages: the key within a topic."""

    topic: str
    key: str


class Identity(NamedTuple):
    """What must be equal when the same place is seen again."""

    event_id: UUID
    chain: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the inbox log. `in_pos` is contiguous from 1; in its order, `key_seq` of each key is 1, 2, 3 ..."""

    in_pos: int
    message: Message
    received_at: datetime


class Kept(NamedTuple):
    """An entry of the inbox log as it is stored: what a fold may need, nothing decoded."""

    in_pos: int
    topic: str
    topic_pos: int
    key: str
    source: str
    event_id: UUID
    type: str
    schema: int
    stream: str
    version: int
    position: int
    recorded_at: datetime
    chain: bytes
    meta: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class TopicStanding:
    """What is held of a topic.

    `topic_pos`: the largest n such that 1..n are all held; each of them is applied, because a message that waits for a
    missing one stands behind it. `position` and `out_pos`: the place of the n-th in its owner's log and outbox.
    `announced`: how many its source said that it has. `since`: when the first missing place became the first one.
    """

    topic: str
    topic_pos: int = 0
    position: int = 0
    out_pos: int = 0
    held: Ranges = ()
    announced: int = 0
    since: datetime | None = None

    @property
    def end(self) -> int:
        """The last place that is known to exist."""
        return max(self.highest, self.announced)

    @property
    def highest(self) -> int:
        """The last place seen."""
        return ranges.highest(self.held)

    @property
    def count(self) -> int:
        """How many places are held."""
        return ranges.count(self.held)

    @property
    def missing(self) -> Ranges:
        """The places up to the end that are not held."""
        return ranges.missing(self.held, self.announced)


@dataclass(frozen=True, slots=True)
class Line:
    """A source's mark in one cluster, from its first sight until every partition has passed it.

    `number`: that of the mark, the same in all topics, in the order in which marks were first seen; an announcement in
    another topic is no sight of its own. `highest`: the last place that precedes it. `first` and `chains` as announced,
    None until then. `void`: a later one was announced and passed everywhere, so nobody needs to know about this one.
    """

    cluster_id: str
    topic: str
    mark: UUID
    number: int
    partitions: int
    highest: int
    passed: frozenset[int] = frozenset()
    first: int = 1
    chains: tuple[str, ...] | None = None
    void: bool = False


class LinesTx(Protocol):
    """What consumers remember of marks, within one transaction that has the lock of the inbox."""

    async def find(self, cluster_id: str, topics: Collection[str], marks: Collection[UUID]) -> Sequence[Line]:
        """The lines of these topics that are not void, and those of these marks."""
        ...

    async def number(self, cluster_id: str, mark: UUID) -> int:
        """The number that a mark has in any topic; of one that was never seen, behind all that are remembered."""
        ...

    async def put(self, line: Line) -> None:
        """Remember a line, or what is new of it."""
        ...

    async def remove(self, line: Line) -> None:
        """Every partition has passed it, and it was announced."""
        ...

    async def partitions(self, cluster_id: str, topic: str) -> Mapping[int, bool]:
        """The partitions that were read, and whether records of them were gone before that."""
        ...

    async def gone(self, cluster_id: str, partitions: Collection[Partition]) -> None:
        """Records of these partitions, which have an offset, were gone before they could be read."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """What the judgement of a fetch depends on.

    `offsets` and `last_seqs`: without partitions and keys that were never seen. `held`: which places are in the inbox
    log or wait. `standings`: of every topic. `waits`: whether any message waits, of whatever key.
    """

    offsets: Mapping[Partition, int]
    held: Mapping[Place, Identity]
    last_seqs: Mapping[Key, int]
    standings: Mapping[str, TopicStanding]
    waits: bool


@dataclass(frozen=True, slots=True)
class Parked:
    """A key that a follower does not apply any more, from `position` of its feed on, until it is requeued."""

    follower: str
    key: str
    position: int
    reason: str
    parked_at: datetime


class InboxTx(Protocol):
    """The inbox within one transaction."""

    async def lock(self) -> int:
        """Take the only lock of the inbox and return its head. Nobody else stores until the transaction ends."""
        ...

    async def head(self) -> int:
        """The last in_pos, without the lock."""
        ...

    async def offsets(self, cluster_id: str, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """The next offset to read; partitions never read are absent."""
        ...

    async def set_offsets(self, cluster_id: str, offsets: Mapping[Partition, int]) -> None:
        """Where to go on reading."""
        ...

    async def held(self, places: Collection[Place]) -> Mapping[Place, Identity]:
        """Which of these places are in the inbox log or wait."""
        ...

    async def look(
        self, cluster_id: str, partitions: Collection[Partition], places: Collection[Place], keys: Collection[Key]
    ) -> Known:
        """All that a fetch is judged by, under the lock."""
        ...

    async def waiting(self, keys: Collection[Key] | None = None) -> Sequence[Message]:
        """Messages that wait for an earlier one of their key, by key and key_seq. None: of all keys."""
        ...

    async def store(
        self,
        head: int,
        entries: Sequence[Entry],
        standings: Collection[TopicStanding],
        cluster_id: str,
        offsets: Mapping[Partition, int],
    ) -> None:
        """Add to the inbox log, whose first new entry is `head` + 1; write what is held now, and where to read on."""
        ...

    async def hold(self, messages: Sequence[Message], received_at: datetime) -> None:
        """Keep messages that came too early."""
        ...

    async def release(self, places: Collection[Place]) -> None:
        """They wait no more."""
        ...

    async def standings(self) -> Mapping[str, TopicStanding]:
        """What is held, by topic."""
        ...

    async def at(self, place: Place) -> Message:
        """A message that is in the inbox log."""
        ...

    async def read(self, after: int, until: int, types: Collection[str] | None = None) -> Sequence[Entry]:
        """Entries with after < in_pos <= until, in order; of these types only, if given."""
        ...

    async def stretch(self, after: int, until: int, types: Collection[str]) -> Sequence[Kept]:
        """Like `read` of these types, as stored: for builds, which read hundreds of thousands."""
        ...

    async def read_key(self, key: str, start: int, until: int) -> Sequence[Entry]:
        """Entries of a key in any topic, start <= in_pos <= until, in order."""
        ...

    async def rows(self, topic: str) -> int:
        """How many messages of a topic are really there, counted row by row."""
        ...


class FollowersTx(Protocol):
    """What followers remember: parked keys, and the cursors of reactions."""

    async def parked(self, follower: str | None = None, keys: Collection[str] | None = None) -> Sequence[Parked]:
        """Parked keys, by follower and key; of one follower or some keys only, if given."""
        ...

    async def park(self, parked: Parked) -> None:
        """Park a key, or give a parked one a new position and reason."""
        ...

    async def unpark(self, follower: str, key: str) -> None:
        """Forget that it was parked."""
        ...

    async def unpark_all(self, follower: str) -> None:
        """Forget every key of a follower that is gone."""
        ...

    async def cursor(self, name: str) -> int:
        """The cursor of a reaction, without a lock; 0 for a new one."""
        ...

    async def lock_cursor(self, name: str) -> int:
        """The cursor of a reaction, locked until the transaction ends; 0 for a new one."""
        ...

    async def move_cursor(self, name: str, position: int) -> None:
        """Write the cursor, which is locked."""
        ...


class Tx(Protocol):
    """One transaction over everything a consumer keeps. It ends with its context: commit, or rollback on an error."""

    @property
    def inbox(self) -> InboxTx:
        """What was received."""
        ...

    @property
    def lines(self) -> LinesTx:
        """Marks of the sources."""
        ...

    @property
    def followers(self) -> FollowersTx:
        """Parked keys and cursors."""
        ...

    @property
    def generations(self) -> GenerationsTx:
        """The registry of projections."""
        ...

    @property
    def rows(self) -> RowsTx:
        """The tables of projections."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What is done inside is undone when an exception leaves it; the transaction goes on."""
        ...


class Store(Protocol):
    """The keeper of inbox, followers and read models. Implementations pass `services.chassis.inbox.conformance`.

    Everything raises `services.chassis.unavailable.Unavailable` when the keeper cannot be reached; after that it is
    unknown whether a commit happened.
    """

    grown: Watermark
    """The highest in_pos that this process has stored or seen."""

    def begin(self, *, snapshot: bool = False) -> AbstractAsyncContextManager[Tx]:
        """A transaction. `snapshot`: reads only, all from one moment."""
        ...
