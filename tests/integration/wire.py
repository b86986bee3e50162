"""From one service's log to another's read model: what the tests of the way between them are made of."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from uuid6 import uuid7

from contracts.events.registry import canonical
from services.chassis.background import Backoff
from services.chassis.inbox.conformance import START, STUDY, House, Noted, house, serial
from services.chassis.inbox.kafka import ConsumerSettings, KafkaConsumer
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.kafka import KafkaConnection
from services.chassis.log.port import Batch, NewEvent, NewMessage, StreamAppend
from services.chassis.log.postgres import PostgresLog
from services.chassis.relay.kafka import KafkaProducer
from services.chassis.relay.postgres import PostgresCursor
from services.chassis.relay.relay import Relay, RelaySettings
from services.chassis.relay.render import render
from tests.conftest import Database


@dataclass
class Now:
    """A clock that is set."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at


class Wire:
    """A source and a consuming service, on a topic of their own."""

    def __init__(self, log: PostgresLog, pool: "asyncpg.Pool[asyncpg.Record]", h: House, topic: str, now: Now) -> None:
        self.log, self.pool, self.house, self.topic, self.now = log, pool, h, topic, now
        self._versions: dict[str, int] = {}
        self._numbers = itertools.count(1)

    async def say(self, count: int, subjects: int = 5) -> None:
        for n in range(count):
            fact = Noted(study=STUDY, subject=f"01-{n % subjects + 1:03d}", number=next(self._numbers))
            value, stream = canonical(fact.model_dump(mode="json")), f"noted-{fact.subject}"
            message = NewMessage(self.topic, fact.key, value)
            event = NewEvent(UUID(int=uuid7().int), fact.type_name, 1, b'{"actor":"a"}', value, (message,))
            if stream not in self._versions:
                self._versions[stream] = len(await self.log.read_stream(stream))
            version = self._versions[stream]
            await self.log.append(Batch((StreamAppend(stream, version, (event,)),)))
            self._versions[stream] = version + 1

    def relay(self, bootstrap: str, owner: str = "relay", lease: float = 10.0) -> Relay:
        return Relay(
            self.log,
            PostgresCursor(self.pool),
            lambda: KafkaProducer(KafkaConnection(bootstrap), request_timeout=5),
            lambda stored: render(stored, "source"),
            RelaySettings(batch=50, lease=lease, cluster_check=0.2),
            Backoff(0.02, 0.5),
            owner,
            source="source",
            topics=[self.topic],
        )

    def consumer(self, bootstrap: str, group: str | None = None, batch: int = 50) -> KafkaConsumer:
        return KafkaConsumer(
            self.house.inbox,
            KafkaConnection(bootstrap),
            group or self.topic,
            [self.topic],
            ConsumerSettings(batch=batch, poll=0.1, cluster_check=0.5, commit_every=0.05),
            Backoff(0.02, 0.5),
        )

    async def said(self) -> int:
        return (await self.log.head()).out_pos

    async def holds_everything(self) -> bool:
        standing = (await self.house.inbox.standings()).get(self.topic)
        return standing is not None and standing.topic_pos == await self.said()

    async def check(self) -> None:
        """The inbox is the outbox, the rows are its serial fold."""
        said = [render(stored, "source") for stored in await self.log.read_outbox(0, 10**6)]
        async with self.house.inbox.store.begin() as tx:
            entries = await tx.inbox.read(0, 10**9)
        assert sorted(e.message.event_id for e in entries) == sorted(m.event_id for m in said)
        assert await self.house.trails() == serial(said)
        assert (await self.house.inbox.completeness()).detail == {self.topic: f"exactly 1..{len(said)}"}


@asynccontextmanager
async def wired(source: Database, reader: Database, topic: str) -> AsyncIterator[Wire]:
    """A source in one database and a service that reads it in another, or in the same."""
    now = Now()
    async with (
        asyncpg.create_pool(source.url, min_size=1, max_size=6) as pool,
        asyncpg.create_pool(reader.url, min_size=1, max_size=6) as own,
    ):
        log = await PostgresLog.open(source.url)
        try:
            yield Wire(log, pool, await house(PostgresStore(own), clock=now), topic, now)
        finally:
            await log.close()


@asynccontextmanager
async def running(*parts: Relay | KafkaConsumer) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part.run()) for part in parts]
    try:
        yield
    finally:
        for part in parts:
            part.stop()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 30)
