"""Whatever happens on the way, the inbox holds what the source said: once, whole, in order per key, of one history.

A source may be restored to an older point. Then no consumer mixes what it said before with what it says afterwards, and
who has read what the source does not know any more says so; nobody else does.
"""

import asyncio
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from unittest.mock import patch
from uuid import UUID

from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st
from uuid6 import uuid7

from contracts.events.registry import canonical
from contracts.events.wire import AnyRecord, Message, from_record
from services.chassis.inbox.conformance import BROKEN, START, STUDY, House, Noted, Trail, Trails, house, serial
from services.chassis.inbox.inbox import Fetched, Record
from services.chassis.inbox.lines import SourceWentBack
from services.chassis.inbox.memory import MemoryStore, State
from services.chassis.inbox.port import Partition
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import Batch, NewEvent, NewMessage, StreamAppend
from services.chassis.relay import relay
from services.chassis.relay.memory import MemoryBroker, MemoryCursor, MemoryProducer
from services.chassis.relay.port import Fenced, SendFailed
from services.chassis.relay.relay import Relay, RelaySettings, _Term
from services.chassis.relay.render import render

TOPICS = ("test.notes", "test.more")
BATCH = 4


class Halting(MemoryProducer):
    """A producer that stands still before each record of an announcement, for as long as it likes, unnoticed."""

    allowed: asyncio.Semaphore

    async def _lost(self, record: AnyRecord) -> bool:
        if not isinstance(record, Message):
            await self.allowed.acquire()
        return await super()._lost(record)


@dataclass
class Beginning:
    """A relay in the middle of announcing."""

    term: _Term
    allowed: asyncio.Semaphore
    task: "asyncio.Task[None]"


@dataclass
class Consumer:
    """A consumer that may be stopped between fetching and storing, for as long as it likes."""

    cluster: str
    positions: dict[Partition, int] = field(default_factory=dict)
    in_hand: list[Fetched] = field(default_factory=list)


@dataclass
class Source:
    """A service's database: the log with its outbox, and the relay's cursor."""

    log: MemoryLog = field(default_factory=lambda: MemoryLog(lambda: START))
    cursor: MemoryCursor = field(default_factory=lambda: MemoryCursor(lambda: START))
    versions: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "Source":
        copied = Source()
        copied.log._state = deepcopy(self.log._state)
        copied.log._events, copied.log._messages = list(self.log._events), list(self.log._messages)
        copied.cursor._state, copied.versions = self.cursor._state, dict(self.versions)
        return copied

    @property
    def said(self) -> list[Message]:
        return [render(stored, "source") for stored in self.log._messages]


