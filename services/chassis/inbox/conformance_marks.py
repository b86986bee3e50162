"""What every `Store` must do under an inbox that hears how far its sources have come. Continues `conformance`."""
# ruff: noqa: S101

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from contracts.events.wire import Announcement, AnyRecord, Mark, Message, Places, relay_headers, value_of
from services.chassis.inbox.conformance import START, Case, House, Source, house, record, serial, went_back
from services.chassis.inbox.inbox import PATIENCE, Fetched, Record
from services.chassis.inbox.port import Partition, Store

TOPIC, OTHER = "test.notes", "test.more"
CASES: list[Case] = []


def _case(function: Case) -> Case:
    CASES.append(function)
    return function


class Act:
    """A mark and what is announced after it, as a relay writes them into every partition."""

    def __init__(self, partitions: int = 2) -> None:
        self.mark, self.partitions = uuid4(), partitions

    def line(self, topic: str = TOPIC) -> Mark:
        """The mark."""
        return Mark(topic, "source", self.mark, self.partitions)

    def says(self, *said: Message, published: int = 0, topic: str = TOPIC) -> Announcement:
        """That the source has these, of which so many of each topic are known to be published."""
        return Announcement(topic, "source", self.mark, {t: self._places(t, said, published) for t in (TOPIC, OTHER)})

    def _places(self, topic: str, said: Sequence[Message], published: int) -> Places:
        of_topic = [message for message in said if message.topic == topic]
        stated = of_topic[max(published - 1, 0) :]
        first = stated[0].topic_pos if stated else 1
        return Places(self.partitions, len(of_topic), first, tuple(message.chain for message in stated))


class Reader:
    """A consumer of two partitions of each of two topics."""

    def __init__(self, of: House, cluster: str = "cluster") -> None:
        self.inbox, self.cluster, self.at = of.inbox, cluster, dict[Partition, int]()

    async def take(
        self, first: Sequence[AnyRecord] = (), second: Sequence[AnyRecord] = (), *, topic: str = TOPIC, skip: int = 0
    ) -> Any:
        """Hand over what was fetched of both partitions of a topic; `skip`: so many offsets are gone before it."""
        fetched = []
        for number, read in enumerate((first, second)):
            if read:
                partition = Partition(topic, number)
                start = self.at.get(partition, 0)
                records = [_carried(one, start + skip + n) for n, one in enumerate(read)]
                fetched.append(Fetched(partition, start, start + skip + len(records), records))
        result = await self.inbox.receive(self.cluster, fetched)
        self.at |= {fetch.partition: fetch.end for fetch in fetched}
        return result


def _carried(one: AnyRecord, offset: int) -> Record:
    return record(one, offset) if isinstance(one, Message) else Record(offset, None, relay_headers(one), value_of(one))


async def _lines(store: Store, *marks: UUID) -> int:
    async with store.begin() as tx:
        return len(await tx.lines.find("cluster", [TOPIC, OTHER], marks))


@_case
async def what_was_announced_and_never_came_is_missing(store: Store) -> None:
    """1..n is of its source: a tail that nobody has read has a name; and it is gone when it has come."""
    now = START

    def clock() -> datetime:
        return now

    h, source, act = await house(store, clock=clock), Source(), Act()
    reader = Reader(h)
    one, two, three = (source.note("01-001", n) for n in range(3))
    await reader.take([one, act.line(), act.says(one, two, three)])
    report = await h.inbox.completeness()
    assert (report.status, report.detail) == ("ok", {TOPIC: "waiting for 2 to 3 of 1..3"})
    now += PATIENCE - timedelta(seconds=1)
    assert (await h.inbox.completeness()).status == "ok"
    now += timedelta(seconds=1)
    report = await h.inbox.completeness()
    assert (report.status, report.detail) == ("failed", {TOPIC: "missing 2 to 3 of 1..3"})
    await reader.take([two])
    assert (await h.inbox.completeness()).detail == {TOPIC: "waiting for 3 of 1..3"}, "another place, another patience"
    await reader.take([three])
    report = await h.inbox.completeness()
    assert (report.status, report.detail) == ("ok", {TOPIC: "exactly 1..3"})
    assert await h.trails() == serial(source.said)


@_case
async def a_source_without_a_word_announces_nothing(store: Store) -> None:
    """Nothing is held of it, nothing is missing."""
    h, act = await house(store), Act()
    await Reader(h).take([act.line(), act.says()], [act.line(), act.says()])
    assert (await h.inbox.completeness()).detail == {}
    assert await _lines(store, act.mark) == 1, "that of the topic which was not read"


@_case
async def a_restored_source_is_recognised_before_it_says_anything(store: Store) -> None:
    """In the cluster where it was read, and in a new one; again and again, and nothing is stored."""
    h, source, act = await house(store), Source(), Act()
    reader = Reader(h)
    one, two = source.note("01-001", 1), source.note("01-002", 2)
    await reader.take([one], [two])
    for at in (reader, Reader(h, "new"), reader):
        assert await went_back(at.take([act.line(), act.says(one)]))
    assert "1..1 at most, but 2" in str(h.inbox.status.went_back)
    assert h.inbox.status.condition().status == "failed"
    assert len(await h.entries()) == 2


