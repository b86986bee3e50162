"""From a fact's commit in its owner's log to the commit of the row that shows it: relay, Kafka, inbox, analytics' rows.

Two processes, as in production: the owner appends at a fixed rate whatever comes back, the reader follows all topics.
"""

import asyncio
import hashlib
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from benchmarks.journeys import facts
from contracts.events.catalogue import TOPICS, registry
from contracts.events.enrolment import TOPIC
from contracts.events.envelope import Provenance
from contracts.events.fact import Fact
from services.analytics.projections import DOSSIERS, projections
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.inbox.inbox import Inbox, Received
from services.chassis.inbox.kafka import KafkaConsumer
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.kafka import KafkaConnection
from services.chassis.log.postgres import PostgresLog
from services.chassis.pool import open_pool
from services.chassis.projections.feed import InboxFeed
from services.chassis.projections.operations import Operations
from services.chassis.projections.projections import Projections
from services.chassis.relay.kafka import KafkaProducer
from services.chassis.relay.postgres import PostgresCursor
from services.chassis.relay.relay import Relay
from services.chassis.relay.render import render
from services.cli.embedded.topics import ensure_topics

_OWNER = "enrolment"


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the acknowledged append to the committed row, one for each fact. `lost`: never seen."""

    rate: float
    milliseconds: Sequence[float]
    appending: Sequence[float]
    lost: int
    same: bool | None

    def percentile(self, share: float) -> float:
        return sorted(self.milliseconds)[min(int(len(self.milliseconds) * share), len(self.milliseconds) - 1)]


async def own(database_url: str, bootstrap: str, prefix: str, rate: float, seconds: float) -> None:
    """The owner: append enrolment's facts at a rate, tell when each was acknowledged, and stay until told to end."""
    log = await PostgresLog.open(database_url)
    pool = await open_pool(database_url, 4)
    kafka = KafkaConnection(bootstrap)
    relay = Relay(
        log,
        PostgresCursor(pool),
        lambda: KafkaProducer(kafka),
        lambda stored: render(stored, _OWNER),
        source=_OWNER,
        topics=(prefix + TOPIC,),
    )
    relaying = asyncio.create_task(relay.run())
    service = Facts(log, registry(), _OWNER, topic_prefix=prefix)
    acknowledged: dict[str, tuple[float, float]] = {}

    async def append(n: int, fact: Fact) -> None:
        events: list[UUID] = []

        async def work(unit: Unit) -> Answer:
            await unit.load(fact.key, None, lambda state, _: state)
            events[:] = unit.append(fact.key, [fact])
            return Answer(201, {})

        begun = time.monotonic()
        key = hashlib.sha256(f"{n}".encode())
        trace = f"00-{key.hexdigest()[:32]}-{key.hexdigest()[:16]}-01"
        await service.transact(
            CommandId(key.hexdigest(), key.digest()),
            Provenance("investigator-01", ("investigator",), "01", None, None, trace),
            work,
        )
        now = time.monotonic()
        acknowledged[str(events[0])] = (now, now - begun)

    source = (fact for fact in facts() if fact.topic == TOPIC)
    appends: set[asyncio.Task[None]] = set()
    start = time.monotonic() + 1.0
    for n in range(int(rate * seconds)):
        await asyncio.sleep(max(start + n / rate - time.monotonic(), 0))
        task = asyncio.create_task(append(n, next(source)))
        appends.add(task)
        task.add_done_callback(appends.discard)
    await asyncio.gather(*appends)
    print(json.dumps(acknowledged), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    relay.stop()
    await relaying
    await log.close()
    await pool.close()


class _Watched(Inbox):
    """Notes when the transaction that holds a fact was committed."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.seen: dict[str, float] = {}

    async def receive(self, cluster_id: str, fetched: Any) -> Received:
        result = await super().receive(cluster_id, fetched)
        now = time.monotonic()
        for fetch in fetched:
            for record in fetch.records:
                headers = dict(record.headers)
                if "ce_id" in headers:
                    self.seen.setdefault(headers["ce_id"].decode(), now)
        return result


@asynccontextmanager
async def _reading(database_url: str, bootstrap: str, prefix: str) -> AsyncIterator[tuple[_Watched, Operations]]:
    pool = await open_pool(database_url, 8)
    store, known = PostgresStore(pool), registry()
    kept = Projections(store, projections(), [InboxFeed(store, known)])
    await kept.start()
    inbox = _Watched(store, known, (kept,))
    consumer = KafkaConsumer(
        inbox, KafkaConnection(bootstrap), f"{prefix}analytics", [prefix + topic for topic in TOPICS]
    )
    tasks = [asyncio.create_task(consumer.run()), asyncio.create_task(kept.run())]
    try:
        yield inbox, Operations(kept)
    finally:
        consumer.stop()
        kept.stop()
        await asyncio.gather(*tasks)
        await pool.close()


async def measure(
    owner_url: str, reader_url: str, bootstrap: str, *, rate: float = 200, seconds: float = 20, prefix: str = "latency."
) -> Latency:
    """Two migrated, empty databases and a broker; the first two seconds are not counted."""
    await ensure_topics(bootstrap, {prefix + topic: 3 for topic in TOPICS})
    async with _reading(reader_url, bootstrap, prefix) as (inbox, operations):
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.latency", owner_url, bootstrap, prefix, str(rate), str(seconds)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**30,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            acknowledged: dict[str, tuple[float, float]] = json.loads(await child.stdout.readline())
            await inbox.store.grown.past(len(acknowledged) - 1, 10)
        finally:
            child.stdin.write(b"\n")
            await child.communicate()
        rebuilt = await operations.rebuild(DOSSIERS.name)
        seen = inbox.seen
    counted = itertools.islice(acknowledged.items(), int(2 * rate), None)
    waits = [((seen[event] - at) * 1000, took * 1000) for event, (at, took) in counted if event in seen]
    return Latency(
        rate, [w for w, _ in waits], [t for _, t in waits], len(acknowledged.keys() - seen.keys()), rebuilt.same
    )


if __name__ == "__main__":
    database, broker, topic_prefix, per_second, duration = sys.argv[1:]
    asyncio.run(own(database, broker, topic_prefix, float(per_second), float(duration)))