class World:
    """A source with its relays, clusters, consumers and the inbox they feed."""

    def __init__(self) -> None:
        self.source, self.store = Source(), MemoryStore()
        self.newest = self.source
        self.backup, self.kept = Source(), State()
        self.mistaken = False
        self.histories: list[set[UUID]] = []
        self.broker = MemoryBroker(partitions=3)
        self.terms: list[_Term] = []
        self.beginning: list[Beginning] = []
        self.losing: list[bool] = []
        self.consumers: list[Consumer] = []
        self.alarm: str | None = None
        self.house: House

    async def start_reader(self) -> None:
        self.house = await house(self.store, Trails(forgiving=True))
        self.consumers.clear()

    # --- the source

    async def term(self, producer: Callable[..., MemoryProducer] = MemoryProducer, lease: float = 0.0) -> _Term:
        """A relay of its own takes the lease; those before it go on as if nothing had happened."""

        def lost(record: AnyRecord) -> bool:
            return self.losing.pop() if self.losing else False

        broker, cursor = self.broker, self.source.cursor
        publisher = Relay(
            self.source.log,
            cursor,
            lambda: producer(lambda: broker, lost),
            lambda stored: render(stored, "source"),
            RelaySettings(batch=BATCH, lease=lease),
            source="source",
            topics=TOPICS,
        )
        cursor._state = replace(cursor._state, lease_until=None)
        taken = await cursor.acquire(publisher.owner, 0.0)
        assert taken is not None
        return _Term(publisher, taken, publisher.producer())

    async def say(self, subject: int, number: int, topic: int) -> None:
        fact = Noted(study=STUDY, subject=f"01-{subject:03d}", number=number)
        stream = f"s{subject}"
        value = canonical(fact.model_dump(mode="json"))
        said = NewEvent(
            UUID(int=uuid7().int),
            fact.type_name,
            1,
            b'{"actor":"a"}',
            value,
            (NewMessage(TOPICS[topic], fact.key, value),),
        )
        versions = self.source.versions
        await self.source.log.append(Batch((StreamAppend(stream, versions.get(stream, 0), (said,)),)))
        versions[stream] = versions.get(stream, 0) + 1

    async def flow(self, facts: list[tuple[int, int]], partitions: int) -> None:
        """Some facts are said, published and read, of some partitions at least."""
        for subject, topic in facts:
            await self.say(subject, 1, topic)
            await self.publish(-1)
        await self.fetch(0, 10)
        await self.store_some(0, partitions)

    async def take_lease(self) -> None:
        """A new relay announces and leads."""
        term = await self.term()
        try:
            await term._begin()
        except (Fenced, SendFailed):
            return
        self.terms.append(term)

    async def begin(self) -> None:
        """A new relay starts to announce, and stands still."""
        term = await self.term(Halting, lease=600.0)
        allowed = term._producer.allowed = asyncio.Semaphore(0)  # type: ignore[attr-defined]
        self.beginning.append(Beginning(term, allowed, asyncio.create_task(term._begin())))
        await self.go_on(len(self.beginning) - 1, 0)

    async def go_on(self, which: int, count: int) -> None:
        """One that announces writes some more records."""
        if not self.beginning:
            return
        found = self.beginning[which % len(self.beginning)]
        for _ in range(count):
            found.allowed.release()
        for _ in range(8 * (count + 1)):
            await asyncio.sleep(0)
        if not found.task.done():
            return
        self.beginning.remove(found)
        if found.task.exception() is None:
            self.terms.append(found.term)

    async def publish(self, which: int) -> None:
        """One batch of one relay, which may be fenced or fail in the middle."""
        if not self.terms:
            await self.take_lease()
        if not self.terms:
            return
        term = self.terms[which % len(self.terms)]
        stored = await self.source.log.read_outbox(term._lease.out_pos, BATCH)
        if not stored:
            return
        try:
            await term._publish(stored)
        except (Fenced, SendFailed):
            self.terms.remove(term)

    async def replace_cluster(self, partitions: int) -> None:
        """All brokers are gone; an empty cluster, with another number of partitions, has their address."""
        self.broker = MemoryBroker(partitions=partitions)
        await self._end_relays()
        for consumer in self.consumers:
            consumer.in_hand = []

    async def back_up(self) -> None:
        self.backup = self.source.copy()

    async def restore(self) -> None:
        """The source's database is what it was when it was backed up; what was connected to it has ended."""
        self.histories.append(self.now)
        self.newest, self.source = self.source, self.backup.copy()
        await self._end_relays()

    async def take_back(self) -> None:
        """The restore was a mistake: the database that it replaced is put back."""
        self.histories.append(self.now)
        self.newest, self.source, self.mistaken = self.source, self.newest, True
        await self._end_relays()

    async def _end_relays(self) -> None:
        self.terms.clear()
        for begun in self.beginning:
            begun.task.cancel()
        await asyncio.gather(*(begun.task for begun in self.beginning), return_exceptions=True)
        self.beginning.clear()

    # --- the reader

    async def back_up_reader(self) -> None:
        self.kept = self.store._state.copy()

    async def restore_reader(self) -> None:
        """The reader's own database is at an older point; its source has what is missing."""
        self.store._state = self.kept.copy()
        await self.start_reader()

    async def fetch(self, which: int, count: int) -> None:
        """A consumer fetches from every partition, and holds it in its hand."""
        if which >= len(self.consumers):
            self.consumers.append(Consumer(self.broker.cluster_id))
            which = len(self.consumers) - 1
        consumer = self.consumers[which]
        if consumer.cluster != self.broker.cluster_id:
            consumer.cluster, consumer.positions = self.broker.cluster_id, {}
        consumer.in_hand = []
        for (topic, number), records in self.broker.records.items():
            partition = Partition(topic, number)
            start = consumer.positions.get(partition, 0)
            found = [Record(r.offset, r.key, r.headers, r.value) for r in records[start : start + count]]
            if found:
                consumer.in_hand.append(Fetched(partition, start, start + len(found), found))

    async def store_some(self, which: int, partitions: int) -> None:
        """A consumer stores what it has in its hand, of some partitions, however old that is."""
        if not self.consumers:
            return
        consumer = self.consumers[which % len(self.consumers)]
        taken = [f for n, f in enumerate(consumer.in_hand) if partitions >> n & 1]
        if not taken:
            return
        before = await self.held()
        try:
            result = await self.house.inbox.receive(consumer.cluster, taken)
        except SourceWentBack as error:
            self.alarm = str(error)
            assert await self.held() == before
            read = before | _in_hand(taken)
            assert self.mistaken or not self.of_now(read), "nobody has read what the source does not know"
            return
        for fetched in taken:
            consumer.positions[fetched.partition] = result.reseek.get(fetched.partition, fetched.end)
        held = await self.held()
        assert any(held <= history for history in [*self.histories, self.now]), "two histories are mixed"

    async def held(self) -> set[UUID]:
        """Which facts the reader has, in its log or waiting."""
        async with self.store.begin(snapshot=True) as tx:
            entries = await tx.inbox.read(0, 10**6)
            return {e.message.event_id for e in entries} | {m.event_id for m in await tx.inbox.waiting()}

    @property
    def now(self) -> set[UUID]:
        return {message.event_id for message in self.source.said}

    def of_now(self, facts: set[UUID]) -> bool:
        return facts <= self.now

    # --- the end

    async def settle(self) -> None:
        """No more faults: everything is published and read."""
        self.losing = []
        await self.take_lease()
        term = self.terms[-1]
        while stored := await self.source.log.read_outbox(term._lease.out_pos, BATCH):
            await term._publish(stored)
        await self.read_all()

    async def read_all(self) -> None:
        fresh = len(self.consumers)
        self.alarm = None
        await self.fetch(fresh, 10**6)
        for _ in range(3):
            await self.store_some(fresh, -1)
            await self.fetch(fresh, 10**6)


