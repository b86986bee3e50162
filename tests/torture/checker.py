"""What clients were told, against what the logs, Kafka and every projection hold. Everything that differs is named."""

import asyncio
import contextlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import Table

from contracts.events.catalogue import OWNERS, READERS, TOPICS
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.wire import Message, from_record, to_envelope
from services.chassis.assembly import Opened
from services.chassis.inbox.memory import MemoryTx, State
from services.chassis.log.port import StoredEvent, StoredMessage
from services.chassis.log.verify import PAGE
from services.chassis.meta import Meta
from services.chassis.projections.checksum import checksum
from services.chassis.projections.port import FeedName
from services.chassis.projections.projection import AnyProjection, handled, table_of
from services.chassis.relay.render import render
from services.cli import catalogue
from services.cli.running import inside
from services.cli.verification import verify_all
from tests.at_rest import at_rest, outbox_of
from tests.torture.load import Fate, Load, Request
from tests.torture.system import Whole

SETTLE_SECONDS = 180.0
NAMED = 5
REFUSED = "randomization.randomization-refused"
LEFT_BY_A_REFUSAL = frozenset({REFUSED, "enrolment.eligibility-assessed"})
"""Facts that a refusal leaves behind, under the key of the command that was refused."""
BY_TIME = "system:timer"
OF_TIME = frozenset(
    {
        "enrolment.protocol-deviation-recorded",
        "enrolment.treatment-deviation-recorded",
        "enrolment.long-term-follow-up-reached",
        "enrolment.end-of-study-reached",
    }
)
"""What time alone makes so: nobody asks for it, and each is so once."""


@dataclass(slots=True)
class Held:
    """What one service has recorded."""

    events: list[StoredEvent] = field(default_factory=list)
    messages: list[StoredMessage] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """The correlation id of each event: the key of the request that it came of."""


@dataclass(slots=True)
class Verdict:
    """What was compared, and what does not hold."""

    counts: Counter[str] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)

    def say(self, what: str, found: Sequence[object]) -> None:
        """Name some of what was found, if anything was."""
        if found:
            self.defects.append(f"{what}: {len(found)}, such as {', '.join(map(str, found[:NAMED]))}")


async def check(load: Load) -> Verdict:
    """Compare everything. The load has ended and no fault is under way."""
    system, verdict = load.system, Verdict()
    await settled(system)
    held = {name: await _held(system, name) for name in catalogue.NAMES}
    _compare_answers(load, held, verdict)
    await _repeat_abandoned(load, held, verdict)
    await settled(system)
    held = {name: await _held(system, name) for name in catalogue.NAMES}
    await _compare_kafka(system, held, verdict)
    await _compare_projections(system, held, verdict)
    await _verify(system, verdict)
    verdict.say("answers that no service may give", load.strange)
    verdict.counts["facts"] = sum(len(one.events) for one in held.values())
    return verdict


async def settled(system: Whole) -> float:
    """Wait until everything recorded has arrived everywhere, and nothing follows from it any more."""
    return await system.until(lambda: at_rest(system.where), "settled", SETTLE_SECONDS)


async def _held(system: Whole, name: str) -> Held:
    held = Held()
    async with inside(system.where, name) as service:
        while page := await service.log.read(len(held.events), PAGE):
            held.events += page
        held.messages = await outbox_of(service)
    held.keys = [Meta.decode(event.meta).provenance.correlation_id or "" for event in held.events]
    return held


# --- the logs


