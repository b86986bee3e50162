"""How a published fact travels on Kafka: CloudEvents 1.0, binary content mode, with positions that prove completeness.

The value is the payload of the contract, canonical JSON; everything else is a header. The record's key is the fact's
key, so that facts about one subject share a partition and keep their order.

Between the facts a relay writes records of its own, without a key, of the types `relay.marked` and `relay.announced`:
how far its source has come. Who reads facts alone passes over every `ce_type` that begins with `relay.`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.registry import Registry, canonical

Headers = Sequence[tuple[str, bytes]]

SPEC_VERSION: Final = "1.0"
CONTENT_TYPE: Final = "application/json"
MARKED: Final = "relay.marked"
ANNOUNCED: Final = "relay.announced"
_LARGEST: Final = 2**63 - 1  # what a PostgreSQL bigint holds


class MalformedMessage(Exception):
    """The record was not written by a relay of ours. The message names the header, never its value."""


@dataclass(frozen=True, slots=True)
class Message:
    """A published fact with its place everywhere it is counted.

    `out_pos` counts all messages of the source, `topic_pos` those of the topic, `key_seq` those of the key within the
    topic; each is contiguous from 1. None of them knows partitions: after a republish into a cluster with another
    number of partitions they are still the same. `position` and `chain` are those of the fact in its owner's log.
    `version` is `key_seq` again: the version in its stream would tell how much of it is published elsewhere.
    """

    topic: str
    topic_pos: int
    key: str
    key_seq: int
    out_pos: int
    source: str
    event_id: UUID
    type: str
    schema: int
    stream: str
    version: int
    position: int
    recorded_at: datetime
    chain: str
    provenance: Provenance
    value: bytes
    occurred_on: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A line through a topic: the same record in each of its `partitions`, before anything that this relay sends.

    `mark` is the same in all topics of the source that are marked together.
    """

    topic: str
    source: str
    mark: UUID
    partitions: int


@dataclass(frozen=True, slots=True)
class Places:
    """How far a source had come in a topic of so many `partitions`.

    `count`: all that it has recorded for the topic, published or not. `chains`: the hashes that the source's log has at
    the places `first`..`reach` of the topic, where `first` is known to be published and `reach` can be at most.
    """

    partitions: int
    count: int
    first: int
    chains: tuple[str, ...]

    @property
    def reach(self) -> int:
        """The last place that can precede the mark."""
        return self.first + len(self.chains) - 1


@dataclass(frozen=True, slots=True)
class Announcement:
    """How far the source had come in all its topics, read after its mark stood in every partition of them.

    So whatever precedes the mark, in any partition and whoever sent it, is one of the places 1..`reach` of its topic,
    with the hash that is announced for it. A reader that holds anything else has read what the source does not know
    any more. Every topic is told of all: a reader of several must not take new facts of one before it has judged those
    of another.
    """

    topic: str
    source: str
    mark: UUID
    topics: Mapping[str, Places]


AnyRecord = Message | Mark | Announcement


def value_of(record: Mark | Announcement) -> bytes:
    """The value of a relay's own record."""
    if isinstance(record, Mark):
        return canonical({"partitions": record.partitions})
    said = {topic: {**asdict(places), "chains": list(places.chains)} for topic, places in record.topics.items()}
    return canonical({"topics": said})


def to_headers(message: Message) -> list[tuple[str, bytes]]:
    """The headers of the record. The reason of a fact is not among them: it stays in its owner's log."""
    who = message.provenance
    attributes: list[tuple[str, str | None]] = [
        ("content-type", CONTENT_TYPE),
        ("ce_specversion", SPEC_VERSION),
        ("ce_id", str(message.event_id)),
        ("ce_source", message.source),
        ("ce_type", message.type),
        ("ce_schemaversion", str(message.schema)),
        ("ce_time", message.recorded_at.astimezone(UTC).isoformat(timespec="microseconds")),
        ("ce_subject", message.key),
        ("ce_stream", message.stream),
        ("ce_streamversion", str(message.version)),
        ("ce_position", str(message.position)),
        ("ce_outpos", str(message.out_pos)),
        ("ce_topicpos", str(message.topic_pos)),
        ("ce_keyseq", str(message.key_seq)),
        ("ce_chain", message.chain),
        ("ce_actor", who.actor),
        ("ce_roles", ",".join(who.roles)),
        ("ce_site", who.site),
        ("ce_correlationid", _carried(who.correlation_id)),
        ("ce_causationid", _carried(who.causation_id)),
        ("ce_occurredon", message.occurred_on.isoformat() if message.occurred_on else None),
        ("traceparent", _carried(who.traceparent)),
    ]
    return [(name, text.encode()) for name, text in attributes if text]


def relay_headers(record: Mark | Announcement) -> list[tuple[str, bytes]]:
    """The headers of a relay's own record."""
    type_ = MARKED if isinstance(record, Mark) else ANNOUNCED
    attributes = {
        "content-type": CONTENT_TYPE,
        "ce_specversion": SPEC_VERSION,
        "ce_id": str(uuid5(record.mark, f"{type_} {record.topic}")),
        "ce_source": record.source,
        "ce_type": type_,
        "ce_mark": str(record.mark),
    }
    return [(name, text.encode()) for name, text in attributes.items()]


