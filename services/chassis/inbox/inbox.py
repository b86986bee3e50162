"""The inbox: takes records of a broker as they come, twice or late, and makes one order of them, once and whole."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from contracts.events.registry import Registry
from contracts.events.wire import AnyRecord, MalformedMessage, Message, from_record
from services.chassis.clock import Clock, system_clock
from services.chassis.health import Condition
from services.chassis.inbox import ranges
from services.chassis.inbox.lines import Lines, SourceWentBack
from services.chassis.inbox.port import Entry, Identity, Key, Known, Partition, Place, Store, TopicStanding, Tx
from services.chassis.inbox.traces import Traces
from services.chassis.projections.feed import Arrival, InboxFeed
from services.chassis.telemetry.tracing import Tracing

_logger = logging.getLogger(__name__)

WAITING_FOLLOWER: Final = "inbox"
"""The name under which keys that wait for a missing message are listed among the parked ones."""
PATIENCE: Final = timedelta(seconds=15)
"""How long the first missing place may be the same one before it is a failure."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as a broker gives it."""

    offset: int
    key: bytes | None
    headers: Sequence[tuple[str, bytes]]
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """Records of one partition, read from offset `start` on; `end` is where reading goes on."""

    partition: Partition
    start: int
    end: int
    records: Sequence[Record]


@dataclass(slots=True)
class Received:
    """What became of a fetch.

    `reseek`: the caller's idea of the offset was wrong, nothing of that partition was looked at, read on from here.
    `stopped`: a record that this program must not step over; everything before it is stored.
    """

    in_pos: int = 0
    stored: int = 0
    duplicates: int = 0
    waiting: int = 0
    reseek: dict[Partition, int] = field(default_factory=dict)
    stopped: dict[Partition, str] = field(default_factory=dict)
    standings: Mapping[str, TopicStanding] = field(default_factory=dict)


class Follower(Protocol):
    """Something that is folded in the transaction that stores."""

    @property
    def handles(self) -> frozenset[str]:
        """Contract names it wants to see."""
        ...

    async def apply(self, tx: Tx, before: int, after: int, arrivals: Sequence[Arrival]) -> None:
        """The inbox goes from `before` to `after`; these are the arrivals of the types it handles."""
        ...


@dataclass(slots=True)
class InboxStatus:
    """What health and metrics read. Counts are of this process."""

    in_pos: int = 0
    stored: int = 0
    duplicates: int = 0
    unhandled: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    went_back: str | None = None
    topics: dict[str, TopicStanding] = field(default_factory=dict)

    def condition(self) -> Condition:
        """Failed: histories would mix. Degraded: a key waits for a message that never came."""
        detail: Mapping[str, int] = {"in_pos": self.in_pos, "unhandled": sum(self.unhandled.values())}
        if self.went_back:
            return Condition.failed(**detail, because=self.went_back)
        if self.waiting:
            some = [f"{key}: {reason}" for key, reason in sorted(self.waiting.items())[:10]]
            return Condition.degraded(**detail, waiting=len(self.waiting), because=list(some))
        return Condition.ok(**detail)


@dataclass(slots=True)
class _Sorted:
    """Messages of one fetch, judged."""

    deliver: list[Message] = field(default_factory=list)
    hold: list[Message] = field(default_factory=list)
    release: list[Place] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    duplicates: int = 0


