"""What every `Store` must do under an inbox and projections, as cases to run against each implementation."""

import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, String
from sqlalchemy.dialects.postgresql import JSONB
from uuid6 import uuid7

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact, SubjectFact
from contracts.events.registry import Registry, canonical
from contracts.events.wire import Message, to_headers
from services.chassis.clock import Clock
from services.chassis.inbox.inbox import Fetched, Inbox, Record
from services.chassis.inbox.lines import SourceWentBack
from services.chassis.inbox.parking import Parking
from services.chassis.inbox.port import Parked, Partition, Store, Tx
from services.chassis.projections.feed import InboxFeed
from services.chassis.projections.operations import Operations
from services.chassis.projections.port import FeedName, GenerationStatus
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
STUDY = "TRIAL"
BROKEN, TOO_LONG = 666, 10_000_000
"""Numbers that the fold of `Trails` refuses, and that make a row too long for its column."""

Case = Callable[[Store], Awaitable[None]]
CASES: list[Case] = []


def _case(function: Case) -> Case:
    CASES.append(function)
    return function


class Noted(SubjectFact, name="test.noted", version=1, topic="test.notes"):
    """A number noted about a subject."""

    number: int


class Ignored(SubjectFact, name="test.ignored", version=1, topic="test.notes"):
    """A fact that no projection handles."""


REGISTRY = Registry([Noted, Ignored])


@dataclass(frozen=True, slots=True)
class Trail:
    """How many numbers, and a hash that depends on their order."""

    count: int = 0
    steps: str = ""
    seen: tuple[int, ...] = ()


@dataclass(frozen=True)
class Trails:
    """A projection that notices a fact that is lost, doubled or out of order."""

    version: int = 1
    name: str = "trails"
    feed: FeedName = FeedName.INBOX
    handles: tuple[type[Fact], ...] = (Noted,)
    forgiving: bool = False

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """One row per subject."""
        return envelope.fact.key

    def initial(self, key: str) -> Trail:
        """Nothing yet."""
        return Trail()

    def fold(self, state: Trail, envelope: Envelope[Fact]) -> Trail:
        """Hash the number over what was there."""
        fact = envelope.fact
        assert isinstance(fact, Noted)
        if fact.number == BROKEN and not self.forgiving:
            raise ZeroDivisionError("a patient said so")
        too_long = "!" if fact.number == TOO_LONG and not self.forgiving else state.steps[:-64]
        steps = hashlib.sha256(f"{state.steps[-64:]}/{fact.number}".encode()).hexdigest()
        return Trail(state.count + 1, too_long + steps, (*state.seen, fact.number)[-3:])

    def columns(self) -> Sequence[Column[Any]]:
        """A number, a limited text, a nested part."""
        return (
            Column("count", BigInteger, nullable=False, index=True),
            Column("steps", String(64), nullable=False),
            Column("seen", JSONB, nullable=False),
        )

    def to_row(self, state: Trail) -> Mapping[str, Any]:
        """As columns."""
        return {"count": state.count, "steps": state.steps, "seen": list(state.seen)}

    def from_row(self, row: Mapping[str, Any]) -> Trail:
        """And back."""
        return Trail(row["count"], row["steps"], tuple(row["seen"]))


class Source:
    """A service that publishes: numbers its messages as an outbox does."""

    def __init__(self, name: str = "source") -> None:
        self.name, self.said = name, list[Message]()
        self._topics: Counter[str] = Counter()
        self._keys: Counter[tuple[str, str]] = Counter()

    def note(self, subject: str, number: int, topic: str = "test.notes") -> Message:
        """Say a number about a subject."""
        return self.say(Noted(study=STUDY, subject=subject, number=number), topic)

    def say(self, fact: SubjectFact, topic: str = "test.notes", **changes: Any) -> Message:
        """Publish a fact. `changes`: type, schema or value as another program would have written them."""
        self._topics[topic] += 1
        self._keys[(topic, fact.key)] += 1
        n = len(self.said) + 1
        fields = {
            "topic": topic,
            "topic_pos": self._topics[topic],
            "key": fact.key,
            "key_seq": self._keys[(topic, fact.key)],
            "out_pos": n,
            "source": self.name,
            "event_id": UUID(int=uuid7().int),
            "type": fact.type_name,
            "schema": fact.type_version,
            "stream": f"test-{fact.key}",
            "version": self._keys[(topic, fact.key)],
            "position": 2 * n,
            "recorded_at": START + timedelta(seconds=n),
            "chain": hashlib.sha256(uuid7().bytes).hexdigest(),
            "provenance": Provenance(actor="tester", roles=("ops",)),
            "value": canonical(fact.model_dump(mode="json")),
        }
        message = Message(**{**fields, **changes})
        self.said.append(message)
        return message


