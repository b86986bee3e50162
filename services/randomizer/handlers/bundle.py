"""The bundle: the allocation stream byte for byte, for anybody to derive every allocation from again, offline.

A text of JSON Lines, each line canonical JSON: a header, the stored events with their bytes and their place in the
log's hash chain, a trailer with the hash of each line. The same locked allocation always gives the same bytes. What the
fields mean, and what reading them shows and does not show: docs/adr/0019-verifiable-bundle.md.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from contracts.events.registry import canonical
from services.chassis.folds import Loaded, folded
from services.chassis.log.chain import GENESIS
from services.chassis.log.port import Log, StoredEvent
from services.chassis.refusal import Refused
from services.randomizer.domain.refusals import NOT_LOCKED
from services.randomizer.domain.state import INITIAL, Allocation, Status, allocation_stream, evolve
from services.randomizer.handlers.context import Context

FORMAT: Final = "reluth/allocation-bundle"
VERSION: Final = 1
PAGE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Bundle:
    """The text as bytes, and the position of the last event in it."""

    content: bytes
    position: int


async def export(ctx: Context, study: str) -> Bundle:
    """The bundle of a locked allocation. Raises `Refused` before: with the draws of a trial that still randomizes
    the next arms could be told.
    """
    ctx.protocol(study)
    events = await ctx.facts.log.read_stream(allocation_stream(study))
    state = folded(Loaded(INITIAL, 0, 0), evolve, map(ctx.facts.envelope, events)).state
    if state.status is not Status.LOCKED:
        raise Refused(NOT_LOCKED, status=state.status)
    before = await hashes_before(ctx.facts.log, events)
    return Bundle(written(study, kind_of(state), ctx.facts.source, events, before), events[-1].position)


def kind_of(state: Allocation) -> str:
    """`test` or `production`, as the configuration in force says, which names itself where it is a test one."""
    return (state.configuration.kind if state.configuration is not None else None) or "production"


async def hashes_before(log: Log, events: Iterable[StoredEvent]) -> Mapping[int, bytes]:
    """By position of each event: the hash of the log's event before it, which may stand in another stream."""
    wanted = {event.position for event in events}
    first, last = min(wanted), max(wanted)
    after, previous = max(first - 2, 0), GENESIS
    found: dict[int, bytes] = {}
    while after < last:
        for event in await log.read(after, PAGE):
            if event.position in wanted:
                found[event.position] = previous
            after, previous = event.position, event.hash
    return found


def written(study: str, kind: str, log: str, events: Iterable[StoredEvent], before: Mapping[int, bytes]) -> bytes:
    """The text. `kind` is production or test, `log` the name of the service whose log it is."""
    told = list(events)
    header = {
        "record": "header",
        "format": FORMAT,
        "version": VERSION,
        "study": study,
        "kind": kind,
        "log": log,
        "stream": told[-1].stream,
        "events": len(told),
        "position": told[-1].position,
    }
    lines = [canonical(header) + b"\n", *(canonical(_line(one, before[one.position])) + b"\n" for one in told)]
    trailer = {
        "record": "trailer",
        "lines": [hashlib.sha256(line).hexdigest() for line in lines],
        "sha256": hashlib.sha256(b"".join(lines)).hexdigest(),
    }
    return b"".join((*lines, canonical(trailer) + b"\n"))


def _line(event: StoredEvent, before: bytes) -> Mapping[str, Any]:
    """An event with everything that its hash covers. `meta` and `payload` are the stored bytes, which are UTF-8."""
    return {
        "record": "event",
        "position": event.position,
        "event_id": str(event.event_id),
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "schema": event.schema,
        "recorded_at": event.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "meta": event.meta.decode(),
        "payload": event.payload.decode(),
        "before": before.hex(),
        "hash": event.hash.hex(),
    }
