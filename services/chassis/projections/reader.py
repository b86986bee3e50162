"""Reading a projection: the rows, and how far they stand."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Table

from services.chassis.inbox.port import TopicStanding, Tx
from services.chassis.projections.port import COMPLETE, AnySelect, FeedName, Generation, GenerationStatus, Row
from services.chassis.projections.projection import AnyProjection, Projection, table_of
from services.chassis.projections.projections import Projections
from services.chassis.unavailable import Unavailable

LOOK_AGAIN: Final = 0.2
"""Seconds after which somebody who waits for a row looks again without being woken."""

S = TypeVar("S")
R = TypeVar("R")


class BeingBuilt(Unavailable):
    """No build of the projection is finished yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rows of an answer hold.

    `position`: of the feed they are folded from. `behind`: positions of the feed that they do not hold yet. `topics`:
    for the inbox, what was received of each topic; the rows hold it if nothing is behind.
    """

    generation: Generation
    position: int
    behind: int
    topics: Mapping[str, TopicStanding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read(Generic[R]):
    """A value and the standing of the rows it comes from, both of one moment."""

    value: R
    standing: Standing


class ProjectionReader(Generic[S]):
    """Reads the serving generation of a projection, whichever version that is.

    `versions`: what the program can read, the newest first; without it, the given projection alone.
    """

    def __init__(self, projections: Projections, projection: Projection[S], *older: Projection[S]) -> None:
        self._projections, self._name = projections, projection.name
        self._versions: dict[int, Projection[S]] = {p.version: p for p in (projection, *older)}
        self._tables: dict[str, Table] = {}

    async def get(self, key: str) -> Read[S | None]:
        """The state of one row; None if there is no such row. Raises `BeingBuilt`, `Unavailable`."""
        async with self._serving() as (tx, projection, table, standing):
            rows = await tx.rows.get(table, [key])
            return Read(projection.from_row(rows[0]) if rows else None, standing)

    async def await_row(self, key: str, until: Callable[[S | None], bool], timeout: float) -> S | None:
        """The state of a row once `until` holds of it, or as it is after `timeout` seconds. Raises as `get` does.

        Looks again when this process has stored something, and now and then besides, because another process may be
        the one that stores.
        """
        grown, deadline = self._projections.store.grown, time.monotonic() + timeout
        while True:
            seen = grown.value
            found = (await self.get(key)).value
            left = deadline - time.monotonic()
            if until(found) or left <= 0:
                return found
            await grown.past(seen, min(left, LOOK_AGAIN))

    async def find(
        self, where: Mapping[str, Any] | None = None, *, after: str | None = None, limit: int = 1000
    ) -> Read[dict[str, S]]:
        """States by key, in the order of their keys, of rows whose columns equal `where`. A list means any of it.

        `after` is the last key of the page before.
        """
        async with self._serving() as (tx, projection, table, standing):
            rows = await tx.rows.find(table, where or {}, after, limit)
            return Read({row["key"]: projection.from_row(row) for row in rows}, standing)

    async def select(self, statement: Callable[[Table], AnySelect]) -> Read[Sequence[Row]]:
        """Any query over the table, such as counts: `select(lambda t: select(func.count()).select_from(t))`."""
        async with self._serving() as (tx, _, table, standing):
            return Read(await tx.rows.select(statement(table)), standing)

    async def standing(self) -> Standing:
        """How far the rows stand now."""
        async with self._serving() as (_, _, _, standing):
            return standing

    async def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until the rows hold a position of their feed: for a projection of the service's own log."""
        return await self._until(lambda standing: standing.position >= position, timeout)

    def following(self, *topics: str, whole: bool = False) -> "Following":
        """Waits for log positions of the one source that publishes these topics: see `Following`."""
        return Following(self._until, topics, whole)

    @asynccontextmanager
    async def _serving(self) -> "AsyncIterator[tuple[Tx, Projection[S], Table, Standing]]":
        async with self._projections.store.begin(snapshot=True) as tx:
            generation = await self._generation(tx)
            feed = self._projections.feeds[generation.feed]
            head = await feed.head(tx)
            topics = await tx.inbox.standings() if generation.feed is FeedName.INBOX else {}
            projection = self._versions[generation.version]
            standing = Standing(generation, generation.position, max(head - generation.position, 0), topics)
            yield tx, projection, self._table(projection, generation), standing

    async def _generation(self, tx: Tx) -> Generation:
        """The serving one; if this program cannot read that, because a newer one has switched, its own newest."""
        readable = [
            g
            for g in await tx.generations.all()
            if g.name == self._name and g.version in self._versions and g.status in COMPLETE
        ]
        if not readable:
            raise BeingBuilt(f"read model {self._name}")
        return max(readable, key=lambda g: (g.status is GenerationStatus.SERVING, g.version, g.number))

    def _table(self, projection: AnyProjection, generation: Generation) -> Table:
        table = self._tables.get(generation.table)
        if table is None:
            table = self._tables[generation.table] = table_of(projection, generation)
        return table

    async def _until(self, holds: Callable[[Standing], bool], timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        pause = 0.005
        while True:
            standing = await self.standing()
            if holds(standing):
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            # the inbox tells when it grows; a row of the own log's projection appears a moment after its event
            if standing.generation.feed is FeedName.INBOX and not standing.behind:
                await self._projections.store.grown.past(standing.position, min(pause * 4, left))
            else:
                await asyncio.sleep(min(pause, left))
            pause = min(pause * 2, 0.1)


@dataclass(frozen=True, slots=True)
class Following:
    """`Positions` of one source: waits until a projection of the inbox holds a position of that source's log.

    A position is held when every topic named has reached it. `whole`: the topics are all that the source publishes;
    then it is also held when nothing that the source has published is missing and one of them has reached it, because
    a topic that has nothing new never moves. A position whose fact is not published is reached with the next one that
    is; answers name positions of published facts alone.
    """

    until: "Callable[[Callable[[Standing], bool], float], Any]"
    topics: tuple[str, ...]
    whole: bool

    async def wait_for(self, position: int, timeout: float) -> bool:
        """Wait for a log position of the source, at most `timeout` seconds. True if it is held."""

        def holds(standing: Standing) -> bool:
            found = [standing.topics.get(topic, TopicStanding(topic)) for topic in self.topics]
            if standing.behind or not found:
                return False
            if all(topic.position >= position for topic in found):
                return True
            published = max(topic.out_pos for topic in found)
            complete = self.whole and sum(topic.topic_pos for topic in found) == published
            return complete and max(topic.position for topic in found) >= position

        return bool(await self.until(holds, timeout))