def record(message: Message, offset: int) -> Record:
    """The message as a broker gives it back."""
    return Record(offset, message.key.encode(), to_headers(message), message.value)


class Reader:
    """A consumer of one partition, as far as the inbox can tell."""

    def __init__(self, inbox: Inbox, *, cluster: str = "cluster", topic: str = "test.notes", number: int = 0) -> None:
        self.inbox, self.cluster, self.partition, self.at = inbox, cluster, Partition(topic, number), 0

    async def take(self, *messages: Message) -> Any:
        """Hand over what was fetched at the reader's offset."""
        records = [record(message, self.at + n) for n, message in enumerate(messages)]
        fetched = Fetched(self.partition, self.at, self.at + len(records), records)
        result = await self.inbox.receive(self.cluster, [fetched])
        self.at = result.reseek.get(self.partition, fetched.end)
        return result


@dataclass(frozen=True, slots=True)
class House:
    """An inbox with a projection, over a store."""

    inbox: Inbox
    projections: Projections
    operations: Operations
    reader: ProjectionReader[Trail]
    parking: Parking

    def consumer(self, **place: Any) -> Reader:
        """A consumer that begins at offset 0."""
        return Reader(self.inbox, **place)

    async def entries(self) -> list[tuple[int, str, int, str, int]]:
        """The inbox log: in_pos, topic, topic_pos, key, key_seq."""
        async with self.inbox.store.begin() as tx:
            entries = await tx.inbox.read(0, 10**9)
        return [(e.in_pos, e.message.topic, e.message.topic_pos, e.message.key, e.message.key_seq) for e in entries]

    async def trails(self) -> dict[str, Trail]:
        """The rows of the serving projection."""
        return (await self.reader.find()).value

    async def parked(self) -> list[tuple[str, str, int]]:
        """Follower, key and position of everything parked."""
        return [(p.follower, p.key, p.position) for p in await self.parking.list()]


async def house(store: Store, *versions: Trails, clock: Clock = lambda: START) -> House:
    """Everything started, as an app does it."""
    shown = versions or (Trails(),)
    feed = InboxFeed(store, REGISTRY)
    projections = Projections(store, shown, [feed], clock=lambda: START)
    operations = Operations(projections)
    await projections.start()
    return House(
        Inbox(store, REGISTRY, [projections], clock=clock),
        projections,
        operations,
        ProjectionReader(projections, shown[-1], *shown[:-1]),
        Parking(store, [operations]),
    )


def serial(messages: Sequence[Message], projection: Trails | None = None) -> dict[str, Trail]:
    """What the rows must be: a fold of what the source said, in its order."""
    fold, states = projection or Trails(), dict[str, Trail]()
    for message in sorted(messages, key=lambda m: m.out_pos):
        if message.type == Noted.type_name:
            fact = REGISTRY.decode(message.type, message.schema, message.value)
            envelope = Envelope(fact, message.event_id, "", "", 1, 1, START, "", message.provenance)
            states[fact.key] = fold.fold(states.get(fact.key, Trail()), envelope)
    return states