def _in_hand(fetched: list[Fetched]) -> set[UUID]:
    records = [from_record(f.partition.topic, r.key, r.headers, r.value) for f in fetched for r in f.records]
    return {record.event_id for record in records if isinstance(record, Message)}


SOME = st.just(-1) | st.integers(1, 63)
SAY = st.tuples(st.just("say"), st.integers(1, 4), st.sampled_from([1, 2, 3, BROKEN]), st.integers(0, 1))
STEPS = st.one_of(
    SAY,
    st.tuples(st.just("flow"), st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1)), max_size=5), SOME),
    st.tuples(st.just("publish"), st.integers(0, 2)),
    st.tuples(st.just("take_lease")),
    st.tuples(st.just("begin")),
    st.tuples(st.just("go_on"), st.integers(0, 1), st.integers(1, 8)),
    st.tuples(st.just("lose"), st.lists(st.booleans(), max_size=4)),
    st.tuples(st.just("replace_cluster"), st.integers(1, 4)),
    st.tuples(st.just("fetch"), st.integers(0, 2), st.integers(1, 5)),
    st.tuples(st.just("store_some"), st.integers(0, 2), SOME),
    st.tuples(st.just("back_up_reader")),
    st.tuples(st.just("restore_reader")),
)
BACK_UP, RESTORE = ("back_up",), ("restore",)
SOMETIMES = st.lists(STEPS | st.sampled_from([BACK_UP, RESTORE, ("take_back",)]), max_size=15)


