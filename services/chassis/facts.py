"""The typed log of one service: load a state, decide, append, as one unit of work."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from uuid6 import uuid7

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.registry import Registry, canonical
from services.chassis.command import CommandId
from services.chassis.folds import Folds, Loaded, folded
from services.chassis.log.port import (
    Batch,
    CommandRecord,
    KeyReused,
    Log,
    NewEvent,
    NewMessage,
    Recorded,
    StoredEvent,
    StreamAppend,
    VersionConflict,
)
from services.chassis.meta import Meta

S = TypeVar("S")

ATTEMPTS = 25  # of a unit of work that lost the race for its streams; then the caller is told


class PreconditionFailed(Exception):
    """The caller's If-Match names another version of the stream than the one that is there."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"expected version {expected}, it is at {actual}")
        self.expected, self.actual = expected, actual


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers: stored with its facts, so that a repeated key gets it again, to the byte."""

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer and where its facts stand. `version` is that of the stream the unit named as its subject.

    `published` is the last position of the command that others are told of, None where nothing was published: a reader
    of what is published waits for `position` in vain if a private fact stands there.
    """

    answer: Answer
    position: int
    version: int | None
    replayed: bool
    published: int | None


@dataclass(slots=True)
class _Pending:
    expected: int
    events: list[NewEvent] = field(default_factory=list)


class Unit:
    """One unit of work: what it loaded must still stand when what it appends is written, all of it or nothing."""

    def __init__(self, facts: "Facts", provenance: Provenance, folds: Folds | None = None) -> None:
        """With `folds` streams are taken from there as long as they are known."""
        self._facts, self._provenance, self._folds = facts, provenance, folds
        self._streams: dict[str, _Pending] = {}
        self.subject_stream: str | None = None
        self.remembers = False
        """Whether a stream was taken as it was known, and not read."""

    async def load(
        self,
        stream: str,
        initial: S,
        evolve: Callable[[S, Envelope[Fact]], S],
        *,
        if_match: int | None = None,
    ) -> S:
        """Fold a stream and expect it to be at this version when the unit is written.

        The last stream loaded with `if_match` given, or the first one loaded, is the one whose version becomes the
        ETag. Raises `PreconditionFailed`.
        """
        loaded = self._folds.get(stream, evolve) if self._folds is not None else None
        if loaded is not None:
            self.remembers = True
        else:
            loaded = await self._facts.load(stream, initial, evolve)
            self._facts.folds.put(stream, evolve, loaded)
        if if_match is not None and if_match != loaded.version:
            raise PreconditionFailed(if_match, loaded.version)
        self._streams[stream] = _Pending(loaded.version)
        if self.subject_stream is None or if_match is not None:
            self.subject_stream = stream
        return loaded.state

    def append(
        self,
        stream: str,
        facts: Sequence[Fact],
        *,
        occurred_on: date | None = None,
        reason: str | None = None,
        causation_id: str | None = None,
    ) -> list[UUID]:
        """Add facts to a stream loaded before, in order. Returns their event ids.

        `reason` is a code or a text without anything that could identify a person; it is stored in clear.
        """
        pending = self._streams[stream]
        who = replace(self._provenance, causation_id=causation_id) if causation_id else self._provenance
        meta = Meta(who, occurred_on, reason)
        ids = [UUID(int=uuid7().int) for _ in facts]
        pending.events += [self._facts.event(i, fact, meta) for i, fact in zip(ids, facts, strict=True)]
        return ids

    @property
    def version(self) -> int | None:
        """That of the subject's stream once the unit is written."""
        pending = self._streams.get(self.subject_stream) if self.subject_stream is not None else None
        return pending.expected + len(pending.events) if pending is not None else None

    @property
    def unpublished(self) -> int | None:
        """How many facts stand behind the last published one. None: none of them is published."""
        events = [event for pending in self._streams.values() for event in pending.events]
        return next((n for n, event in enumerate(reversed(events)) if event.messages), None)

    def batch(self, command: CommandRecord | None) -> Batch:
        """What is to be written; a stream that was only read is guarded."""
        return Batch(tuple(StreamAppend(s, p.expected, tuple(p.events)) for s, p in self._streams.items()), command)