@_case
async def a_restored_source_that_went_on_is_recognised_by_its_hashes(store: Store) -> None:
    """It has recorded as much again before its relay could say anything."""
    h, source, other, act = await house(store), Source(), Source(), Act()
    reader = Reader(h)
    one, two = source.note("01-001", 1), source.note("01-002", 2)
    await reader.take([one], [two])
    news = [other.note(f"01-00{n}", n) for n in (1, 3, 4)]
    assert await went_back(reader.take([act.line(), act.says(one, *news[1:], published=1)]))
    assert f"another fact at {TOPIC} 2" in str(h.inbox.status.went_back)


@_case
async def nothing_new_is_taken_before_other_topics_of_the_source_are_judged(store: Store) -> None:
    """What was discarded was said in a topic that is read later."""
    h, source, act = await house(store), Source(), Act()
    reader = Reader(h)
    lost = source.note("01-001", 1, topic=OTHER)
    await reader.take([lost], topic=OTHER)
    new = Source().note("01-002", 2)
    assert await went_back(reader.take([act.line(), act.says(new), new]))
    assert len(await h.entries()) == 1


@_case
async def a_source_that_was_taken_back_to_its_newest_point_is_believed(store: Store) -> None:
    """The older one has said nothing but how far it was, in this partition; where it said more, that still counts."""
    h, source, older, newest, again = await house(store), Source(), Act(), Act(), Act()
    reader = Reader(h)
    one, two, three = (source.note(f"01-00{n}", n) for n in (1, 2, 3))
    other = Source()
    other.note("01-001", 1)
    new = other.note("01-004", 4)
    await reader.take([one], [two])
    wrong: list[AnyRecord] = [older.line(), older.says(one)]
    right: list[AnyRecord] = [newest.line(), newest.says(one, two)]
    assert await went_back(reader.take([*wrong]))
    assert await went_back(reader.take([*wrong, newest.line()]))
    assert await went_back(reader.take([newest.line(), *wrong, newest.says(one, two)])), "it may have been read before"
    assert await went_back(reader.take([*wrong, new, *right])), "it has said something new"
    assert await went_back(reader.take([*wrong, again.line(), again.says(one)])), "it says it again"
    await reader.take([*wrong, *right, three])
    assert await went_back(reader.take([], [*wrong, new, *right]))
    await reader.take([], [*wrong, *right])
    assert len(await h.entries()) == 3


@_case
async def a_restored_source_that_speaks_again_is_no_more_believed(store: Store) -> None:
    """What it has recorded and published since is in other partitions, and behind what it announces now."""
    h, source, other, older, again = await house(store), Source(), Source(), Act(), Act()
    reader = Reader(h)
    one, two = source.note("01-001", 1), source.note("01-002", 2)
    await reader.take([one], [two])
    news = [other.note(f"01-00{n}", n) for n in (3, 4, 5)]
    twice: list[AnyRecord] = [older.line(), older.says(*news[:2]), again.line(), again.says(*news, published=3)]
    assert await went_back(reader.take(twice))
    once_more: list[AnyRecord] = [older.line(), older.says(), again.line(), again.says(*news, published=3), news[2]]
    assert await went_back(reader.take(once_more))
    assert len(await h.entries()) == 2


@_case
async def what_is_taken_back_in_a_partition_is_not_in_another(store: Store) -> None:
    """The newest state is back, but the older one has said something new, where this reader has a hole."""
    h, source, older, newest = await house(store), Source(), Act(), Act()
    reader = Reader(h)
    one, two = source.note("01-001", 1), source.note("01-002", 2)
    new = Source().note("01-003", 3)
    right: list[AnyRecord] = [newest.line(), newest.says(one, two, published=2)]
    await reader.take([two, older.line(), older.says(), *right])
    assert await went_back(reader.take([], [older.line(), older.says(), new, *right]))
    await reader.take([], [one, older.line(), older.says(), *right])
    assert len(await h.entries()) == 2


@_case
async def a_reader_that_lags_does_not_take_what_was_discarded(store: Store) -> None:
    """Its other partition has passed the mark; this one holds what the source does not know any more."""
    h, source, act = await house(store), Source(), Act()
    reader = Reader(h)
    one, lost = source.note("01-001", 1), source.note("01-002", 2)
    await reader.take([one, act.line(), act.says(one)])
    assert await went_back(reader.take([], [lost, act.line()]))
    assert len(await h.entries()) == 1


