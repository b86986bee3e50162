"""A service with everything that runs in it, in a process of its own, and for the one that owns facts, work to do.

Reads its task (JSON) from the standard input, writes one line when it is ready and one when its facts are appended, and
lives until its standard input is closed.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from itertools import count, islice
from typing import Any
from uuid import UUID, uuid4

from uuid6 import uuid7

from benchmarks.journeys import journey
from benchmarks.reluth_log import ANSWER, META
from contracts.events.catalogue import OWNERS
from services.chassis.log.port import Batch, CommandRecord, Log, NewEvent, NewMessage, StreamAppend
from services.chassis.settings import settings_of
from services.cli import catalogue

WRITERS = 64
COHORT = 64
_SUBJECT = "98-998"


async def main(task: dict[str, Any]) -> None:
    """Live as the service, and append if there is something to append."""
    app = catalogue.spec(task["service"]).create(settings_of(task["service"], **task["settings"]))
    async with app.router.lifespan_context(app):
        print("ready", flush=True)
        if task["facts"]:
            await append(app.state.services.context.facts.log, task["service"], task["facts"])
            print("appended", flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def append(log: Log, service: str, facts: int) -> None:
    """Facts of many subjects, each in order, `WRITERS` at once."""
    places = islice(_subjects(service), facts)
    left: dict[int, list[tuple[str, int, NewEvent]]] = {}
    for number, place in enumerate(places):
        left.setdefault(number // (WRITERS * 32), []).append(place)
        if len(left) > 1:
            await _append(log, left.pop(min(left)))
    for rest in left.values():
        await _append(log, rest)


async def _append(log: Log, events: list[tuple[str, int, NewEvent]]) -> None:
    streams: dict[str, list[tuple[int, NewEvent]]] = {}
    for stream, version, event in events:
        streams.setdefault(stream, []).append((version, event))

    async def write(stream: str) -> None:
        for version, event in streams[stream]:
            command = CommandRecord(str(uuid4()), bytes(32), ANSWER)
            await log.append(Batch((StreamAppend(stream, version, (event,)),), command))

    await asyncio.gather(*map(write, streams))


def _subjects(service: str) -> Iterator[tuple[str, int, NewEvent]]:
    """Stream, expected version, event: cohort after cohort, within one the facts of all subjects between each other.

    The bytes are those of one subject's journey with another number in them: what they say costs nothing here.
    """
    from contracts.events.registry import canonical

    said = [
        (fact.type_name, fact.type_version, str(fact.topic), canonical(fact.model_dump(mode="json")))
        for fact in journey(_SUBJECT, 1)
        if OWNERS[str(fact.topic)] == service
    ]
    for cohort in count():
        numbers = range(cohort * COHORT, (cohort + 1) * COHORT)
        subjects = [f"{n % 99 + 1:02d}-{n // 99 + 1:03d}" for n in numbers]
        for version, (name, schema, topic, payload) in enumerate(said):
            for subject in subjects:
                value = payload.replace(_SUBJECT.encode(), subject.encode())
                message = NewMessage(topic, f"RELUTH/{subject}", value)
                event = NewEvent(UUID(int=uuid7().int), name, schema, META, value, (message,))
                yield f"subject-RELUTH-{subject}", version, event


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.readline())))
