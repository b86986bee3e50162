"""Whether a source still knows what it published: its marks and announcements against what was read before them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from contracts.events.wire import Announcement, AnyRecord, Mark, Message
from services.chassis.inbox.port import Identity, Line, Partition, Place, Tx


class SourceWentBack(Exception):
    """A source does not know any more what it published: its database is at an older point.

    Going on would mix two histories. The read models of this service hold facts that their source does not know.
    """

    def __init__(self, source: str, because: str) -> None:
        super().__init__(
            f"source went back: {source} {because}. Restore {source} to its newest state, or this service to one that "
            "is no newer than its sources; either way let them meet again in an empty Kafka cluster, the present one "
            "holds both histories"
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
        lines: Iterable[Line],
        fetched: Collection[Partition],
        gone: Collection[Partition],
    ) -> None:
        self._tx, self._cluster_id = tx, cluster_id
        self._lines: dict[str, dict[UUID, Line]] = defaultdict(dict)
        for line in lines:
            self._lines[line.topic][line.mark] = line
        self._fetched = {partition: partition in gone for partition in fetched}
        self._read: dict[str, dict[int, bool]] = {}
        self._messages: dict[str, list[Message]] = defaultdict(list)
        self.announced: dict[str, int] = {}

    @classmethod
    async def load(
        cls, tx: Tx, cluster_id: str, read: Mapping[Partition, Sequence[AnyRecord]], gone: Collection[Partition]
    ) -> "Lines":
        """The lines that the topics of a fetch have not passed yet."""
        topics = {partition.topic for partition in read}
        marks = {record.mark for records in read.values() for record in records if not isinstance(record, Message)}
        return cls(tx, cluster_id, await tx.lines.find(cluster_id, topics, marks), read, gone)

    async def take(self, partition: Partition, records: Sequence[AnyRecord]) -> list[Message]:
        """The messages of a partition, after everything that stands between them was judged.

        Raises `SourceWentBack`.
        """
        found: list[Message] = []
        start = 0
        for record in records:
            if isinstance(record, Message):
                found.append(record)
                continue
            await self._pass(partition, found[start:])
            start = len(found)
            if isinstance(record, Mark):
                await self._mark(partition, record)
            else:
                await self._announce(record)
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
            if line.void:
                continue
            if partition.number not in line.passed and await self._has_part(partition, line) and highest > line.highest:
                line = await self._put(replace(line, highest=highest))
            _judge(line, messages)

    async def _mark(self, partition: Partition, mark: Mark) -> None:
        of_topic = self._lines[mark.topic]
        if (line := of_topic.get(mark.mark)) is None:
            number = 1 + max((line.number for line in of_topic.values()), default=0)
            line = Line(self._cluster_id, mark.topic, mark.mark, number, mark.partitions, 0)
            if not await self._has_part(partition, line):
                return
            line = replace(line, highest=await self._highest(line))
        if not line.void:
            await self._put(replace(line, passed=line.passed | {partition.number}))

    async def _announce(self, said: Announcement) -> None:
        self.announced[said.topic] = max(self.announced.get(said.topic, 0), said.topic_pos)
        line = self._lines[said.topic].get(said.mark)
        if line is None or line.void or line.chains is not None:
            return
        line = await self._put(replace(line, first=said.first, chains=said.chains))
        if line.highest > said.reach:
            because = f"has {said.topic} 1..{said.topic_pos} and has published 1..{said.reach} at most"
            raise SourceWentBack(said.source, f"{because}, but {line.highest} was read before it said so")
        places = {Place(said.topic, place) for place in range(said.first, said.reach + 1)}
        for place, known in (await self._tx.inbox.held(places)).items():
            _compare(line, said.source, place.topic_pos, known.chain)
        _judge(line, self._messages[said.topic])

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


def _judge(line: Line, messages: Iterable[Message]) -> None:
    if line.chains is None:
        return
    reach = line.first + len(line.chains) - 1
    for message in messages:
        if line.highest > reach:
            because = f"had published {line.topic} 1..{reach} at most when it said so, but {line.highest} precedes that"
            raise SourceWentBack(message.source, because)
        _compare(line, message.source, message.topic_pos, message.chain)


def _compare(line: Line, source: str, place: int, chain: str) -> None:
    if line.chains is None or not line.first <= place < line.first + len(line.chains):
        return
    if line.chains[place - line.first] != chain:
        raise SourceWentBack(source, f"announces another fact at {line.topic} {place} than it has published there")
