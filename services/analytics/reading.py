"""Reading the read models: what one answer shows comes from one moment, and the answer can say from which."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from services.analytics.projections import SUBSCRIPTIONS, AnyReadModel, ReadModel, S
from services.chassis.inbox.port import Store, Tx
from services.chassis.projections.port import Generation, GenerationStatus
from services.chassis.projections.projection import table_of
from services.chassis.unavailable import Unavailable

PAGE: Final = 1_000
LOOK_AGAIN: Final = 0.25  # seconds: another process may fill the inbox, and tells this one nothing


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer stands on.

    `positions`: per topic, the place in its owner's log up to which every message is in. `versions`: of the
    projections that were read. `missing`: topics of which a later message is here and an earlier one is not.
    `parked`: how many subjects of the study have facts that could not be applied.
    """

    positions: Mapping[str, int]
    versions: Mapping[str, int]
    missing: tuple[str, ...] = ()
    parked: int = 0


class Snapshot:
    """The read models of one study at one moment. It remembers what was read, for `standing`."""

    def __init__(self, tx: Tx, serving: Mapping[str, Generation], study: str) -> None:
        self._tx, self._serving, self._study = tx, serving, study
        self._read: dict[str, AnyReadModel] = {}

    async def states(self, model: ReadModel[S], sites: Collection[str] | None = None) -> list[S]:
        """Every state of the study in the order of its key; of these sites only, if given."""
        self._read[model.name] = model
        table = table_of(model, self._serving[model.name])
        where: dict[str, object] = {"study": self._study}
        if sites is not None:
            where["site"] = sorted(sites)
        states: list[S] = []
        after: str | None = None
        while rows := await self._tx.rows.find(table, where, after, PAGE):
            states += [model.from_row(row) for row in rows]
            after = rows[-1]["key"]
        return states

    async def standing(self) -> Standing:
        """What the states that were read stand on: only the topics and projections that went into them."""
        topics = {fact.topic for model in self._read.values() for fact in model.handles}
        standings = await self._tx.inbox.standings()
        parked: set[str] = set()
        for name in self._read:
            found = await self._tx.followers.parked(self._serving[name].table)
            parked |= {one.key for one in found if one.key.partition("/")[0] == self._study}
        return Standing(
            positions={t: standings[t].position if t in standings else 0 for t in SUBSCRIPTIONS if t in topics},
            versions={name: self._serving[name].version for name in sorted(self._read)},
            missing=tuple(t for t in SUBSCRIPTIONS if t in topics and t in standings and standings[t].missing),
            parked=len(parked),
        )


class Reading:
    """Opens snapshots over the store of the inbox."""

    def __init__(self, store: Store, models: Collection[AnyReadModel]) -> None:
        self._store = store
        self._models = {model.name: model.version for model in models}

    @asynccontextmanager
    async def snapshot(self, study: str) -> AsyncIterator[Snapshot]:
        """The read models of a study.

        Raises `Unavailable` while one of them is being built or is behind the inbox: its figures would claim
        positions that they do not stand on.
        """
        async with self._store.begin(snapshot=True) as tx:
            head = await tx.inbox.head()
            serving = {
                generation.name: generation
                for generation in await tx.generations.all()
                if generation.status is GenerationStatus.SERVING
                and self._models.get(generation.name) == generation.version
            }
            behind = [name for name in self._models if name not in serving or serving[name].position != head]
            if behind:
                raise Unavailable(f"the read model {', '.join(sorted(behind))}")
            yield Snapshot(tx, serving, study)

    def positions(self) -> dict[str, "TopicPosition"]:
        """What `?consistency=reluth.enrolment:17` can wait for."""
        return {topic: TopicPosition(self._store, topic) for topic in SUBSCRIPTIONS}


@dataclass(frozen=True, slots=True)
class TopicPosition:
    """How far one topic is in."""

    store: Store
    topic: str

    async def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until every message of the topic up to this position of its owner's log is in. True if it is.

        The position is that of a fact which the topic carries: for one that stays in its owner's log, nothing ever
        says that it has been passed until the next message comes.
        """
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            async with self.store.begin(snapshot=True) as tx:
                head = await tx.inbox.head()
                standing = (await tx.inbox.standings()).get(self.topic)
            if standing is not None and standing.position >= position:
                return True
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            await self.store.grown.past(head, min(left, LOOK_AGAIN))