class Facts:
    """The facts of one service, over its `Log`."""

    def __init__(self, log: Log, registry: Registry, source: str, *, topic_prefix: str = "") -> None:
        self.log, self.registry, self.source = log, registry, source
        self.folds = Folds(self.envelope)
        self._topic_prefix = topic_prefix
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def transact(
        self,
        command: CommandId,
        provenance: Provenance,
        work: Callable[[Unit], Awaitable[Answer]],
        *,
        in_turn: str | None = None,
    ) -> Outcome:
        """Run `work` and write what it appended together with its answer.

        A known key returns the stored answer and writes nothing. `work` runs first on what is remembered of its
        streams, and again on what is stored when it refuses, or when a stream moved meanwhile: it must have no effect
        but its unit. `in_turn` names a stream that many commands want at once: within this process they then take turns
        instead of running again and again.
        Raises what `work` raises, `KeyReused`, `VersionConflict` after `ATTEMPTS`, and the log's own errors.
        """
        turn = self._turn(in_turn)
        # Whoever has to wait reads: a queue here that never reads would leave another process no gap to write in.
        folds = self.folds if turn is None or not turn.locked() else None
        async with turn or nullcontext():
            for attempt in range(1, ATTEMPTS + 1):
                unit = Unit(self, provenance, folds if attempt == 1 else None)
                try:
                    answer = await work(unit)
                except Exception:
                    if unit.remembers:
                        continue
                    # What was done once is often refused the second time: a repeated command gets its first answer.
                    if stored := await self.answered(command):
                        return stored
                    raise
                response = canonical(
                    {"status": answer.status, "body": answer.body, "version": unit.version}
                    | ({} if unit.unpublished == 0 else {"unpublished": unit.unpublished})
                )
                try:
                    recorded = await self.log.append(
                        unit.batch(CommandRecord(command.key, command.request_hash, response))
                    )
                except VersionConflict:
                    if attempt == ATTEMPTS:
                        raise
                    continue
                self.folds.extend(recorded.events)
                return _outcome(response if recorded.response is None else recorded.response, recorded)
        raise AssertionError("unreachable")

    async def append_unasked(self, provenance: Provenance, work: Callable[[Unit], Awaitable[None]]) -> Recorded:
        """Write facts that answer nobody, such as the record of a refusal. No idempotency record is kept."""
        for attempt in range(1, ATTEMPTS + 1):
            unit = Unit(self, provenance)
            await work(unit)
            try:
                recorded = await self.log.append(unit.batch(None))
            except VersionConflict:
                if attempt == ATTEMPTS:
                    raise
            else:
                self.folds.extend(recorded.events)
                return recorded
        raise AssertionError("unreachable")

    async def load(
        self,
        stream: str,
        initial: S,
        evolve: Callable[[S, Envelope[Fact]], S],
        *,
        as_of: int | datetime | None = None,
    ) -> Loaded[S]:
        """Fold a stream, as known now or at a position or recorded time."""
        return folded(Loaded(initial, 0, 0), evolve, await self.history(stream, as_of=as_of))

    async def history(self, stream: str, *, as_of: int | datetime | None = None) -> list[Envelope[Fact]]:
        """Every fact of a stream, oldest first."""
        return [self.envelope(event) for event in await self.log.read_stream(stream, until=as_of)]

    def envelope(self, event: StoredEvent) -> Envelope[Fact]:
        """Decode a stored event. Raises what `Registry.decode` raises."""
        meta = Meta.decode(event.meta)
        return Envelope(
            fact=self.registry.decode(event.type, event.schema, event.payload),
            event_id=event.event_id,
            source=self.source,
            stream=event.stream,
            version=event.version,
            position=event.position,
            recorded_at=event.recorded_at,
            chain=event.hash.hex(),
            provenance=meta.provenance,
            occurred_on=meta.occurred_on,
            reason=meta.reason,
        )

    def event(self, event_id: UUID, fact: Fact, meta: Meta) -> NewEvent:
        """The bytes of a fact, and of the message that publishes it if its type has a topic."""
        payload = self.registry.encode(fact)
        messages: tuple[NewMessage, ...] = ()
        if fact.topic is not None:
            published = fact.published()
            value = payload if published is fact else self.registry.encode(published)
            messages = (NewMessage(self._topic_prefix + fact.topic, fact.key, value),)
        return NewEvent(event_id, fact.type_name, fact.type_version, meta.encode(), payload, messages)

    async def answered(self, command: CommandId) -> Outcome | None:
        """What was answered under this key. Raises `KeyReused` when that was another request."""
        stored = await self.log.answer(command.key)
        if stored is None:
            return None
        if stored.request_hash != command.request_hash:
            raise KeyReused(f"the key was used for another request at position {stored.position}")
        return _outcome(stored.response, Recorded(stored.position, replayed=True))

    def _turn(self, name: str | None) -> asyncio.Lock | None:
        if name is None:
            return None
        lock = self._turns.get(name)
        if lock is None:
            lock = self._turns[name] = asyncio.Lock()
        return lock


def _outcome(response: bytes, recorded: Recorded) -> Outcome:
    stored = json.loads(response)
    behind = stored.get("unpublished", 0)
    return Outcome(
        Answer(stored["status"], stored["body"]),
        recorded.position,
        stored["version"],
        recorded.replayed,
        published=None if behind is None else recorded.position - behind,
    )