def _compare_answers(load: Load, held: Mapping[str, Held], verdict: Verdict) -> None:
    """Each acknowledged request is once in its owner's log, at its position; each other one at most once."""
    asked = {request.key: request for request in load.journal}
    for name, one in held.items():
        of_time = [event for event in one.events if _by_time(event)]
        verdict.counts["made so by time"] += len(of_time)
        verdict.say(f"{name}: not made so by time", [e.position for e in of_time if e.type not in OF_TIME])
        times = Counter((event.stream, event.type, event.payload) for event in of_time)
        verdict.say(f"{name}: made so by time more than once", [what for what, count in times.items() if count > 1])
        unasked = [event.position for event, key in _pairs(one) if key not in asked and not _by_time(event)]
        verdict.say(f"{name}: facts that nobody asked for", unasked)
    lost, doubled, misplaced, partial, unexpected = [], [], [], [], []
    of_key = {name: _by_key(one) for name, one in held.items()}
    for request in load.journal:
        verdict.counts[request.fate.value] += 1
        runs = _appends(of_key[request.service].get(request.key, ()))
        ids = {str(event.event_id) for run in runs for event in run}
        match request.fate:
            case Fate.ACKNOWLEDGED:
                if not runs:
                    lost.append(request.key)
                elif _twice(runs):
                    doubled.append(request.key)
                elif request.position is not None and runs[0][-1].position != request.position:
                    misplaced.append(request.key)
                elif not _event_ids(request.answer) <= ids:
                    partial.append(request.key)
            case Fate.ABANDONED:
                verdict.counts["abandoned, recorded"] += bool(runs)
                if _twice(runs):
                    doubled.append(request.key)
            case _:
                if runs:
                    unexpected.append(request.key)
    verdict.say("acknowledged and lost", lost)
    verdict.say("recorded more than once", doubled)
    verdict.say("acknowledged at another position", misplaced)
    verdict.say("acknowledged with facts that are not there", partial)
    verdict.say("refused, and recorded all the same", unexpected)
    for name, one in held.items():
        times = [event.recorded_at for event in one.events]
        verdict.say(f"{name}: recorded_at went back", [n for n in range(1, len(times)) if times[n] < times[n - 1]])


def _by_time(event: StoredEvent) -> bool:
    return Meta.decode(event.meta).provenance.actor == BY_TIME


def _by_key(held: Held) -> dict[str, list[StoredEvent]]:
    found: dict[str, list[StoredEvent]] = defaultdict(list)
    for event, key in _pairs(held):
        found[key].append(event)
    return found


def _pairs(held: Held) -> list[tuple[StoredEvent, str]]:
    return list(zip(held.events, held.keys, strict=True))


def _appends(events: Sequence[StoredEvent]) -> list[list[StoredEvent]]:
    """The facts of one key by append: each append is a run of positions. What refusals and reactions leave is no part.

    A reaction acts in the name of a service, not of a person.
    """
    own = [event for event in events if not Meta.decode(event.meta).provenance.actor.startswith("service:")]
    if {event.type for event in own} <= LEFT_BY_A_REFUSAL:
        return []
    own = [event for event in own if event.type != REFUSED]
    return [[event for _, event in run] for _, run in groupby(enumerate(own), key=_apart)]


def _twice(appends: Sequence[Sequence[StoredEvent]]) -> bool:
    """Whether there are several appends, be it side by side: each begins with the fact that was asked for."""
    return len(appends) > 1 or any(sum(event.type == one[0].type for event in one) > 1 for one in appends)


def _apart(one: tuple[int, StoredEvent]) -> int:
    """The same for neighbours."""
    number, event = one
    return event.position - number


def _event_ids(answer: object) -> set[str]:
    """The events that an answer names as recorded."""
    if not isinstance(answer, dict):
        return set()
    found = {one["event_id"] for one in answer.get("recorded", ()) if "event_id" in one}
    return found | ({answer["event_id"]} if isinstance(answer.get("event_id"), str) else set())


async def _repeat_abandoned(load: Load, held: Mapping[str, Held], verdict: Verdict) -> None:
    """Asked again under the same key, a service tells what became of it: the same facts, or none before."""
    differ = []
    appended = {name: _last_positions(one) for name, one in held.items()}
    for request in [one for one in load.journal if one.fate is Fate.ABANDONED]:
        request.fate = Fate.OPEN
        await _ask_again(load, request)
        there = request.key in appended[request.service]
        verdict.counts["abandoned, asked again"] += 1
        elsewhere = request.replayed and request.position != appended[request.service][request.key]
        if request.fate is Fate.ACKNOWLEDGED and (request.replayed != there or elsewhere):
            differ.append(request.key)
    verdict.say("asked again, the answer is not what the log says", differ)


