"""Whether a running system has nothing in hand."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from contracts.events.catalogue import OWNERS, READERS
from services.chassis.assembly import Opened
from services.chassis.log.port import StoredMessage
from services.cli import catalogue
from services.cli.running import Running, inside

_PAGE: Final = 1_000


async def at_rest(where: Running) -> bool:
    """Everything recorded has arrived everywhere, and nothing followed from it while that was looked at."""
    before = await _heads(where)
    arrived = await asyncio.gather(*(_arrived(where, name, before) for name in catalogue.NAMES))
    return all(arrived) and await _heads(where) == before


async def outbox_of(service: Opened[Any]) -> list[StoredMessage]:
    """All that a service has to tell, in order."""
    messages: list[StoredMessage] = []
    while page := await service.log.read_outbox(len(messages), _PAGE):
        messages += page
    return messages


async def _heads(where: Running) -> dict[str, Any]:
    heads: dict[str, Any] = {}
    for name in catalogue.NAMES:
        async with inside(where, name) as service:
            heads[name] = await service.log.head()
            for topic, owner in OWNERS.items():
                if owner == name:
                    heads[topic] = sum(m.topic == topic for m in await outbox_of(service))
    return heads


async def _arrived(where: Running, name: str, heads: Mapping[str, Any]) -> bool:
    async with inside(where, name) as service:
        if (await service.cursor.state()).out_pos != heads[name].out_pos:
            return False
        standings = await service.inbox.standings()
        wanted = {topic: heads[topic] for topic, readers in READERS.items() if name in readers and heads[topic]}
        if {topic: standing.topic_pos for topic, standing in standings.items()} != wanted:
            return False
        async with service.store.begin(snapshot=True) as tx:
            head = await tx.inbox.head()
            cursors = [await tx.followers.cursor(one.follower) for one in service.reactions.reactions]
        if any(cursor != head for cursor in cursors):
            return False
        return all(one.lag == 0 and not one.parked for one in await service.operations.list())
