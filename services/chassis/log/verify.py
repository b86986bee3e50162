"""Re-derive a log from its own bytes and name the first position that does not hold."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from contracts.events.registry import Registry, Undecodable, UnknownType, UnknownVersion
from services.chassis.log.chain import GENESIS, linked
from services.chassis.log.port import Head, Log, StoredEvent, StoredMessage

PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Defect:
    """What does not hold, and where. `position` is None for a defect of the log as a whole."""

    position: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a verification. `hash` is the head that the bytes really give, to be compared with a witness."""

    events: int
    hash: str
    defects: tuple[Defect, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.defects


async def verify(log: Log, registry: Registry, progress: Callable[[int], None] = lambda _: None) -> Report:
    """Read the whole log once: positions, versions, chain, payloads, head.

    A flipped byte or a swapped pair breaks the chain at its position, a removed row leaves a hole. After a broken link
    the check goes on from the stored hash, so that one defect is named once and a second one is still found.
    What is appended meanwhile is left to the next time.
    """
    head = await log.head()
    return await verify_rows(_pages(log, head.position), head, registry, progress)


async def verify_rows(
    pages: AsyncIterator[Sequence[StoredEvent]],
    head: Head,
    registry: Registry,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Like `verify`, over rows from anywhere, such as a backup."""
    defects: list[Defect] = []
    versions: dict[str, int] = {}
    previous, position, count = GENESIS, 0, 0
    async for page in pages:
        for event in page:
            count += 1
            for missing in range(position + 1, min(event.position, position + 11)):
                defects.append(Defect(missing, "missing"))
            if event.position - position > 11:
                defects.append(Defect(None, f"positions {position + 11} to {event.position - 1} are missing too"))
            if event.position != position + 1:
                previous = event.hash  # the link over the hole cannot be checked; the hole is what is wrong
            elif (expected := linked(previous, event)) != event.hash:
                defects.append(Defect(event.position, "the stored bytes do not give the stored hash: changed or moved"))
                previous = event.hash
            else:
                previous = expected
            position = event.position
            known = versions.get(event.stream, 0)
            if event.version != known + 1:
                defects.append(Defect(event.position, f"version {event.version} of its stream follows version {known}"))
            versions[event.stream] = event.version
            try:
                registry.decode(event.type, event.schema, event.payload)
            except (Undecodable, UnknownType, UnknownVersion) as error:
                defects.append(Defect(event.position, f"cannot be read: {error}"))
        progress(count)
    if head.position != position:
        defects.append(Defect(None, f"the head says {head.position}, the last event is {position}"))
    elif head.hash != previous:
        defects.append(Defect(position, "its hash is not that of the head"))
    return Report(count, previous.hex(), tuple(defects))


async def _pages(log: Log, until: int) -> AsyncIterator[Sequence[StoredEvent]]:
    after = 0
    while page := [event for event in await log.read(after, PAGE) if event.position <= until]:
        yield page
        after = page[-1].position


async def verify_outbox(log: Log, registry: Registry) -> tuple[Defect, ...]:
    """Check that every published fact left exactly one message, in order and as its contract says.

    Events that cannot be read are left to `verify`.
    """
    defects: list[Defect] = []
    topics: dict[str, int] = {}
    keys: dict[tuple[str, str], int] = {}
    told: set[int] = set()
    head = await log.head()
    out_pos, last = 0, 0
    async for message in _messages(log, head.out_pos):
        place = message.event.position
        if message.out_pos != out_pos + 1:
            defects.append(Defect(place, f"outbox position {out_pos + 1} is missing"))
        if message.topic_pos != topics.get(message.topic, 0) + 1:
            defects.append(
                Defect(place, f"{message.topic}: {message.topic_pos} follows {topics.get(message.topic, 0)}")
            )
        if message.key_seq != keys.get((message.topic, message.key), 0) + 1 or place <= last:
            defects.append(Defect(place, f"outbox position {message.out_pos} is out of order"))
        if _says_otherwise(message, registry):
            defects.append(Defect(place, f"outbox position {message.out_pos} does not say what the log says"))
        out_pos, last = message.out_pos, place
        topics[message.topic] = message.topic_pos
        keys[(message.topic, message.key)] = message.key_seq
        told.add(place)
    if out_pos != head.out_pos:
        defects.append(Defect(None, f"the head says outbox position {head.out_pos}, the last message is {out_pos}"))
    published = {model.type_name for model in registry.models if model.topic is not None}
    async for page in _pages(log, head.position):
        for event in page:
            if event.type in published and event.position not in told:
                defects.append(Defect(event.position, "a fact to be published has no message in the outbox"))
    return tuple(defects)


async def _messages(log: Log, until: int) -> AsyncIterator[StoredMessage]:
    after = 0
    while page := [message for message in await log.read_outbox(after, PAGE) if message.out_pos <= until]:
        for message in page:
            yield message
        after = page[-1].out_pos


def _says_otherwise(message: StoredMessage, registry: Registry) -> bool:
    try:
        fact = registry.decode(message.event.type, message.event.schema, message.event.payload)
    except (Undecodable, UnknownType, UnknownVersion):
        return False
    return message.event.schema == fact.type_version and message.value != registry.encode(fact.published())