async def _ask_again(load: Load, request: Request) -> None:
    """Until it is answered with more than "later"; a service that never heard of the subject may say so for good."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while request.fate is Fate.OPEN:
                await load.send(request)


def _last_positions(held: Held) -> dict[str, int]:
    return {key: runs[-1][-1].position for key, events in _by_key(held).items() if (runs := _appends(events))}


# --- Kafka


async def _compare_kafka(system: Whole, held: Mapping[str, Held], verdict: Verdict) -> None:
    """Every message of every outbox is on its topic, as one identity however often it was sent."""
    found = await _records(system, verdict)
    for topic in TOPICS:
        wanted = {
            m.topic_pos: {(str(m.event.event_id), m.event.hash.hex(), sha256(m.value).hexdigest())}
            for m in held[OWNERS[topic]].messages
            if m.topic == topic
        }
        there = {place: set(identities) for place, identities in found[topic].items()}
        verdict.say(f"{topic}: not in Kafka", sorted(wanted.keys() - there.keys()))
        verdict.say(f"{topic}: in Kafka alone", sorted(there.keys() - wanted.keys()))
        both = wanted.keys() & there.keys()
        verdict.say(f"{topic}: other than in the log", sorted(n for n in both if wanted[n] != there[n]))
        verdict.counts["messages"] += len(wanted)
        verdict.counts["records"] += sum(sum(identities.values()) for identities in found[topic].values())


async def _records(system: Whole, verdict: Verdict) -> dict[str, dict[int, Counter[tuple[str, str, str]]]]:
    """All records by topic and place, and how often each identity is there."""
    found: dict[str, dict[int, Counter[tuple[str, str, str]]]] = {topic: defaultdict(Counter) for topic in TOPICS}
    consumer = AIOKafkaConsumer(bootstrap_servers=system.given["analytics"]["kafka_bootstrap"])
    await consumer.start()
    try:
        partitions = [TopicPartition(t, n) for t in TOPICS for n in range(catalogue.PARTITIONS)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(partitions)
        async with asyncio.timeout(60):
            while any([await consumer.position(tp) < end for tp, end in ends.items()]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        m = from_record(record.topic, record.key, record.headers, record.value)
                        if not isinstance(m, Message):  # what a relay says of itself
                            verdict.counts["marks and announcements"] += 1
                            continue
                        identity = (str(m.event_id), m.chain, sha256(m.value).hexdigest())
                        found[record.topic][m.topic_pos][identity] += 1
    finally:
        await consumer.stop()
    return found


# --- projections


async def _compare_projections(system: Whole, held: Mapping[str, Held], verdict: Verdict) -> None:
    """Each projection serves what a rebuild gives, and what a serial fold of the owners' logs gives."""
    for name in catalogue.NAMES:
        async with inside(system.where, name) as service:
            for projection in catalogue.spec(name).projections():
                generation, serving, rows = await service.operations.checksum(projection.name)
                rebuilt = await service.operations.rebuild(projection.name)
                folded = await _fold(projection, table_of(projection, generation), _feed(service, projection, held))
                which = f"{name}: {projection.name}"
                if not rebuilt.same or rebuilt.checksum != serving:
                    verdict.defects.append(f"{which}: a rebuild gives other rows")
                if folded != serving:
                    verdict.defects.append(f"{which}: a serial fold of the logs gives other rows")
                verdict.counts["projections"] += 1
                verdict.counts["rows"] += rows


def _feed(service: Opened[Any], projection: AnyProjection, held: Mapping[str, Held]) -> list[Envelope[Fact]]:
    """What it is folded from, straight from the logs: one source after the other."""
    types = handled(projection)
    if projection.feed is FeedName.LOG:
        mine = held[service.facts.source].events
        return [service.facts.envelope(event) for event in mine if event.type in types]
    return [
        to_envelope(render(message, source), service.facts.registry)
        for source, one in held.items()
        for message in one.messages
        if message.event.type in types and service.facts.source in READERS[message.topic]
    ]


async def _fold(projection: AnyProjection, table: Table, facts: Sequence[Envelope[Fact]]) -> str:
    states: dict[str, Any] = {}
    for fact in facts:
        if (key := projection.key(fact)) is not None:
            states[key] = projection.fold(states.get(key) or projection.initial(key), fact)
    tx = MemoryTx(State())
    await tx.rows.create(table)
    await tx.rows.put(table, [{"key": key, **projection.to_row(state)} for key, state in states.items()])
    return (await checksum(tx, table))[0]


async def _verify(system: Whole, verdict: Verdict) -> None:
    """`reluth verify`: the chains, the outboxes, and every consumer as a witness."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        holds = await verify_all(system.where, catalogue.NAMES, as_json=True)
    if not holds:
        found = {name: one["defects"][:NAMED] for name, one in json.loads(said.getvalue()).items() if one["defects"]}
        verdict.defects.append(f"reluth verify: {found}")