@_case
async def what_arrives_is_stored_and_folded(store: Store) -> None:
    """Positions contiguous, rows folded, the standing says so."""
    h, source = await house(store), Source()
    consumer = h.consumer()
    result = await consumer.take(source.note("01-001", 1), source.note("01-002", 2), source.note("01-001", 3))
    assert (result.in_pos, result.stored, result.duplicates) == (3, 3, 0)
    assert [entry[0] for entry in await h.entries()] == [1, 2, 3]
    assert await h.trails() == serial(source.said)
    read = await h.reader.get("TRIAL/01-001")
    assert read.value is not None
    assert read.value.seen == (1, 3)
    assert (read.standing.position, read.standing.behind) == (3, 0)
    standing = read.standing.topics["test.notes"]
    assert (standing.topic_pos, standing.position, standing.out_pos, standing.missing) == (3, 6, 3, ())
    assert await h.inbox.completeness() == (await h.inbox.completeness()).ok(**{"test.notes": "exactly 1..3"})


@_case
async def what_was_seen_is_dropped(store: Store) -> None:
    """A message read twice, in one batch or in two, by whichever partition or cluster."""
    h, source = await house(store), Source()
    one, two = source.note("01-001", 1), source.note("01-001", 2)
    await h.consumer().take(one, one)
    again = await h.consumer(cluster="another", number=7).take(one, two, one)
    assert (again.stored, again.duplicates) == (1, 2)
    assert await h.trails() == serial(source.said)


@_case
async def a_consumer_with_another_offset_is_told_to_seek(store: Store) -> None:
    """A zombie whose partition was read on by somebody else, or one that stands ahead of the row: nothing is taken."""
    h, source = await house(store), Source()
    alive, zombie = h.consumer(), h.consumer()
    first, second, third = (source.note("01-001", n) for n in range(3))
    await alive.take(first, second)
    result = await zombie.take(first)
    assert (result.stored, result.duplicates, zombie.at) == (0, 0, 2)
    alive.at = 3
    assert (await alive.take(third)).reseek == {alive.partition: 2}
    assert (await alive.take(third)).stored == 1
    assert await h.trails() == serial(source.said)


@_case
async def offsets_are_kept_by_cluster(store: Store) -> None:
    """Another cluster is read from its beginning."""
    h, source = await house(store), Source()
    consumer = h.consumer()
    await consumer.take(source.note("01-001", 1))
    assert await h.inbox.offsets("cluster", [consumer.partition]) == {consumer.partition: 1}
    assert await h.inbox.offsets("new", [consumer.partition]) == {consumer.partition: 0}
    assert not await h.inbox.rewind("cluster", consumer.partition, 5, 0)
    assert await h.inbox.rewind("cluster", consumer.partition, 1, 0)
    assert await h.inbox.offsets("cluster", [consumer.partition]) == {consumer.partition: 0}


@_case
async def a_key_waits_for_its_missing_message(store: Store) -> None:
    """Others go on; when it comes, the key goes on in order, and nothing of the wait remains."""
    h, source = await house(store), Source()
    consumer = h.consumer()
    one, lost, three, other, five = (source.note(f"01-00{n}", i) for i, n in enumerate((1, 1, 1, 2, 1)))
    await consumer.take(one, three, other)
    await consumer.take(five, three)
    trails = await h.trails()
    assert trails["TRIAL/01-001"].seen == (0,)
    assert trails["TRIAL/01-002"].seen == (3,)
    assert await h.parked() == [("inbox", "test.notes TRIAL/01-001", 3)]
    shown = await h.parking.show("inbox", "test.notes TRIAL/01-001")
    assert [w.place for w in shown.waiting] == ["test.notes 3", "test.notes 5"]
    assert await h.parking.requeue("inbox", shown.parked.key) == shown.parked
    assert (await h.reader.standing()).topics["test.notes"].topic_pos == 1
    whole = await h.inbox.completeness()
    assert whole.detail == {"test.notes": "waiting for 2 of 1..5"}
    await consumer.take(lost)
    assert await h.trails() == serial(source.said)
    assert await h.parked() == []
    standing = (await h.reader.standing()).topics["test.notes"]
    assert (standing.topic_pos, standing.position) == (5, 10)
    assert [entry[4] for entry in await h.entries() if entry[3] == "TRIAL/01-001"] == [1, 2, 3, 4]