def from_record(topic: str, key: bytes | None, headers: Sequence[tuple[str, bytes]], value: bytes | None) -> AnyRecord:
    """Read back any record of a topic. Raises `MalformedMessage`."""
    types = {raw for name, raw in headers if name == "ce_type"}
    if not types & {MARKED.encode(), ANNOUNCED.encode()}:
        return from_headers(topic, key, headers, value)
    read = _Headers(headers)
    if read.text("ce_specversion") != SPEC_VERSION:
        raise MalformedMessage("ce_specversion: only CloudEvents 1.0 is understood")
    source, mark, type_ = read.text("ce_source"), read.uuid("ce_mark"), read.text("ce_type")
    try:
        said = json.loads(value or b"")
        if type_ == MARKED:
            return Mark(topic, source, mark, _number(said["partitions"], 1))
        return Announcement(topic, source, mark, {name: _places(told) for name, told in said["topics"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise MalformedMessage(f"{type_}: its value is not one") from None


def from_headers(topic: str, key: bytes | None, headers: Iterable[tuple[str, bytes]], value: bytes | None) -> Message:
    """Read a record back. Headers that are not ours are ignored. Raises `MalformedMessage`."""
    if key is None or value is None:
        raise MalformedMessage("the record has no key or no value")
    read = _Headers(headers)
    if read.text("ce_specversion") != SPEC_VERSION:
        raise MalformedMessage("ce_specversion: only CloudEvents 1.0 is understood")
    subject = read.text("ce_subject")
    if subject.encode() != key:
        raise MalformedMessage("ce_subject is not the key of the record")
    roles = read.optional("ce_roles")
    occurred_on = read.optional("ce_occurredon")
    return Message(
        topic=topic,
        topic_pos=read.count("ce_topicpos"),
        key=subject,
        key_seq=read.count("ce_keyseq"),
        out_pos=read.count("ce_outpos"),
        source=read.text("ce_source"),
        event_id=read.uuid("ce_id"),
        type=read.text("ce_type"),
        schema=read.count("ce_schemaversion", largest=2**31 - 1),
        stream=read.text("ce_stream"),
        version=read.count("ce_streamversion"),
        position=read.count("ce_position"),
        recorded_at=read.time("ce_time"),
        chain=read.hash("ce_chain"),
        provenance=Provenance(
            actor=read.text("ce_actor"),
            roles=tuple(roles.split(",")) if roles else (),
            site=read.optional("ce_site"),
            correlation_id=read.optional("ce_correlationid"),
            causation_id=read.optional("ce_causationid"),
            traceparent=read.optional("traceparent"),
        ),
        value=value,
        occurred_on=_day("ce_occurredon", occurred_on) if occurred_on else None,
    )


def to_envelope(message: Message, registry: Registry) -> Envelope[Fact]:
    """The fact as a consumer folds it. Raises what `Registry.decode` raises."""
    return Envelope(
        fact=registry.decode(message.type, message.schema, message.value),
        event_id=message.event_id,
        source=message.source,
        stream=message.stream,
        version=message.version,
        position=message.position,
        recorded_at=message.recorded_at,
        chain=message.chain,
        provenance=message.provenance,
        occurred_on=message.occurred_on,
    )


class _Headers:
    """The headers by name; a repeated one is refused, since two readers could each believe another of them."""

    def __init__(self, headers: Iterable[tuple[str, bytes]]) -> None:
        found: dict[str, bytes] = {}
        for name, raw in headers:
            if name in found and (name.startswith("ce_") or name == "traceparent"):
                raise MalformedMessage(f"{name}: given twice")
            found[name] = raw
        self._found: Mapping[str, bytes] = found

    def optional(self, name: str) -> str | None:
        raw = self._found.get(name)
        if raw is None:
            return None
        try:
            text = raw.decode()
        except (UnicodeDecodeError, AttributeError):
            raise MalformedMessage(f"{name}: not UTF-8") from None
        if not text or "\x00" in text:  # a text column of PostgreSQL cannot hold NUL
            raise MalformedMessage(f"{name}: empty, or contains NUL")
        return text

    def text(self, name: str) -> str:
        text = self.optional(name)
        if text is None:
            raise MalformedMessage(f"{name}: missing")
        return text

    def count(self, name: str, *, largest: int = _LARGEST) -> int:
        text = self.text(name)
        if not (text.isascii() and text.isdecimal() and len(text) <= 19 and 1 <= int(text) <= largest):
            raise MalformedMessage(f"{name}: not a whole number from 1 on")
        return int(text)

    def uuid(self, name: str) -> UUID:
        try:
            return UUID(self.text(name))
        except ValueError:
            raise MalformedMessage(f"{name}: not a UUID") from None

    def hash(self, name: str) -> str:
        text = self.text(name)
        if not _is_hash(text):
            raise MalformedMessage(f"{name}: not a SHA-256 in hexadecimal")
        return text

    def time(self, name: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            raise MalformedMessage(f"{name}: not an RFC 3339 time") from None
        if moment.tzinfo is None:
            raise MalformedMessage(f"{name}: without an offset from UTC")
        return moment.astimezone(UTC)


def _carried(text: str | None) -> str | None:
    """A text that came from outside, unless a reader would refuse it: it must not hold up the facts behind it."""
    return text if text and "\x00" not in text else None


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MalformedMessage(f"{name}: not a date") from None


def _is_hash(text: object) -> bool:
    return isinstance(text, str) and len(text) == 64 and not set(text) - set("0123456789abcdef")


def _number(said: object, smallest: int) -> int:
    if type(said) is not int or not smallest <= said <= _LARGEST:
        raise ValueError
    return said


def _places(said: Any) -> Places:
    """Raises KeyError, TypeError or ValueError for what is none."""
    chains = tuple(said["chains"])
    if not all(map(_is_hash, chains)):
        raise ValueError
    return Places(_number(said["partitions"], 1), _number(said["count"], 0), _number(said["first"], 1), chains)