@_case
async def what_follows_a_mark_in_its_partition_does_not_precede_it(store: Store) -> None:
    """In one fetch: the first partition has gone on, the second has yet to reach the mark."""
    h, source, act = await house(store), Source(), Act()
    one, two, three = (source.note(f"01-00{n}", n) for n in (1, 2, 3))
    says = act.says(one, two)
    await Reader(h).take([one, act.line(), says, three], [two, act.line(), says])
    assert len(await h.entries()) == 3
    assert await _lines(store) == 1, "that of the topic which was not read"


@_case
async def a_relay_that_wakes_up_late_accuses_nobody(store: Store) -> None:
    """Its mark stands behind later facts, and it has looked into the outbox when the mark stood."""
    h, source, late, prompt = await house(store), Source(), Act(), Act()
    reader = Reader(h)
    one, two, three = (source.note(f"01-00{n}", n) for n in (1, 2, 3))
    says, both = prompt.says(one), late.says(one, two, three, published=1)
    await reader.take([one, late.line(), prompt.line(), says], [prompt.line(), says, two])
    await reader.take([three], [late.line(), both])
    assert len(await h.entries()) == 3


@_case
async def a_mark_without_an_announcement_is_void_after_the_next(store: Store) -> None:
    """Its relay has ended; when the rest of it comes, nobody cares."""
    h, source, ended, act = await house(store), Source(), Act(), Act()
    reader = Reader(h)
    one, two = source.note("01-001", 1), source.note("01-002", 2)
    both: list[AnyRecord] = [act.line(), act.says(one)]
    await reader.take([one, ended.line(), *both], both)
    assert (await _lines(store), await _lines(store, ended.mark)) == (1, 2)
    await reader.take([two], [ended.line(), ended.says(one)])
    assert len(await h.entries()) == 2


@_case
async def a_void_mark_stays_void_when_another_topic_speaks_of_it(store: Store) -> None:
    """Its relay ended when it had announced in one topic only, which is read last."""
    h, source, ended, act = await house(store), Source(), Act(1), Act(1)
    reader = Reader(h)
    one, two = source.note("01-001", 1), source.note("01-002", 2)
    await reader.take([one, ended.line(), act.line(), act.says(one, two), two])
    await reader.take([ended.line(OTHER), ended.says(one, topic=OTHER), act.line(OTHER)], topic=OTHER)
    assert (await h.inbox.completeness()).detail == {TOPIC: "exactly 1..2"}
    assert (await h.inbox.standings())[TOPIC].announced == 2


@_case
async def a_mark_that_another_topic_told_of_is_later_than_those_that_are_read_after_it(store: Store) -> None:
    """A topic hears of the newer mark elsewhere, before it comes to the older one, and is done with it first."""
    h, source, older, newer = await house(store), Source(), Act(), Act()
    reader = Reader(h)
    one = source.note("01-001", 1, topic=OTHER)
    marks: list[AnyRecord] = [older.line(), newer.line()]
    await reader.take([older.line()])
    await reader.take([], [*marks, newer.says(one)])
    marks = [older.line(OTHER), newer.line(OTHER)]
    await reader.take([*marks, one], marks, topic=OTHER)
    await reader.take([older.says(), newer.line(), newer.says(one)])
    assert (await h.inbox.standings())[OTHER].announced == 1


@_case
async def a_mark_is_no_younger_in_the_topic_that_comes_to_it_last(store: Store) -> None:
    """One topic has done with the newer mark, and the older one is void there, before the other is read at all."""
    h, source, older, newer = await house(store), Source(), Act(), Act()
    reader = Reader(h)
    one = source.note("01-001", 1, topic=OTHER)
    both: list[AnyRecord] = [older.line(), newer.line(), newer.says(one)]
    await reader.take(both, both)
    await reader.take([older.line(OTHER), older.says(topic=OTHER), newer.line(OTHER), one], topic=OTHER)
    assert (await h.inbox.standings())[OTHER].announced == 1


@_case
async def an_announcement_that_was_overtaken_tells_nothing_of_a_topic_with_records_gone(store: Store) -> None:
    """Nothing is remembered of the marks in that topic: the one where it is heard knows that a newer one was."""
    h, source, older, newer = await house(store), Source(), Act(), Act()
    reader = Reader(h)
    one, two, three = (source.note(f"01-00{n}", n, topic=OTHER) for n in (1, 2, 3))
    await reader.take([one], [two], topic=OTHER, skip=7)
    await reader.take([older.line()])
    await reader.take([], [older.line(), newer.line(), newer.says(one, two, three)])
    await reader.take([three], topic=OTHER)
    await reader.take([older.says(one, two)])
    assert (await h.inbox.standings())[OTHER].announced == 3


@_case
async def nobody_is_accused_where_records_were_gone(store: Store) -> None:
    """The mark may have been among them: it is unknown what it preceded in that partition."""
    h, source, act = await house(store), Source(), Act()
    reader = Reader(h)
    one, two, three = (source.note(f"01-00{n}", n) for n in (1, 2, 3))
    await reader.take([], [three], skip=7)
    await reader.take([one, act.line(), act.says(one, two), two])
    assert len(await h.entries()) == 3