@_case
async def a_source_that_went_back_stops_the_consumer(store: Store) -> None:
    """Another event under a known place, or under a known number of its key: nothing of the fetch is taken."""
    h, source, other = await house(store), Source(), Source()
    consumer = h.consumer()
    await consumer.take(source.note("01-001", 1), source.note("01-002", 2))
    new, old = source.note("01-003", 3), other.note("01-009", 9)
    assert await went_back(consumer.take(new, old))
    other.note("01-001", 1, topic="elsewhere")
    renumbered = other.note("01-001", 1)
    other_place = Message(**{**_fields(renumbered), "topic_pos": 50})
    assert await went_back(consumer.take(other_place))
    assert h.inbox.status.condition().status == "failed"
    assert len(await h.entries()) == 2


@_case
async def an_unknown_type_is_kept_and_counted(store: Store) -> None:
    """A newer neighbour may say what this program does not know; it can be folded after an update."""
    h, source = await house(store), Source()
    fact = Ignored(study=STUDY, subject="01-001")
    await h.consumer().take(source.say(fact), source.say(fact, type="test.novel"), source.note("01-001", 3))
    assert len(await h.entries()) == 3
    assert h.inbox.status.unhandled == {"test.novel": 1}
    assert (await h.trails())["TRIAL/01-001"].count == 1


@_case
async def a_newer_version_stops_its_partition(store: Store) -> None:
    """What stands before it is taken, what comes after it is not, other partitions go on."""
    h, source = await house(store), Source()
    fact = Noted(study=STUDY, subject="01-001", number=1)
    consumer = h.consumer()
    result = await consumer.take(source.note("01-001", 0), source.say(fact, schema=2), source.note("01-001", 2))
    assert "v2" in result.stopped[consumer.partition]
    assert (await h.inbox.offsets("cluster", [consumer.partition])) == {consumer.partition: 1}
    assert (await h.consumer(number=1).take(source.note("01-002", 5))).stored == 1
    assert len(await h.entries()) == 2


@_case
async def a_foreign_record_stops_its_partition(store: Store) -> None:
    """What no relay of ours has written is never stepped over."""
    h = await house(store)
    partition = Partition("test.notes", 0)
    foreign = Fetched(partition, 0, 1, [Record(0, b"k", [("ce_specversion", b"1.0")], b"{}")])
    assert "ce_subject: missing" in (await h.inbox.receive("cluster", [foreign])).stopped[partition]
    assert await h.inbox.offsets("cluster", [partition]) == {partition: 0}


@_case
async def a_failing_fold_parks_its_key(store: Store) -> None:
    """The key stops before the failing fact, others go on, and no word of the fact is in the reason."""
    h, source = await house(store), Source()
    consumer = h.consumer()
    await consumer.take(source.note("01-001", 1), source.note("01-001", BROKEN), source.note("01-001", 3))
    await consumer.take(source.note("01-001", 4), source.note("01-002", 5))
    trails = await h.trails()
    assert trails["TRIAL/01-001"].seen == (1,)
    assert trails["TRIAL/01-002"].seen == (5,)
    assert await h.parked() == [("p_trails_v1_g1", "TRIAL/01-001", 2)]
    (parked,) = await h.parking.list()
    assert parked.reason == "test.notes 2: ZeroDivisionError in the fold of test.noted"
    shown = await h.parking.show(parked.follower, parked.key)
    assert [w.place for w in shown.waiting] == ["test.notes 2", "test.notes 3", "test.notes 4"]


@_case
async def an_undecodable_fact_parks_its_key(store: Store) -> None:
    """It is kept in the inbox log; the reason names the field, not the value."""
    h, source = await house(store), Source()
    fact = Noted(study=STUDY, subject="01-001", number=1)
    await h.consumer().take(source.say(fact, value=b'{"number":"Mrs Miller"}'), source.note("01-002", 2))
    (parked,) = await h.parking.list()
    assert "number" in parked.reason
    assert "Miller" not in parked.reason
    assert len(await h.entries()) == 2
    assert list(await h.trails()) == ["TRIAL/01-002"]