async def play(steps: list[tuple[object, ...]]) -> World:
    world = World()
    await world.start_reader()
    await world.back_up_reader()
    with patch.object(relay, "LONGEST_BATCH", BATCH):
        await _play(world, steps)
    return world


async def _play(world: World, steps: list[tuple[object, ...]]) -> None:
    for name, *arguments in steps:
        if name == "lose":
            world.losing = list(arguments[0])  # type: ignore[call-overload]
        else:
            await getattr(world, str(name))(*arguments)
    await world.settle()
    await world._end_relays()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=60))
def test_the_inbox_holds_what_the_source_said(steps: list[tuple[object, ...]]) -> None:
    asyncio.run(_holds(steps))


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=12), st.lists(STEPS, max_size=12), st.lists(SAY, max_size=8), SOMETIMES)
@example(  # the newer mark is known in a topic, by an announcement in another, before the older one is read there
    before=[],
    lost=[("begin",), ("go_on", 0, 7)],
    unheard=[],
    after=[("fetch", 0, 1), ("say", 1, 1, 1), ("store_some", 0, 1)],
)
@example(  # it announces again, in a partition that brings nothing new, when it has published as much as was lost
    before=[],
    lost=[("flow", [(1, 1)], -1)],
    unheard=[("say", 1, 1, 1), ("say", 2, 1, 0), ("say", 1, 1, 1)],
    after=[("publish", 0), ("take_lease",), ("flow", [], 5)],
)
@example(  # the same when what was lost is read in the same fetch
    before=[],
    lost=[("say", 1, 1, 0), ("publish", 0)],
    unheard=[],
    after=[("flow", [], 4), ("flow", [(1, 1), (2, 0), (2, 0)], -1)],
)
def test_a_source_that_went_back_is_recognised_and_nobody_else(
    before: list[tuple[object, ...]],
    lost: list[tuple[object, ...]],
    unheard: list[tuple[object, ...]],
    after: list[tuple[object, ...]],
) -> None:
    asyncio.run(_one_history([*before, BACK_UP, *lost, RESTORE, *unheard, *after]))


async def _holds(steps: list[tuple[object, ...]]) -> None:
    world = await play(steps)
    assert world.alarm is None
    await _check(world)


async def _one_history(steps: list[tuple[object, ...]]) -> None:
    world = await play(steps)
    if world.alarm is None:
        event("nobody has read what was lost")
        assert world.of_now(await world.held()), "what the source does not know is held, and nobody said so"
    else:
        event("an alarm")
        world.store = MemoryStore()  # what people do then: an empty inbox, an empty cluster
        await world.start_reader()
        await world.replace_cluster(3)
        with patch.object(relay, "LONGEST_BATCH", BATCH):
            await world.settle()
        assert world.alarm is None
    await _check(world)


async def _check(world: World) -> None:
    said = world.source.said
    async with world.store.begin() as tx:
        entries = await tx.inbox.read(0, 10**6)
        assert not await tx.inbox.waiting()
    assert sorted((m.topic, m.topic_pos, m.event_id) for m in said) == sorted(
        (e.message.topic, e.message.topic_pos, e.message.event_id) for e in entries
    )
    assert [entry.in_pos for entry in entries] == [*range(1, len(said) + 1)]
    per_key: dict[tuple[str, str], list[int]] = {}
    for entry in entries:
        per_key.setdefault((entry.message.topic, entry.message.key), []).append(entry.message.key_seq)
    assert all(seqs == [*range(1, len(seqs) + 1)] for seqs in per_key.values())
    for topic, standing in (await world.house.inbox.standings()).items():
        assert standing.missing == ()
        assert standing.topic_pos == standing.announced == sum(m.topic == topic for m in said)
    in_order = [entry.message for entry in entries]
    assert await world.house.trails() == fold_in(in_order)
    assert (await world.house.operations.rebuild("trails")).same in (True, None)


def fold_in(messages: list[Message]) -> dict[str, Trail]:
    """A serial fold in the order of the inbox log."""
    return serial([replace(message, out_pos=n) for n, message in enumerate(messages, start=1)], Trails(forgiving=True))
