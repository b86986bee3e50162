"""Whatever happens on the way, the inbox holds what the source said: once, whole, in order per key."""

import asyncio
from dataclasses import dataclass, field, replace
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid6 import uuid7

from contracts.events.registry import canonical
from contracts.events.wire import Message
from services.chassis.inbox.conformance import BROKEN, START, STUDY, House, Noted, Trail, Trails, house, serial
from services.chassis.inbox.inbox import Fetched, Record
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Partition
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import Batch, NewEvent, NewMessage, StreamAppend
from services.chassis.relay.memory import MemoryBroker, MemoryCursor, MemoryProducer
from services.chassis.relay.port import Fenced, SendFailed
from services.chassis.relay.relay import Relay, RelaySettings, _Term
from services.chassis.relay.render import render

TOPICS = ("test.notes", "test.more")


@dataclass
class Consumer:
    """A consumer that may be stopped between fetching and storing, for as long as it likes."""

    cluster: str
    positions: dict[Partition, int] = field(default_factory=dict)
    in_hand: list[Fetched] = field(default_factory=list)


class World:
    """A source with its relays, clusters, consumers and the inbox they feed."""

    def __init__(self) -> None:
        self.log = MemoryLog(lambda: START)
        self.cursor = MemoryCursor(lambda: START)
        self.broker = MemoryBroker(partitions=3)
        self.terms: list[_Term] = []
        self.losing: list[bool] = []
        self.consumers: list[Consumer] = []
        self.versions: dict[str, int] = {}
        self.house: House

    def relay(self) -> Relay:
        def lost(message: Message) -> bool:
            return self.losing.pop() if self.losing else False

        broker = self.broker
        return Relay(
            self.log,
            self.cursor,
            lambda: MemoryProducer(lambda: broker, lost),
            lambda stored: render(stored, "source"),
            RelaySettings(batch=4, lease=0.0),
            source="source",
            topics=TOPICS,
        )

    async def say(self, subject: int, number: int, topic: int) -> None:
        fact = Noted(study=STUDY, subject=f"01-{subject:03d}", number=number)
        stream = f"s{subject}"
        value = canonical(fact.model_dump(mode="json"))
        event = NewEvent(
            UUID(int=uuid7().int),
            fact.type_name,
            1,
            b'{"actor":"a"}',
            value,
            (NewMessage(TOPICS[topic], fact.key, value),),
        )
        await self.log.append(Batch((StreamAppend(stream, self.versions.get(stream, 0), (event,)),)))
        self.versions[stream] = self.versions.get(stream, 0) + 1

    async def take_lease(self) -> None:
        """A new relay leads; the old ones go on as if nothing had happened."""
        relay = self.relay()
        lease = await self.cursor.acquire(relay.owner, 0.0)
        assert lease is not None
        producer = relay.producer()
        await producer.start()
        term = _Term(relay, lease, producer)
        await term._begin()
        self.terms.append(term)

    async def publish(self, which: int) -> None:
        """One batch of one relay, which may be fenced or fail in the middle."""
        if not self.terms:
            await self.take_lease()
        term = self.terms[which % len(self.terms)]
        stored = await self.log.read_outbox(term._lease.out_pos, 4)
        if not stored:
            return
        try:
            await term._publish(stored)
        except (Fenced, SendFailed):
            self.terms.remove(term)

    async def replace_cluster(self, partitions: int) -> None:
        """All brokers are gone; an empty cluster, with another number of partitions, has their address."""
        self.broker = MemoryBroker(partitions=partitions)
        self.terms.clear()

    def fetch(self, which: int, count: int) -> None:
        """A consumer fetches from every partition, and holds it in its hand."""
        if which >= len(self.consumers):
            self.consumers.append(Consumer(self.broker.cluster_id))
            which = len(self.consumers) - 1
        consumer = self.consumers[which]
        if consumer.cluster != self.broker.cluster_id:
            consumer.cluster, consumer.positions, consumer.in_hand = self.broker.cluster_id, {}, []
        consumer.in_hand = []
        for (topic, number), records in self.broker.records.items():
            partition = Partition(topic, number)
            start = consumer.positions.get(partition, 0)
            found = [Record(r.offset, r.key, r.headers, r.value) for r in records[start : start + count]]
            if found:
                consumer.in_hand.append(Fetched(partition, start, start + len(found), found))

    async def store(self, which: int) -> None:
        """A consumer stores what it has in its hand, however old that is."""
        if not self.consumers:
            return
        consumer = self.consumers[which % len(self.consumers)]
        if not consumer.in_hand:
            return
        result = await self.house.inbox.receive(consumer.cluster, consumer.in_hand)
        for fetched in consumer.in_hand:
            consumer.positions[fetched.partition] = result.reseek.get(fetched.partition, fetched.end)

    async def settle(self) -> None:
        """No more faults: everything is published and read."""
        self.losing = []
        await self.take_lease()
        term = self.terms[-1]
        while stored := await self.log.read_outbox(term._lease.out_pos, 4):
            await term._publish(stored)
        fresh = len(self.consumers)
        self.fetch(fresh, 10**6)
        for _ in range(3):
            await self.store(fresh)
            self.fetch(fresh, 10**6)


STEPS = st.one_of(
    st.tuples(st.just("say"), st.integers(1, 4), st.sampled_from([1, 2, 3, BROKEN]), st.integers(0, 1)),
    st.tuples(st.just("publish"), st.integers(0, 2)),
    st.tuples(st.just("take_lease")),
    st.tuples(st.just("lose"), st.lists(st.booleans(), max_size=4)),
    st.tuples(st.just("replace_cluster"), st.integers(1, 4)),
    st.tuples(st.just("fetch"), st.integers(0, 2), st.integers(1, 5)),
    st.tuples(st.just("store"), st.integers(0, 2)),
)


async def play(steps: list[tuple[object, ...]]) -> World:
    world = World()
    world.house = await house(MemoryStore(), Trails(forgiving=True))
    for name, *arguments in steps:
        if name == "lose":
            world.losing = list(arguments[0])  # type: ignore[call-overload]
        elif name == "fetch":
            world.fetch(*arguments)  # type: ignore[arg-type]
        else:
            await getattr(world, str(name))(*arguments)
    await world.settle()
    return world


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=60))
def test_the_inbox_holds_what_the_source_said(steps: list[tuple[object, ...]]) -> None:
    asyncio.run(_check(steps))


async def _check(steps: list[tuple[object, ...]]) -> None:
    world = await play(steps)
    said = [render(stored, "source") for stored in await world.log.read_outbox(0, 10**6)]
    async with world.house.inbox.store.begin() as tx:
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
        assert standing.topic_pos == sum(m.topic == topic for m in said)
    in_order = [entry.message for entry in entries]
    assert await world.house.trails() == fold_in(in_order)
    assert (await world.house.operations.rebuild("trails")).same in (True, None)


def fold_in(messages: list[Message]) -> dict[str, Trail]:
    """A serial fold in the order of the inbox log."""
    return serial([replace(message, out_pos=n) for n, message in enumerate(messages, start=1)], Trails(forgiving=True))
