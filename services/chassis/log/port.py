"""What a log promises, whatever keeps it. Bytes only: what they mean is the business of `services.chassis.facts`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that leaves with its event: the topic, the key that orders it, the bytes of the contract."""

    topic: str
    key: str
    value: bytes


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be appended. `meta` and `payload` are stored and hashed as they are."""

    event_id: UUID
    type: str
    schema: int
    meta: bytes
    payload: bytes
    messages: tuple[NewMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """Events for one stream, which must be at version `expected` (0: it must not exist).

    Without events it is a guard only: the stream must still be at that version when the rest is written.
    """

    stream: str
    expected: int
    events: tuple[NewEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """The idempotency record that is written with the events: the same key gets the same answer for ever."""

    key: str
    request_hash: bytes
    response: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What one command writes: all of it or nothing."""

    appends: tuple[StreamAppend, ...]
    command: CommandRecord | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The verdict on a batch. `position` is the last position it holds (for a guard-only batch: the head).

    `replayed`: the key was known; `response` is the stored answer and nothing was written. `events`: what was written
    by this call; none when it was found written after a connection was lost.
    """

    position: int
    versions: Mapping[str, int] = field(default_factory=dict)
    response: bytes | None = None
    replayed: bool = False
    events: "Sequence[StoredEvent]" = ()


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it lies in the log."""

    position: int
    event_id: UUID
    stream: str
    version: int
    type: str
    schema: int
    meta: bytes
    payload: bytes
    recorded_at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message of the outbox.

    `out_pos` is contiguous over the whole outbox, `topic_pos` over its topic, `key_seq` over its key within the
    topic: a consumer can tell a hole from a pause whatever the number of partitions.
    """

    out_pos: int
    topic: str
    topic_pos: int
    key: str
    key_seq: int
    value: bytes
    event: StoredEvent


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered under an idempotency key."""

    request_hash: bytes
    response: bytes
    position: int


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the log: last position, last outbox position, hash of the chain so far."""

    position: int
    out_pos: int
    hash: bytes


class LogError(Exception):
    """Any answer of the log that is not `Recorded`."""


class VersionConflict(LogError):
    """Somebody wrote to the stream first. Nothing of the batch was written."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream}: expected version {expected}, it is at {actual}")
        self.stream, self.expected, self.actual = stream, expected, actual


class KeyReused(LogError):
    """The idempotency key was used before for another request."""


class LogUnavailable(LogError):
    """The log cannot be reached; whether the batch was written is answered by asking again with the same key."""


class LogOverloaded(LogError):
    """Too many commands wait; nothing of this one was written."""


class LogCorrupt(LogError):
    """The log contradicts itself; the message names the first position that does."""


class Log(Protocol):
    """An append-only log. Implementations pass `services.chassis.log.conformance`."""

    async def append(self, batch: Batch) -> Recorded:
        """Write the batch whole, or nothing.

        Raises `VersionConflict`, `KeyReused`, `LogOverloaded`, `LogUnavailable`. A known key with the same request
        hash returns the stored answer before any version is looked at.
        """
        ...

    async def answer(self, key: str) -> StoredAnswer | None:
        """What was answered under this key, if anything."""
        ...

    async def read_stream(
        self, stream: str, *, after: int = 0, until: int | datetime | None = None
    ) -> Sequence[StoredEvent]:
        """Events of a stream with version > `after`, as known at `until`: a position or a recorded time, inclusive."""
        ...

    async def read(self, after: int, limit: int) -> Sequence[StoredEvent]:
        """Events with position > `after`, in order, without holes, at most `limit`."""
        ...

    async def read_outbox(self, after: int, limit: int) -> Sequence[StoredMessage]:
        """Messages with out_pos > `after`, in order, without holes, at most `limit`."""
        ...

    async def last_message(self, topic: str, until: int) -> StoredMessage | None:
        """The last message of a topic with out_pos <= `until`, if there is one."""
        ...

    async def head(self) -> Head:
        """Where the log ends now."""
        ...

    async def appended(self, after: int, timeout: float) -> bool:
        """Wait until the head is past `after`, at most `timeout` seconds. True if it is."""
        ...
