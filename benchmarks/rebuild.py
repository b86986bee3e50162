"""How fast a read model is built again: analytics' dossiers, out of an inbox log that holds the trial's facts."""

import itertools
import time
from dataclasses import dataclass

from benchmarks.journeys import Published, facts
from contracts.events.catalogue import registry
from services.analytics.projections import DOSSIERS
from services.chassis.clock import system_clock
from services.chassis.inbox.port import Entry
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.pool import open_pool
from services.chassis.projections.feed import InboxFeed
from services.chassis.projections.operations import Operations
from services.chassis.projections.projections import Projections

_STRETCH = 2_000


@dataclass(frozen=True)
class Rebuild:
    """A build from nothing to ready, without the comparison that follows it, and with it. Seconds."""

    events: int
    rows: int
    building: float
    whole: float
    same: bool | None

    @property
    def per_second(self) -> float:
        return self.events / self.building


async def fill(store: PostgresStore, events: int) -> None:
    """Put facts into the inbox log, as they lie there after they were received."""
    published, source = Published(), facts()
    now = system_clock()
    for start in range(0, events, _STRETCH):
        said = itertools.islice(source, min(_STRETCH, events - start))
        entries = [Entry(start + n, published.message(fact), now) for n, fact in enumerate(said, 1)]
        async with store.begin() as tx:
            await tx.inbox.lock()
            await tx.inbox.store(start, entries, (), "", {})


async def measure(database_url: str, events: int = 200_000) -> Rebuild:
    """Fill the inbox of a migrated, empty database, build the dossiers, and build them again beside what serves."""
    pool = await open_pool(database_url, 4)
    try:
        store = PostgresStore(pool)
        await fill(store, events)
        known = registry()
        projections = Projections(store, [DOSSIERS], [InboxFeed(store, known)])
        await projections.start()
        operations = Operations(projections)
        await operations.rebuild(DOSSIERS.name)  # continues the first build, which is served when it is ready
        begun = time.perf_counter()
        result = await operations.rebuild(DOSSIERS.name)
        whole, built = time.perf_counter() - begun, result.generation
        assert built.ready_at is not None
        return Rebuild(events, result.rows, (built.ready_at - built.started_at).total_seconds(), whole, result.same)
    finally:
        await pool.close()
