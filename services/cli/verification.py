"""`reluth verify`: every log re-derived from its bytes, and compared with what was published and what others hold."""

import json
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import Progress, TaskID

from services.chassis.assembly import Opened
from services.chassis.inbox.port import Entry, Tx
from services.chassis.log.verify import PAGE, Defect, verify, verify_outbox
from services.chassis.log.witness import Testimony, compare
from services.cli import catalogue
from services.cli.running import Running, inside
from services.cli.screen import console, table

NAMED = 10
"""Holes of one inbox that are named each; more are counted."""


class Held(NamedTuple):
    """What a consumer holds of one message: its place, the fact's place and chain at its source, and its content."""

    topic: str
    topic_pos: int
    position: int
    chain: str
    content: bytes


@dataclass(slots=True)
class Verified:
    """What was found of one service. `inbox` counts what it holds of others, `witnesses` what others hold of it."""

    events: int = 0
    hash: str = ""
    inbox: int = 0
    witnesses: dict[str, int] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)


async def verify_all(where: Running, names: Sequence[str], as_json: bool) -> bool:
    """Verify logs, outboxes and inboxes. True if everything holds. The system may go on working meanwhile.

    Inboxes are read before logs: what a consumer holds must then be in the log that is read afterwards.
    """
    found = {name: Verified() for name in names}
    held: dict[str, dict[str, list[Held]]] = defaultdict(dict)
    with Progress(console=Console(stderr=True), transient=True, disable=as_json) as bars:
        for reader in catalogue.NAMES:
            async with inside(where, reader) as service:
                of_sources, count, defects = await _inbox(service)
            for source, messages in of_sources.items():
                held[source][reader] = messages
            if reader in found:
                found[reader].inbox = count
                found[reader].defects += defects
        for name, result in found.items():
            task = bars.add_task(name, total=None)
            async with inside(where, name) as service:
                await _log(service, held[name], result, partial(_count, bars, task))
    if as_json:
        sys.stdout.write(json.dumps({name: asdict(result) for name, result in found.items()}, indent=2) + "\n")
    else:
        _print(found)
    return not any(result.defects for result in found.values())


def _count(bars: Progress, task: TaskID, done: int) -> None:
    bars.update(task, completed=done)


async def _log(
    service: Opened[Any], held: Mapping[str, Sequence[Held]], result: Verified, progress: Callable[[int], None]
) -> None:
    """The log by itself, then against its outbox, then both against each consumer."""
    report = await verify(service.log, service.facts.registry, progress)
    result.events, result.hash = report.events, report.hash
    result.defects += report.defects
    result.defects += await verify_outbox(service.log, service.facts.registry)
    chains = await _chains(service)
    published = await _published(service)
    for reader, messages in held.items():
        result.witnesses[reader] = len(messages)
        result.defects += compare(chains, (Testimony(m.position, m.chain) for m in messages), reader)
        for message in messages:
            content = published.get((message.topic, message.topic_pos))
            if content is None:
                what = f"{reader} holds {message.topic} {message.topic_pos}, which is not in the outbox"
            elif content != message.content:
                what = f"{reader} holds {message.topic} {message.topic_pos} with another content than was published"
            else:
                continue
            result.defects.append(Defect(message.position, what))


async def _chains(service: Opened[Any]) -> dict[int, str]:
    chains: dict[int, str] = {}
    after = 0
    while page := await service.log.read(after, PAGE):
        chains |= {event.position: event.hash.hex() for event in page}
        after = page[-1].position
    return chains


async def _published(service: Opened[Any]) -> dict[tuple[str, int], bytes]:
    published: dict[tuple[str, int], bytes] = {}
    after = 0
    while page := await service.log.read_outbox(after, PAGE):
        published |= {(m.topic, m.topic_pos): sha256(m.value).digest() for m in page}
        after = page[-1].out_pos
    return published


async def _inbox(reader: Opened[Any]) -> tuple[dict[str, list[Held]], int, list[Defect]]:
    """What a service holds, by source, and what is wrong with its inbox by itself."""
    held: dict[str, list[Held]] = defaultdict(list)
    defects: list[Defect] = []
    count, last = 0, 0
    async with reader.store.begin(snapshot=True) as tx:
        head = await tx.inbox.head()
        async for entry in _entries(tx, head, defects):
            missing = range(last + 1, entry.in_pos)
            defects += [Defect(None, f"inbox position {position} is missing") for position in missing[:NAMED]]
            if len(missing) > NAMED:
                defects.append(Defect(None, f"and {len(missing) - NAMED} more before inbox position {entry.in_pos}"))
            m = entry.message
            held[m.source].append(Held(m.topic, m.topic_pos, m.position, m.chain, sha256(m.value).digest()))
            count, last = count + 1, entry.in_pos
        if last != head:
            defects.append(Defect(None, f"the inbox's head says {head}, its last message is {last}"))
        for topic, standing in (await tx.inbox.standings()).items():
            if (rows := await tx.inbox.rows(topic)) != standing.count:
                defects.append(Defect(None, f"{standing.count} messages of {topic} were stored, {rows} are there"))
    return held, count, defects


async def _entries(tx: Tx, head: int, defects: list[Defect]) -> AsyncIterator[Entry]:
    """The inbox in order; one that cannot be read is a defect and hides no other."""
    for after in range(0, head, PAGE):
        until = min(after + PAGE, head)
        try:
            page = await tx.inbox.read(after, until)
        except (ValueError, KeyError, TypeError):
            page = []
            for position in range(after + 1, until + 1):
                try:
                    page = [*page, *await tx.inbox.read(position - 1, position)]
                except (ValueError, KeyError, TypeError):
                    defects.append(Defect(None, f"inbox position {position} cannot be read"))
        for entry in page:
            yield entry


def _print(found: Mapping[str, Verified]) -> None:
    columns = ("service", "facts", "hash of the head", "holds of others", "held by others", "verdict")
    shown = table(*columns)
    for name, result in found.items():
        witnesses = ", ".join(f"{reader} {count}" for reader, count in result.witnesses.items())
        verdict = f"{len(result.defects)} defects" if result.defects else "holds"
        shown.add_row(name, str(result.events), result.hash[:16], str(result.inbox or "-"), witnesses or "-", verdict)
    console.print(shown)
    for name, result in found.items():
        for defect in result.defects:
            where = f"position {defect.position}" if defect.position is not None else "as a whole"
            console.print(f"{name}, {where}: {defect.what}", soft_wrap=True)