class Inbox:
    """Stores what is new, in order per key, and folds it, in one transaction per fetch.

    Correct whatever calls it and how often: consumers that were declared dead and are not, records read twice, a
    cluster that was replaced, partitions that moved. The lock of the head makes callers take turns; a place in a topic
    is stored once; a key never gets ahead of a missing message.
    """

    def __init__(
        self,
        store: Store,
        registry: Registry,
        followers: Sequence[Follower] = (),
        *,
        clock: Clock = system_clock,
        tracing: Tracing | None = None,
        topics: Collection[str] | None = None,
    ) -> None:
        """`topics`: all that it will ever be handed; None if that is not known."""
        self.store, self.status = store, InboxStatus()
        self._topics = topics
        self._tracing = tracing or Tracing("inbox")
        self._followers, self._clock = followers, clock
        self._feed = InboxFeed(store, registry)
        self._newest = {model.type_name: model.type_version for model in registry.models}

    async def offsets(self, cluster_id: str, partitions: Sequence[Partition]) -> dict[Partition, int]:
        """Where to read on in this cluster: 0 for a partition that was never read there."""
        async with self.store.begin(snapshot=True) as tx:
            known = await tx.inbox.offsets(cluster_id, partitions)
        return {partition: known.get(partition, 0) for partition in partitions}

    async def rewind(self, cluster_id: str, partition: Partition, expected: int, to: int) -> bool:
        """Read on from another offset, because the broker has nothing at `expected`. False: somebody else moved it."""
        async with self.store.begin() as tx:
            await tx.inbox.lock()
            known = await tx.inbox.offsets(cluster_id, [partition])
            if known.get(partition, 0) != expected:
                return False
            await tx.inbox.set_offsets(cluster_id, {partition: to})
            await tx.lines.gone(cluster_id, [partition])
        return True

    async def receive(self, cluster_id: str, fetched: Sequence[Fetched]) -> Received:
        """Take what was fetched. Raises `SourceWentBack`, or `Unavailable`; then nothing of it is stored."""
        result = Received()
        parsed = {fetch.partition: self._parse(fetch, result) for fetch in fetched}
        with ExitStack() as spans:
            try:
                async with self.store.begin() as tx:
                    delivered, waits = await self._store(tx, cluster_id, fetched, parsed, result, spans)
                    waiting = await tx.inbox.waiting() if waits else ()
            except SourceWentBack as error:
                self.status.went_back = str(error)
                raise
        await self._note(result, delivered, waiting)
        return result

    def _parse(self, fetch: Fetched, result: Received) -> tuple[list[AnyRecord], int]:
        """The records of a partition up to the first that may not be stepped over, and where reading goes on."""
        found: list[AnyRecord] = []
        for record in fetch.records:
            try:
                read = from_record(fetch.partition.topic, record.key, record.headers, record.value)
            except MalformedMessage as error:
                result.stopped[fetch.partition] = f"offset {record.offset} was not written by a relay: {error}"
                return found, record.offset
            if isinstance(read, Message) and read.schema > (newest := self._newest.get(read.type, read.schema)):
                result.stopped[fetch.partition] = (
                    f"offset {record.offset} holds {read.type} v{read.schema}; "
                    f"this program knows versions up to {newest} and must be updated"
                )
                return found, record.offset
            found.append(read)
        return found, fetch.end

    async def _store(
        self,
        tx: Tx,
        cluster_id: str,
        fetched: Sequence[Fetched],
        parsed: Mapping[Partition, tuple[list[AnyRecord], int]],
        result: Received,
        spans: ExitStack,
    ) -> tuple[list[Message], bool]:
        """What was added to the inbox log, and whether any message may wait."""
        before = await tx.inbox.lock()
        known = await _look(tx, cluster_id, parsed)
        found: dict[Partition, list[AnyRecord]] = {}
        moved: dict[Partition, int] = {}
        gone: list[Partition] = []
        for fetch in fetched:
            expected = known.offsets.get(fetch.partition, 0)
            if fetch.start != expected:  # a zombie, or a database that was restored under a running consumer
                result.reseek[fetch.partition] = expected
                result.stopped.pop(fetch.partition, None)
                continue
            found[fetch.partition], moved[fetch.partition] = parsed[fetch.partition]
            if fetch.records and fetch.records[0].offset > fetch.start:
                gone.append(fetch.partition)
        lines = await Lines.load(tx, cluster_id, self._topics, found, gone)
        messages: list[Message] = []
        for partition, records in found.items():
            messages += await lines.take(partition, records)
        judged = await _judge(tx, known, messages)
        now = self._clock()
        entries = [Entry(before + n, message, now) for n, message in enumerate(judged.deliver, start=1)]
        traces = Traces(self._tracing)
        traces.received(judged.deliver, spans)
        standings = await _new_standings(tx, known, judged, lines.announced, now)
        after = before + len(entries)
        await tx.inbox.release(judged.release)
        await tx.inbox.store(before, entries, standings.values(), cluster_id, moved)
        await tx.inbox.hold(judged.hold, now)
        await self._fold(tx, before, after, entries, traces)
        if gone:
            await tx.lines.gone(cluster_id, gone)
        result.in_pos, result.stored, result.duplicates = after, len(entries), judged.duplicates
        result.standings = standings
        return judged.deliver, known.waits or bool(judged.hold)

    async def _fold(self, tx: Tx, before: int, after: int, entries: Sequence[Entry], traces: Traces) -> None:
        if not entries:
            return
        wanted = frozenset[str]().union(*(follower.handles for follower in self._followers))
        entries = [entry for entry in entries if entry.message.type in wanted]
        arrivals = [self._feed.arrival(entry) for entry in entries]
        with traces.folded(entry.message for entry in entries):
            for follower in self._followers:
                handled = [arrival for arrival in arrivals if arrival.type in follower.handles]
                await follower.apply(tx, before, after, handled)

    async def _note(self, result: Received, delivered: Iterable[Message], waiting: Sequence[Message]) -> None:
        status = self.status
        status.in_pos = max(status.in_pos, result.in_pos)
        status.stored += result.stored
        status.duplicates += result.duplicates
        status.topics.update(result.standings)
        for message in delivered:
            if message.type not in self._newest:
                status.unhandled[message.type] = status.unhandled.get(message.type, 0) + 1
        status.waiting = waiting_reasons(waiting)
        result.waiting = len(waiting)
        await self.store.grown.raise_to(result.in_pos)

    async def standings(self) -> dict[str, TopicStanding]:
        """What is held of each topic: how far without a hole, how many, what is missing."""
        async with self.store.begin(snapshot=True) as tx:
            return dict(await tx.inbox.standings())

    async def completeness(self) -> Condition:
        """ "I hold exactly 1..n", per topic, or what is missing; the rows are counted, not believed.

        What is missing is waited for at first: partitions of a topic arrive each at its own pace, so a later message is
        often there a moment before an earlier one. Failed: the same one was the first missing one for `PATIENCE`.
        """
        async with self.store.begin(snapshot=True) as tx:
            standings = await tx.inbox.standings()
            rows = {topic: await tx.inbox.rows(topic) for topic in standings}
        says: dict[str, str] = {}
        whole = True
        for topic, standing in sorted(standings.items()):
            if rows[topic] != standing.count:
                whole, says[topic] = False, f"{standing.count} messages were stored, {rows[topic]} are there"
            elif standing.missing:
                waits = standing.since is not None and self._clock() - standing.since < PATIENCE
                whole = whole and waits
                verb = "waiting for" if waits else "missing"
                says[topic] = f"{verb} {ranges.describe(standing.missing)} of 1..{standing.end}"
            else:
                says[topic] = f"exactly 1..{standing.highest}"
        return Condition.ok(**says) if whole else Condition.failed(**says)