@_case
async def a_row_that_does_not_fit_parks_its_keys(store: Store) -> None:
    """Found only when it is written: the rows of other keys are written all the same."""
    h, source = await house(store), Source()
    consumer = h.consumer()
    await consumer.take(source.note("01-001", 1))
    await consumer.take(source.note("01-001", 2), source.note("01-001", TOO_LONG), source.note("01-002", 3))
    assert await h.parked() == [("p_trails_v1_g1", "TRIAL/01-001", 3)]
    trails = await h.trails()
    assert trails["TRIAL/01-001"].seen == (1, 2)
    assert trails["TRIAL/01-002"].seen == (3,)
    assert (await h.operations.rebuild("trails")).same is True


@_case
async def requeue_applies_in_order_after_a_fix(store: Store) -> None:
    """Still broken: parked at the first that fails. Mended: all of it, and the rows are as if nothing had been."""
    h, source = await house(store), Source()
    consumer = h.consumer()
    for number in (1, TOO_LONG, 3):
        await consumer.take(source.note("01-001", number), source.note("01-002", number))
    await consumer.take(source.note("01-001", BROKEN))
    still = await h.parking.requeue("p_trails_v1_g1", "TRIAL/01-001")
    assert isinstance(still, Parked)
    assert still.position == 3
    mended = await house(store, Trails(forgiving=True))
    assert await mended.parking.requeue("p_trails_v1_g1", "TRIAL/01-001") is None
    assert await mended.parking.requeue("p_trails_v1_g1", "TRIAL/01-002") is None
    await Reader(mended.inbox, number=9).take(source.note("01-001", 7))
    assert await mended.trails() == serial(source.said, Trails(forgiving=True))
    assert await mended.parked() == []


@_case
async def a_rebuild_gives_the_same_rows(store: Store) -> None:
    """Beside the serving build, which goes on; compared; switched; the old one is not kept up any more."""
    h, source = await house(store), Source()
    consumer = h.consumer()
    await consumer.take(*(source.note(f"01-{n % 7:03d}", n) for n in range(1, 50)))
    progress: list[tuple[int, int]] = []
    rebuilt = await h.operations.rebuild("trails", lambda done, total: progress.append((done, total)))
    assert (rebuilt.same, rebuilt.rows, rebuilt.parked) == (True, 7, 0)
    assert progress[-1] == (49, 49)
    await consumer.take(source.note("01-001", 51))
    old, new = (listed.generation for listed in await h.operations.list())
    assert (old.status, new.status) == (GenerationStatus.SERVING, GenerationStatus.READY)
    assert (old.position, new.position) == (50, 50)
    await h.operations.switch("trails")
    await consumer.take(source.note("01-002", 52))
    old, new = (listed.generation for listed in await h.operations.list())
    assert (old.status, new.status) == (GenerationStatus.RETIRED, GenerationStatus.SERVING)
    assert (old.position, new.position) == (50, 51)
    assert await h.trails() == serial(source.said)
    await h.operations.rebuild("trails")
    assert [g.generation.number for g in await h.operations.list()] == [2, 3]


@_case
async def a_changed_row_is_found_by_the_comparison(store: Store) -> None:
    """The checksum of a serving build that somebody has edited differs from that of its rebuild."""
    h, source = await house(store), Source()
    await h.consumer().take(source.note("01-001", 1))
    before = await h.operations.checksum("trails")
    async with store.begin() as tx:
        advance_table = h.reader._table(Trails(), (await tx.generations.all())[0])
        (row,) = await tx.rows.get(advance_table, ["TRIAL/01-001"])
        await tx.rows.put(advance_table, [{**row, "count": 2}])
    assert (await h.operations.checksum("trails"))[1] != before[1]
    assert (await h.operations.rebuild("trails")).same is False


@_case
async def a_new_version_is_built_beside_the_old(store: Store) -> None:
    """A program that reads both serves the old one until it is told to switch."""
    h, source = await house(store, Trails(version=1)), Source()
    await h.consumer().take(source.note("01-001", 1), source.note("01-002", 2))
    both = await house(store, Trails(version=1), Trails(version=2))
    assert (await both.reader.standing()).generation.version == 1
    await Reader(both.inbox, number=1).take(source.note("01-001", 3))
    assert (await both.operations.switch("trails")).version == 2
    assert (await both.reader.standing()).generation.version == 2
    assert await both.trails() == serial(source.said)
    assert (await both.operations.switch("trails", 1)).version == 1
    assert await both.trails() == serial(source.said)


