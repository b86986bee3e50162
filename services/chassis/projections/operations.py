"""What people do with projections: list them, build one again, compare, switch, requeue what was parked."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from services.chassis.inbox.port import Parked, Tx
from services.chassis.projections.checksum import checksum
from services.chassis.projections.feed import Arrival
from services.chassis.projections.folding import Advance
from services.chassis.projections.port import COMPLETE, KEPT_UP, Generation, GenerationStatus
from services.chassis.projections.projection import AnyProjection, handled, table_of
from services.chassis.projections.projections import Projections


class NoSuchProjection(Exception):
    """No projection of this service has the name, or none of its versions can be read."""


class NotReady(Exception):
    """There is no finished build to work on."""


Progress = Callable[[int, int], None]
"""Called with the positions done and the positions there are."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A generation as `list` shows it. `lag` counts positions of its feed; `declared`: this program can fold it."""

    generation: Generation
    head: int
    parked: int
    declared: bool

    @property
    def lag(self) -> int:
        """How far it is behind its feed."""
        return max(self.head - self.generation.position, 0)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The outcome of a rebuild. `same`: whether the rows equal those of the serving build of this version, if any."""

    generation: Generation
    rows: int
    parked: int
    checksum: str
    same: bool | None


class Operations:
    """Operations on the projections of a service, from its own process or from the command line beside it."""

    def __init__(self, projections: Projections) -> None:
        self._of = projections

    async def list(self) -> Sequence[Listed]:
        """Every generation with its lag and its parked keys."""
        async with self._of.store.begin(snapshot=True) as tx:
            known = await tx.generations.all()
            heads = {name: await feed.head(tx) for name, feed in self._of.feeds.items()}
            parked = [one.follower for one in await tx.followers.parked()]
        return [
            Listed(g, heads.get(g.feed, g.position), parked.count(g.table), self._of.declared(g) is not None)
            for g in known
        ]

    async def rebuild(self, name: str, progress: Progress = lambda done, total: None) -> Rebuilt:
        """Build the newest declared version again beside what serves, and compare. Nothing is switched.

        An unfinished build of it is continued. When the caller is cancelled, so is the build. Raises
        `NoSuchProjection`, `Unavailable`.
        """
        projection = self._newest(name)
        generation = await self._begin(projection)
        try:
            while await self._of.move(generation):
                done, total = self._of.status.building.get(generation.table, (0, 0))
                progress(done, total)
            return await self._compare(projection, generation, progress)
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.ensure_future(self.cancel(generation)))
            raise

    async def cancel(self, generation: Generation) -> None:
        """Give up a build and drop its table. One that serves, or is ready, is left alone."""
        async with self._of.store.begin() as tx:
            current = await tx.generations.lock_one(generation.table)
            if current is not None and current.status is GenerationStatus.BUILDING:
                await tx.rows.drop(current.table)
                await tx.followers.unpark_all(current.table)
                await tx.generations.put([replace(current, status=GenerationStatus.CANCELLED)])
        self._of.forget(generation)

    async def switch(self, name: str, version: int | None = None) -> Generation:
        """Let readers have the newest ready build of a version; None: of the newest declared one. Returns what serves.

        The old one stays and is kept up if it is of another version, so that one can switch back. Raises
        `NoSuchProjection`, `NotReady`.
        """
        wanted = version if version is not None else self._newest(name).version
        async with self._of.store.begin() as tx:
            known = [g for g in await tx.generations.lock() if g.name == name]
            builds = [g for g in known if g.version == wanted and g.status in COMPLETE]
            if not builds:
                raise NotReady(f"{name} v{wanted} has no finished build")
            target = max(builds, key=lambda g: g.number)
            if self._of.declared(target) is None:
                raise NoSuchProjection(f"this program cannot read {name} v{wanted}")
            serving = [g for g in known if g.status is GenerationStatus.SERVING and g != target]
            for old in serving:
                kept = GenerationStatus.RETIRED if old.version == wanted else GenerationStatus.READY
                await tx.generations.put([replace(old, status=kept)])
            target = replace(target, status=GenerationStatus.SERVING)
            await tx.generations.put([target])
        return target

    async def checksum(self, name: str) -> tuple[Generation, str, int]:
        """The serving generation, the checksum of its rows and their number, all of one moment."""
        async with self._of.store.begin(snapshot=True) as tx:
            for generation in await tx.generations.all():
                projection = self._of.declared(generation)
                if generation.name == name and generation.status is GenerationStatus.SERVING and projection:
                    found, rows = await checksum(tx, table_of(projection, generation))
                    return generation, found, rows
        raise NoSuchProjection(f"nothing that this program can read is served as {name}")

    def _newest(self, name: str) -> AnyProjection:
        versions = [version for declared, version in self._of.all if declared == name]
        if not versions:
            raise NoSuchProjection(f"{name}; there are {', '.join(sorted({n for n, _ in self._of.all})) or 'none'}")
        return self._of.all[(name, max(versions))]

    async def _begin(self, projection: AnyProjection) -> Generation:
        """A new generation, or the one that is being built; builds that nobody reads any more make room."""
        async with self._of.store.begin() as tx:
            known = await tx.generations.lock()
            same = [g for g in known if (g.name, g.version) == (projection.name, projection.version)]
            for old in same:
                if old.status is GenerationStatus.BUILDING:
                    return old
                if old.status is not GenerationStatus.SERVING:
                    await tx.rows.drop(old.table)
                    await tx.followers.unpark_all(old.table)
                    await tx.generations.remove(old)
                    self._of.forget(old)
            return await self._of.add(tx, projection, known)

    async def _compare(self, projection: AnyProjection, built: Generation, progress: Progress) -> Rebuilt:
        """Checksums of the new and the serving build at the same position: both are moved until they stand level."""
        while True:
            async with self._of.store.begin(snapshot=True) as tx:
                known = {g.table: g for g in await tx.generations.all()}
                if (new := known.get(built.table)) is None or new.status not in COMPLETE:
                    raise NotReady(f"{built.table} was cancelled")
                others = [
                    g
                    for g in known.values()
                    if (g.name, g.version, g.status) == (new.name, new.version, GenerationStatus.SERVING) and g != new
                ]
                if all(g.position == new.position for g in others):
                    mine, rows = await checksum(tx, table_of(projection, new))
                    theirs = [(await checksum(tx, table_of(projection, g)))[0] for g in others]
                    parked = len(await tx.followers.parked(new.table))
                    break
            for generation in (new, *others):
                await self._of.move(generation)
        progress(new.position, new.position)
        async with self._of.store.begin() as tx:
            current = await tx.generations.lock_one(new.table)
            if current is not None:
                await tx.generations.put([replace(current, checksum=mine)])
        return Rebuilt(replace(new, checksum=mine), rows, parked, mine, theirs[0] == mine if theirs else None)

    # --- parked keys: see `services.chassis.inbox.parking.Requeuer`

    async def owns(self, tx: Tx, follower: str) -> bool:
        """Whether the follower is a generation that this program can fold."""
        return any(g.table == follower and self._of.declared(g) is not None for g in await tx.generations.all())

    async def held(self, tx: Tx, parked: Parked) -> Sequence[Arrival]:
        """What waits for the key."""
        for generation in await tx.generations.all():
            projection = self._of.declared(generation)
            if generation.table == parked.follower and projection is not None:
                feed, types = self._of.feeds[generation.feed], handled(projection)
                return await feed.read_key(tx, parked.key, parked.position, generation.position, types)
        return ()

    async def requeue(self, follower: str, key: str) -> Parked | None:
        """Apply what waits for the key, in order. None: all of it; else where and why it is parked now.

        Raises `NotReady` while the generation is built, `NoSuchProjection` when this program cannot fold it.
        """
        async with self._of.store.begin() as tx:
            await tx.inbox.lock()  # first, as in the inbox: else each could hold what the other waits for
            generation = await tx.generations.lock_one(follower)
            projection = self._of.declared(generation) if generation is not None else None
            if generation is None or projection is None or generation.status not in KEPT_UP:
                raise NoSuchProjection(f"this program does not keep up {follower}")
            if generation.status is GenerationStatus.BUILDING:
                raise NotReady(f"{follower} is being built; requeue when it is ready")
            found = await tx.followers.parked(follower, [key])
            if not found:
                return None
            advance = Advance(projection, generation, self._of.clock)
            for arrival in await self.held(tx, found[0]):
                if trouble := (await advance.apply(tx, [arrival], {})).get(key):
                    still = Parked(follower, key, trouble.position, trouble.reason, self._of.clock())
                    await tx.followers.park(still)
                    return still
            await tx.followers.unpark(follower, key)
        return None
