"""The verdict on a run of batches: pure, so that the in-memory model and PostgreSQL cannot disagree."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.chassis.log.chain import GENESIS, link
from services.chassis.log.port import (
    Batch,
    CommandRecord,
    KeyReused,
    LogError,
    Recorded,
    StoredAnswer,
    StoredEvent,
    StoredMessage,
    VersionConflict,
)


@dataclass(slots=True)
class LogState:
    """What the verdicts depend on, read under the lock: the head, and only the streams and keys that are touched."""

    position: int
    out_pos: int
    hash: bytes
    recorded_at: datetime
    versions: dict[str, int] = field(default_factory=dict)
    answers: dict[str, StoredAnswer] = field(default_factory=dict)
    topics: dict[str, int] = field(default_factory=dict)
    keys: dict[tuple[str, str], int] = field(default_factory=dict)
    present: dict[UUID, int] = field(default_factory=dict)

    @classmethod
    def empty(cls, epoch: datetime) -> "LogState":
        """The state before the first event."""
        return cls(0, 0, GENESIS, epoch)


@dataclass(slots=True)
class Plan:
    """One verdict per batch, and the rows that make the accepted ones true."""

    verdicts: list[Recorded | LogError] = field(default_factory=list)
    events: list[StoredEvent] = field(default_factory=list)
    messages: list[StoredMessage] = field(default_factory=list)
    commands: list[tuple[CommandRecord, int]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)


def plan(state: LogState, batches: Sequence[Batch], now: datetime) -> Plan:
    """Judge the batches in order, each on what the ones before it leave behind. Moves `state` forward.

    `recorded_at` never goes back, even when the clock does: an as-of read by time must cut the log where a
    read by position does.
    """
    result = Plan()
    recorded_at = max(now, state.recorded_at)
    for batch in batches:
        result.verdicts.append(_judge(state, batch) or _write(state, batch, recorded_at, result))
    return result


def _judge(state: LogState, batch: Batch) -> Recorded | LogError | None:
    if batch.command and (known := state.answers.get(batch.command.key)):
        if known.request_hash != batch.command.request_hash:
            return KeyReused(f"the key was used for another request at position {known.position}")
        return Recorded(known.position, response=known.response, replayed=True)
    for append in batch.appends:
        actual = state.versions.get(append.stream, 0)
        if append.events and append.events[0].event_id in state.present:
            last = append.events[-1].event_id
            return Recorded(state.present[last], _versions_after(batch))
        if actual != append.expected:
            return VersionConflict(append.stream, append.expected, actual)
    return None


def _write(state: LogState, batch: Batch, recorded_at: datetime, result: Plan) -> Recorded:
    written = len(result.events)
    for append in batch.appends:
        for version, event in enumerate(append.events, start=append.expected + 1):
            state.position += 1
            state.hash = link(
                state.hash,
                position=state.position,
                event_id=event.event_id,
                stream=append.stream,
                version=version,
                type_=event.type,
                schema=event.schema,
                recorded_at=recorded_at,
                meta=event.meta,
                payload=event.payload,
            )
            stored = StoredEvent(
                state.position,
                event.event_id,
                append.stream,
                version,
                event.type,
                event.schema,
                event.meta,
                event.payload,
                recorded_at,
                state.hash,
            )
            result.events.append(stored)
            for message in event.messages:
                state.out_pos += 1
                topic_pos = state.topics[message.topic] = state.topics.get(message.topic, 0) + 1
                place = (message.topic, message.key)
                key_seq = state.keys[place] = state.keys.get(place, 0) + 1
                result.messages.append(
                    StoredMessage(state.out_pos, message.topic, topic_pos, message.key, key_seq, message.value, stored)
                )
        if append.events:
            version = append.expected + len(append.events)
            state.versions[append.stream] = result.versions[append.stream] = version
    state.recorded_at = recorded_at
    if batch.command:
        result.commands.append((batch.command, state.position))
        state.answers[batch.command.key] = StoredAnswer(
            batch.command.request_hash, batch.command.response, state.position
        )
    response = batch.command.response if batch.command else None
    return Recorded(state.position, _versions_after(batch), response, events=result.events[written:])


def _versions_after(batch: Batch) -> dict[str, int]:
    return {append.stream: append.expected + len(append.events) for append in batch.appends}