@_case
async def a_cancelled_build_is_gone(store: Store) -> None:
    """Its table is dropped, it is not kept up, and the next rebuild starts anew."""
    h, source = await house(store), Source()
    await h.consumer().take(source.note("01-001", 1))
    generation = await h.operations._begin(Trails())
    await h.operations.cancel(generation)
    await h.consumer(number=1).take(source.note("01-001", 2))
    assert [g.generation.status for g in await h.operations.list()] == ["serving", "cancelled"]
    assert (await h.operations.rebuild("trails")).same is True
    assert [g.generation.number for g in await h.operations.list()] == [1, 3]


@_case
async def what_was_missed_is_caught_up(store: Store) -> None:
    """Facts stored by a program that does not know the projection are folded by the next one that does."""
    alone, source = Inbox(store, REGISTRY, clock=lambda: START), Source()
    first = await house(store)
    await Reader(alone).take(*(source.note("01-001", n) for n in range(5)))
    await Reader(first.inbox, number=1).take(source.note("01-001", 5))
    assert await first.trails() == serial(source.said)
    await Reader(alone, number=2).take(source.note("01-001", 6))
    while await first.projections.move((await first.operations.list())[0].generation):
        pass
    assert await first.trails() == serial(source.said)


@_case
async def a_failed_transaction_leaves_nothing(store: Store) -> None:
    """Not in the inbox, not in the rows, not in the offsets."""
    h, source = await house(store), Source()

    class Failing:
        handles = frozenset({Noted.type_name})

        async def apply(self, tx: Tx, before: int, after: int, arrivals: Sequence[Any]) -> None:
            raise ConnectionAbortedError

    broken = Inbox(store, REGISTRY, [h.projections, Failing()], clock=lambda: START)
    message = source.note("01-001", 1)
    try:
        await Reader(broken).take(message)
    except Exception:
        assert await h.entries() == []
    else:
        raise AssertionError("expected the transaction to fail")
    assert await h.trails() == {}
    assert (await h.consumer().take(message)).stored == 1
    assert await h.trails() == serial(source.said)


@_case
async def rows_are_found_by_column_and_page(store: Store) -> None:
    """By value, by a list of values, after a key."""
    h, source = await house(store), Source()
    await h.consumer().take(*(source.note(f"01-00{n}", i) for i, n in enumerate((1, 2, 2, 3, 3, 3))))
    assert list((await h.reader.find({"count": 2})).value) == ["TRIAL/01-002"]
    assert list((await h.reader.find({"count": [1, 3]})).value) == ["TRIAL/01-001", "TRIAL/01-003"]
    assert list((await h.reader.find(after="TRIAL/01-001", limit=1)).value) == ["TRIAL/01-002"]
    assert (await h.reader.get("TRIAL/01-009")).value is None


@_case
async def readers_can_wait_for_a_position(store: Store) -> None:
    """Of a source, over one topic or all that it publishes."""
    h, source = await house(store), Source()
    await h.consumer().take(source.note("01-001", 1))
    await h.consumer(topic="test.more").take(source.note("01-001", 2, topic="test.more"))
    assert await h.reader.following("test.notes").wait_for(2, 0)
    assert not await h.reader.following("test.notes").wait_for(4, 0)
    assert not await h.reader.following("test.notes", "test.more").wait_for(4, 0)
    assert await h.reader.following("test.notes", "test.more", whole=True).wait_for(4, 0)
    assert not await h.reader.following("test.notes", "test.more", whole=True).wait_for(5, 0)


@_case
async def cursors_begin_at_zero_and_are_kept(store: Store) -> None:
    """By name."""
    async with store.begin() as tx:
        assert await tx.followers.lock_cursor("a") == 0
        await tx.followers.move_cursor("a", 5)
    async with store.begin() as tx:
        assert await tx.followers.lock_cursor("a") == 5
        assert await tx.followers.lock_cursor("b") == 0


async def went_back(action: Awaitable[object]) -> bool:
    """Whether the action is refused because histories would mix."""
    try:
        await action
    except SourceWentBack:
        return True
    return False


def _fields(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in Message.__slots__}
