"""Whether a source still knows what it published: its marks and announcements against what was read before them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from uuid import UUID

from contracts.events.wire import Announcement, AnyRecord, Mark, Message, Places
from services.chassis.inbox.port import Identity, Line, Partition, Place, Tx


class SourceWentBack(Exception):
    """A source does not know any more what it published: its database is at an older point.

    Going on would mix two histories. The read models of this service hold facts that their source does not know.
    """

    def __init__(self, source: str, because: str) -> None:
        super().__init__(
            f"source went back: {source} {because}. Restore {source} to its newest state and restart this service. If "
            f"that is lost, or {source} has recorded anything since: let all services meet in an empty Kafka cluster, "
            "those that read it restored to states that are no newer than its own"
        )

    @classmethod
    def at(cls, message: Message, known: Identity | None) -> "SourceWentBack":
        """It says something else under a place, or a number of a key, that it has used before."""
        held = f"event {known.event_id} is held there" if known else "a later fact of the same key is held"
        place = f"{message.topic} {message.topic_pos}"
        return cls(message.source, f"now has event {message.event_id} at {place}, but {held}")


class Lines:
    """The marks that stand between the messages of a fetch, judged in the transaction that stores it.

    What precedes a mark, in any partition, was in its source's outbox when the announcement was made (see
    `contracts.events.wire.Announcement`). At its first sight no partition has passed it, so all that is held precedes
    it; later on only what comes from partitions that have not passed it does.
    A partition of which records were gone, or that is younger than the mark, has no part in this: it is unknown which
    of its messages the mark preceded, and nobody may be accused by mistake.
    """

    def __init__(
        self,
        tx: Tx,
        cluster_id: str,
        topics: Collection[str] | None,
        lines: Iterable[Line],
        fetched: Collection[Partition],
        gone: Collection[Partition],
    ) -> None:
        self._tx, self._cluster_id, self._topics = tx, cluster_id, topics
        self._lines: dict[str, dict[UUID, Line]] = defaultdict(dict)
        for line in lines:
            self._lines[line.topic][line.mark] = line
        self._fetched = {partition: partition in gone for partition in fetched}
        self._read: dict[str, dict[int, bool]] = {}
        self._messages: dict[str, list[Message]] = defaultdict(list)
        self.announced: dict[str, int] = {}

    @classmethod
    async def load(
        cls,
        tx: Tx,
        cluster_id: str,
        topics: Collection[str] | None,
        read: Mapping[Partition, Sequence[AnyRecord]],
        gone: Collection[Partition],
    ) -> "Lines":
        """The lines that the topics of a fetch have not passed yet. `topics`: those that this service reads."""
        own = [record for records in read.values() for record in records if not isinstance(record, Message)]
        told = {topic for record in own if isinstance(record, Announcement) for topic in record.topics}
        touched = {partition.topic for partition in read} | told
        lines = await tx.lines.find(cluster_id, touched, {record.mark for record in own})
        return cls(tx, cluster_id, topics, lines, read, gone)

    async def take(self, partition: Partition, records: Sequence[AnyRecord]) -> list[Message]:
        """The messages of a partition, after everything that stands between them was judged.

        Raises `SourceWentBack`.
        """
        found: list[Message] = []
        start = 0
        for index, record in enumerate(records):
            if isinstance(record, Message):
                found.append(record)
                continue
            await self._pass(partition, found[start:])
            start = len(found)
            if isinstance(record, Mark):
                await self._mark(partition, record)
            else:
                await self._announce(record, _announced_again(records[index + 1 :]))
        await self._pass(partition, found[start:])
        for line in list(self._lines[partition.topic].values()):
            await self._close(line)
        return found

    async def _pass(self, partition: Partition, messages: Sequence[Message]) -> None:
        """Messages without a mark between them."""
        self._messages[partition.topic] += messages
        if not messages or not self._lines[partition.topic]:
            return
        highest = max(message.topic_pos for message in messages)
        for line in list(self._lines[partition.topic].values()):
            if line.void or partition.number in line.passed or not await self._has_part(partition, line):
                continue
            if highest > line.highest:
                line = await self._put(replace(line, highest=highest))
            _judge(line, messages[0].source, {message.topic_pos: message.chain for message in messages})

    async def _mark(self, partition: Partition, mark: Mark) -> None:
        line = self._lines[mark.topic].get(mark.mark) or await self._new(mark.topic, mark.mark, mark.partitions)
        if not line.void and await self._has_part(partition, line):
            await self._put(replace(line, passed=line.passed | {partition.number}))

    async def _announce(self, said: Announcement, later: Sequence[Announcement]) -> None:
        """`later`: what its source announces here before it says anything new.

        If that has what this one misses, this one is taken back, in this partition: others are judged by themselves.
        """
        line = self._lines[said.topic].get(said.mark)
        if line is None or line.void or line.chains is not None:
            return
        void = {topic for topic in said.topics if (known := self._lines[topic].get(said.mark)) and known.void}
        topics = [
            topic for topic in said.topics if topic not in void and (self._topics is None or topic in self._topics)
        ]
        newest = all(other.chains is None or other.number < line.number for other in self._lines[said.topic].values())
        taken_back = False
        for topic in topics:
            try:
                await self._judge_topic(said, topic, said.topics[topic])
            except SourceWentBack:
                if not await self._vouched(self._lines[topic][said.mark], later):
                    raise
                taken_back = True
        for topic in topics:
            if taken_back:
                await self._put(replace(self._lines[topic][said.mark], chains=None))
            elif newest:
                self.announced[topic] = said.topics[topic].count

    async def _judge_topic(self, said: Announcement, topic: str, places: Places) -> None:
        """What was read of a topic, be it that of the announcement or another of the source."""
        line = self._lines[topic].get(said.mark) or await self._new(topic, said.mark, places.partitions)
        line = await self._put(replace(line, first=places.first, chains=places.chains))
        _judge(line, said.source, await self._read_of(topic, places.first, min(places.reach, line.highest)))

    async def _vouched(self, line: Line, later: Sequence[Announcement]) -> bool:
        """Whether one has the last that was read up to a line, or one behind it: a hash stands for all before it."""
        for said in later:
            if (places := said.topics.get(line.topic)) is not None:
                known = await self._read_of(line.topic, max(places.first, line.highest), places.reach)
                if any(places.chains[place - places.first] == chain for place, chain in known.items()):
                    return True
        return False

    async def _read_of(self, topic: str, first: int, last: int) -> dict[int, str]:
        """The hashes of what is held or in hand of these places."""
        held = await self._tx.inbox.held({Place(topic, place) for place in range(first, last + 1)})
        in_hand = {m.topic_pos: m.chain for m in self._messages[topic] if first <= m.topic_pos <= last}
        return {place.topic_pos: known.chain for place, known in held.items()} | in_hand

    async def _new(self, topic: str, mark: UUID, partitions: int) -> Line:
        """A line at its first sight: all that is held precedes it."""
        number = await self._tx.lines.number(self._cluster_id, mark)
        line = Line(self._cluster_id, topic, mark, number, partitions, 0)
        return replace(line, highest=await self._highest(line))

    async def _put(self, line: Line) -> Line:
        self._lines[line.topic][line.mark] = line
        await self._tx.lines.put(line)
        return line

    async def _close(self, line: Line) -> None:
        """Forget a line that has done its work. Earlier ones whose announcement never came have none left to do."""
        if line.chains is None:
            return
        ahead = {Partition(line.topic, n) for n in range(line.partitions) if n not in line.passed}
        if any([await self._has_part(partition, line) for partition in ahead]):
            return
        await self._tx.lines.remove(self._lines[line.topic].pop(line.mark))
        for other in list(self._lines[line.topic].values()):
            if other.chains is None and other.number < line.number:
                await self._put(replace(other, void=True))

    async def _has_part(self, partition: Partition, line: Line) -> bool:
        read = await self._partitions(line.topic)
        return partition.number < line.partitions and not read.get(partition.number, False)

    async def _highest(self, line: Line) -> int:
        """The last place that precedes a line at its first sight; 0 if some of what is held may have come after it."""
        read = await self._partitions(line.topic)
        if any(gone or number >= line.partitions for number, gone in read.items()):
            return 0
        standing = (await self._tx.inbox.standings()).get(line.topic)
        in_hand = max((message.topic_pos for message in self._messages[line.topic]), default=0)
        return max(in_hand, standing.highest if standing else 0)

    async def _partitions(self, topic: str) -> Mapping[int, bool]:
        if topic not in self._read:
            read = dict(await self._tx.lines.partitions(self._cluster_id, topic))
            for partition, gone in self._fetched.items():
                if partition.topic == topic:
                    read[partition.number] = gone or read.get(partition.number, False)
            self._read[topic] = read
        return self._read[topic]


def _announced_again(following: Sequence[AnyRecord]) -> list[Announcement]:
    """The whole later announcements, mark and all, before the next fact: they were read later than this one."""
    marks: set[UUID] = set()
    found: list[Announcement] = []
    for record in takewhile(lambda record: not isinstance(record, Message), following):
        if isinstance(record, Mark):
            marks.add(record.mark)
        elif isinstance(record, Announcement) and record.mark in marks:
            found.append(record)
    return found


def _judge(line: Line, source: str, before: Mapping[int, str]) -> None:
    """Whether what precedes a line, chains by place, is among what its source has announced."""
    if line.chains is None:
        return
    reach = line.first + len(line.chains) - 1
    if line.highest > reach:
        because = f"has published {line.topic} 1..{reach} at most, but {line.highest} was read that it had sent before"
        raise SourceWentBack(source, because)
    for place, chain in before.items():
        if line.first <= place and line.chains[place - line.first] != chain:
            raise SourceWentBack(source, f"announces another fact at {line.topic} {place} than was published there")
