"""Reading the read models: what one answer shows comes from one moment, and the answer can say from which."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from contracts.events import assessment, enrolment, randomization, safety, treatment
from services.analytics.projections import DOSSIERS, SUBSCRIPTIONS, AnyReadModel, ReadModel, S, projections
from services.chassis.http.consistency import Positions
from services.chassis.inbox.port import Tx
from services.chassis.projections.port import Generation, GenerationStatus
from services.chassis.projections.projection import table_of
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import BeingBuilt, ProjectionReader

PAGE: Final = 1_000

SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "enrolment": (enrolment.TOPIC, treatment.TOPIC),
    "randomizer": (randomization.TOPIC, randomization.ALLOCATION_TOPIC),
    "assessment": (assessment.TOPIC,),
    "safety": (safety.TOPIC,),
}
"""Whose log the positions of a topic are places in: all that each source publishes."""


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

    def __init__(self, tx: Tx, serving: Mapping[str, Generation], study: str, topic_prefix: str) -> None:
        self._tx, self._serving, self._study, self._topic_prefix = tx, serving, study, topic_prefix
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

    async def standing(self, models: Collection[AnyReadModel] | None = None) -> Standing:
        """What these models stand on, or those that were read: their topics and versions, no others."""
        asked = self._read if models is None else {model.name: model for model in models}
        topics = {fact.topic for model in asked.values() for fact in model.handles}
        held = await self._tx.inbox.standings()
        standings = {t: held[self._topic_prefix + t] for t in SUBSCRIPTIONS if self._topic_prefix + t in held}
        parked: set[str] = set()
        for name in asked:
            found = await self._tx.followers.parked(self._serving[name].table)
            parked |= {one.key for one in found if one.key.partition("/")[0] == self._study}
        return Standing(
            positions={t: standings[t].position if t in standings else 0 for t in SUBSCRIPTIONS if t in topics},
            versions={name: self._serving[name].version for name in sorted(asked)},
            missing=tuple(t for t in SUBSCRIPTIONS if t in topics and t in standings and standings[t].missing),
            parked=len(parked),
        )


class Reading:
    """Opens snapshots over several read models together, which `ProjectionReader` does for one.

    `topic_prefix` is that of the broker's topics; answers name topics as the contracts do.
    """

    def __init__(self, kept: Projections, topic_prefix: str = "") -> None:
        self._kept, self._topic_prefix = kept, topic_prefix
        self._models = {model.name: model.version for model in projections()}

    @asynccontextmanager
    async def snapshot(self, study: str) -> AsyncIterator[Snapshot]:
        """The read models of a study.

        Raises `BeingBuilt` while one of them is being built or is behind the inbox: its figures would name positions
        that they do not stand on.
        """
        async with self._kept.store.begin(snapshot=True) as tx:
            head = await tx.inbox.head()
            serving = {
                generation.name: generation
                for generation in await tx.generations.all()
                if generation.status is GenerationStatus.SERVING
                and self._models.get(generation.name) == generation.version
            }
            behind = [name for name in self._models if name not in serving or serving[name].position != head]
            if behind:
                raise BeingBuilt(f"read model {', '.join(sorted(behind))}")
            yield Snapshot(tx, serving, study, self._topic_prefix)

    def positions(self) -> Mapping[str, Positions]:
        """What a read can wait for: a source as in `enrolment:17`, or one topic as in `reluth.enrolment:17`."""
        reader, prefix = ProjectionReader(self._kept, DOSSIERS), self._topic_prefix
        by_source = {
            source: reader.following(*(prefix + topic for topic in topics), whole=True)
            for source, topics in SOURCES.items()
        }
        by_topic = {
            topic: by_source[source] if len(topics) == 1 else reader.following(prefix + topic)
            for source, topics in SOURCES.items()
            for topic in topics
        }
        return by_source | by_topic
