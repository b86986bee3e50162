"""All projections of one service: kept up while facts arrive, built beside the serving ones, compared, switched."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from services.chassis.background import Backoff, pause
from services.chassis.clock import Clock, system_clock
from services.chassis.health import Condition
from services.chassis.inbox.port import Store, Tx
from services.chassis.log.port import LogError
from services.chassis.projections.feed import Arrival, Feed
from services.chassis.projections.folding import Advance, parked_keys
from services.chassis.projections.port import KEPT_UP, FeedName, Generation, GenerationStatus
from services.chassis.projections.projection import AnyProjection, check, handled
from services.chassis.unavailable import Unavailable

_logger = logging.getLogger(__name__)

STEP: Final = 10_000
"""Feed positions per transaction of a build."""
KEPT_STATES: Final = 50_000
"""States that a build keeps in memory between its transactions."""
SMALL_GAP: Final = 2_000
"""Positions that a transaction of the inbox catches up by itself, rather than leave them to a build."""


@dataclass(slots=True)
class ProjectionsStatus:
    """What health and metrics read."""

    building: dict[str, tuple[int, int]] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    parked: dict[str, int] = field(default_factory=dict)
    failures: int = 0
    last_error: str | None = None

    def condition(self) -> Condition:
        """Degraded while something is parked, built for the first time, or failing."""
        parked = {name: count for name, count in self.parked.items() if count}
        building = {name: f"{done} of {total}" for name, (done, total) in self.building.items()}
        if parked or building or self.last_error:
            return Condition.degraded(parked=dict(parked), building=dict(building), because=self.last_error)
        return Condition.ok()


class Projections:
    """Keeps a service's projections up. It is also the `Follower` that the inbox folds in its transaction."""

    def __init__(
        self,
        store: Store,
        projections: Sequence[AnyProjection],
        feeds: Sequence[Feed],
        *,
        clock: Clock = system_clock,
        backoff: Backoff | None = None,
    ) -> None:
        self.store, self.status = store, ProjectionsStatus()
        self.all: dict[tuple[str, int], AnyProjection] = {}
        for projection in projections:
            check(projection)
            if (projection.name, projection.version) in self.all:
                raise ValueError(f"{projection.name} v{projection.version} is declared twice")
            self.all[(projection.name, projection.version)] = projection
        self.feeds = {feed.name: feed for feed in feeds}
        if missing := {projection.feed for projection in projections} - self.feeds.keys():
            raise ValueError(f"there is no feed {', '.join(sorted(missing))}")
        self.clock, self._backoff = clock, backoff or Backoff()
        self._advances: dict[str, Advance] = {}
        self._in_transaction: dict[str, Advance] = {}
        self._positions: dict[str, int] = {}
        self._follows_log: list[str] = []
        self._unserved: set[str] = set()
        self._stopping = asyncio.Event()
        self._handles = frozenset[str]().union(
            *(handled(projection) for projection in projections if projection.feed is FeedName.INBOX)
        )

    # --- in the transaction of the inbox

    @property
    def handles(self) -> frozenset[str]:
        """See `Follower.handles`."""
        return self._handles

    async def apply(self, tx: Tx, before: int, after: int, arrivals: Sequence[Arrival]) -> None:
        """See `Follower.apply`. Every generation that stands at `before` moves to `after`.

        One that is far behind is left to `run`, which moves it with transactions of its own.
        """
        if not self._handles:
            return
        moved: list[Generation] = []
        generations = await tx.generations.lock(FeedName.INBOX)
        parked = await parked_keys(tx, {arrival.key for arrival in arrivals}) if arrivals else {}
        for generation in generations:
            projection = self.declared(generation)
            if projection is None or generation.status not in KEPT_UP or before - generation.position > SMALL_GAP:
                continue
            types = handled(projection)
            live = self._live(projection, generation)
            if generation.position == before:
                mine = [arrival for arrival in arrivals if arrival.type in types]
                await live.step(tx, mine, parked.get(generation.table, {}))
            else:
                await live.step(tx, await self.feeds[FeedName.INBOX].read(tx, generation.position, after, types))
            moved.append(replace(generation, position=after))
        await tx.generations.put(moved)

    def _live(self, projection: AnyProjection, generation: Generation) -> Advance:
        """Without kept states: what the inbox folds may be rolled back with its transaction."""
        advance = self._in_transaction.get(generation.table)
        if advance is None:
            advance = self._in_transaction[generation.table] = Advance(projection, generation, self.clock)
        return advance

    def declared(self, generation: Generation) -> AnyProjection | None:
        """The projection that folds this generation, if this program has it."""
        projection = self.all.get((generation.name, generation.version))
        return projection if projection is not None and projection.feed is generation.feed else None

    # --- beside it

    async def start(self) -> None:
        """Give every declared version a generation and take its first step, which is all for a new service.

        Raises `Unavailable`.
        """
        async with self.store.begin() as tx:
            known = await tx.generations.lock()
            for (name, version), projection in self.all.items():
                alive = [g for g in known if (g.name, g.version) == (name, version) and g.status in KEPT_UP]
                if not alive:
                    await self.add(tx, projection, known)
        for generation in await self._survey():
            await self.move(generation)

    async def run(self) -> None:
        """Build what is behind and follow the service's own log, until `stop`. Errors of the database are retried."""
        self._stopping.clear()
        while not self._stopping.is_set():
            try:
                behind = False
                for generation in await self._survey():
                    behind |= await self.move(generation)
                self._backoff.reset()
                self.status.last_error = None
                if not behind:
                    await self._wait()
            except (Unavailable, LogError) as error:
                await self._failed(str(error) or type(error).__name__)
            except Exception as error:  # must not end unseen: read models would stand still
                _logger.exception("projections")
                await self._failed(type(error).__name__)

    def stop(self) -> None:
        """Ask `run` to return."""
        self._stopping.set()

    async def _failed(self, because: str) -> None:
        self.status.failures += 1
        self.status.last_error = because
        for advance in self._advances.values():
            advance.forget()
        _logger.warning("projections: %s", because)
        await pause(self._stopping, self._backoff.next())

    async def _wait(self) -> None:
        """Until the own log grows, or it is time to look whether a build was ordered or is behind."""
        positions = [self.status.positions[table] for table in self._follows_log if table in self.status.positions]
        if not positions:
            await pause(self._stopping, 0.5)
            return
        grown = asyncio.ensure_future(self.feeds[FeedName.LOG].past(min(positions), 0.5))
        stopped = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({grown, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in (grown, stopped):
                waiting.cancel()
            await asyncio.gather(grown, stopped, return_exceptions=True)

    async def _survey(self) -> list[Generation]:
        """Which generations need a step: those that are built, behind their feed, or finished and not served yet."""
        async with self.store.begin(snapshot=True) as tx:
            known = [g for g in await tx.generations.all() if g.status in KEPT_UP and self.declared(g)]
            heads = {name: await feed.head(tx) for name, feed in self.feeds.items()}
            parked = Counter(one.follower for one in await tx.followers.parked())
        self._follows_log = [g.table for g in known if g.feed is FeedName.LOG]
        self.status.positions = {g.table: g.position for g in known}
        self.status.parked = {g.table: parked[g.table] for g in known}
        served = {g.name for g in known if g.status is GenerationStatus.SERVING}
        self._unserved = {g.name for g in known} - served
        return [
            g
            for g in known
            if g.status is GenerationStatus.BUILDING or g.position < heads[g.feed] or g.name in self._unserved
        ]

    async def move(self, generation: Generation) -> bool:
        """One step of one generation, in a transaction of its own. True if it is still behind."""
        projection = self.declared(generation)
        if projection is None:
            return False
        feed = self.feeds[generation.feed]
        advance = self._advances.get(generation.table)
        if advance is None:
            advance = Advance(projection, generation, self.clock, keep=KEPT_STATES)
            self._advances[generation.table] = advance
        try:
            async with self.store.begin() as tx:
                current = await tx.generations.lock_one(generation.table)
                if current is None or current.status not in KEPT_UP:
                    self.forget(generation)
                    return False
                if (
                    current.status is not GenerationStatus.BUILDING  # a requeue may have changed rows behind it
                    or current.position != self._positions.get(generation.table)  # another process has moved it
                ):
                    advance.forget(empty=current.position == 0)
                head = await feed.head(tx)
                until = min(head, current.position + STEP)
                if until > current.position:
                    arrivals = await feed.read(tx, current.position, until, handled(projection))
                    await advance.step(tx, arrivals)
                reached = replace(current, position=until)
                if until == head and current.status is GenerationStatus.BUILDING:
                    reached = replace(reached, status=GenerationStatus.READY, ready_at=self.clock())
                if reached != current:
                    await tx.generations.put([reached])
        except BaseException:
            advance.forget()
            self._positions.pop(generation.table, None)
            raise
        self._positions[generation.table] = self.status.positions[generation.table] = until
        if reached.status is GenerationStatus.BUILDING:
            self.status.building[generation.table] = (until, head)
        else:
            self.status.building.pop(generation.table, None)
        finished = current.status is GenerationStatus.BUILDING or generation.name in self._unserved
        if finished and reached.status is GenerationStatus.READY:
            advance.forget()
            await self._serve_first(reached)
        return until < head

    def forget(self, generation: Generation) -> None:
        """Keep nothing of a generation that is gone."""
        for advances in (self._advances, self._in_transaction):
            advances.pop(generation.table, None)
        for kept in (self._positions, self.status.positions, self.status.building, self.status.parked):
            kept.pop(generation.table, None)

    async def _serve_first(self, generation: Generation) -> None:
        """Serve a finished build if nothing that this program can read is served under the name."""
        async with self.store.begin() as tx:
            known = await tx.generations.lock()
            serving = [g for g in known if g.name == generation.name and g.status is GenerationStatus.SERVING]
            current = [g for g in known if g.table == generation.table and g.status is GenerationStatus.READY]
            if current and not any(self.declared(g) for g in serving):
                older = [replace(g, status=GenerationStatus.READY) for g in serving]
                await tx.generations.put([*older, replace(current[0], status=GenerationStatus.SERVING)])

    async def add(self, tx: Tx, projection: AnyProjection, known: Sequence[Generation]) -> Generation:
        """A new generation with an empty table, to be built by whoever runs `run`."""
        same = [g for g in known if (g.name, g.version) == (projection.name, projection.version)]
        generation = Generation(
            projection.name,
            projection.version,
            max((g.number for g in same), default=0) + 1,
            projection.feed,
            GenerationStatus.BUILDING,
            0,
            self.clock(),
        )
        await tx.rows.create(Advance(projection, generation, self.clock).table)
        await tx.generations.put([generation])
        return generation