def waiting_reasons(waiting: Iterable[Message]) -> dict[str, str]:
    """Per "topic key", which place of the key is missing. `waiting` is ordered by key and key_seq."""
    reasons: dict[str, str] = {}
    for message in waiting:
        name = f"{message.topic} {message.key}"
        reasons.setdefault(name, f"hole: {message.key_seq - 1} of this key is missing before {message.topic_pos}")
    return reasons


async def _look(tx: Tx, cluster_id: str, parsed: Mapping[Partition, tuple[list[AnyRecord], int]]) -> Known:
    """What is known of everything in a fetch, asked before it is clear what of it counts."""
    messages = [record for records, _ in parsed.values() for record in records if isinstance(record, Message)]
    places = {Place(m.topic, m.topic_pos) for m in messages}
    return await tx.inbox.look(cluster_id, parsed.keys(), places, {Key(m.topic, m.key) for m in messages})


async def _judge(tx: Tx, stored: Known, messages: Sequence[Message]) -> _Sorted:
    """Which messages are new, and which of them are next of their key. Raises `SourceWentBack`."""
    result = _Sorted()
    known = dict(stored.held)
    fresh: list[Message] = []
    for message in messages:
        place, identity = Place(message.topic, message.topic_pos), Identity(message.event_id, message.chain)
        if (held := known.get(place)) is None:
            known[place] = identity
            fresh.append(message)
            result.places[message.topic].append(message.topic_pos)
        elif held == identity:
            result.duplicates += 1
        else:
            raise SourceWentBack.at(message, held)
    keys = {Key(m.topic, m.key) for m in fresh}
    last = dict(stored.last_seqs)
    early: dict[Key, dict[int, Message]] = {key: {} for key in keys}
    stored_early: set[Place] = set()
    for message in await tx.inbox.waiting(keys) if stored.waits else ():
        early[Key(message.topic, message.key)][message.key_seq] = message
        stored_early.add(Place(message.topic, message.topic_pos))
    for message in fresh:
        key = Key(message.topic, message.key)
        if message.key_seq <= last.get(key, 0) or message.key_seq in early[key]:
            raise SourceWentBack.at(message, None)
        early[key][message.key_seq] = message
        while (following := early[key].pop(last.get(key, 0) + 1, None)) is not None:
            last[key] = following.key_seq
            result.deliver.append(following)
            place = Place(following.topic, following.topic_pos)
            if place in stored_early:
                result.release.append(place)
    result.hold = [
        message
        for of_key in early.values()
        for message in of_key.values()
        if Place(message.topic, message.topic_pos) not in stored_early
    ]
    return result


async def _new_standings(
    tx: Tx, known: Known, judged: _Sorted, announced: Mapping[str, int], now: datetime
) -> Mapping[str, TopicStanding]:
    """What is held now of the topics of which something new is known."""
    changed: dict[str, TopicStanding] = {}
    touched = judged.places.keys() | {topic for topic, n in announced.items() if n or topic in known.standings}
    delivered = {Place(m.topic, m.topic_pos): m for m in judged.deliver}
    for topic in touched:
        old = known.standings.get(topic, TopicStanding(topic))
        held = ranges.add(old.held, judged.places.get(topic, ()))
        count = announced.get(topic, old.announced)
        new = replace(old, held=held, topic_pos=ranges.contiguous(held), announced=count)
        if not new.missing:
            new = replace(new, since=None)
        elif old.since is None or new.topic_pos > old.topic_pos:
            new = replace(new, since=now)
        if new.topic_pos > old.topic_pos:
            place = Place(topic, new.topic_pos)
            last = delivered.get(place) or await tx.inbox.at(place)
            new = replace(new, position=last.position, out_pos=last.out_pos)
        changed[topic] = new
    return changed
