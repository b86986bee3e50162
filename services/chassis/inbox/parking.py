"""Keys that are parked: list them, look at what waits, apply it again after the cause is mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.chassis.inbox.inbox import WAITING_FOLLOWER, waiting_reasons
from services.chassis.inbox.port import Parked, Store, Tx
from services.chassis.projections.feed import Arrival


class NotParked(Exception):
    """The follower has not parked this key."""


class Requeuer(Protocol):
    """Knows some followers and applies again what they parked."""

    async def owns(self, tx: Tx, follower: str) -> bool:
        """Whether the follower is one of its own."""
        ...

    async def held(self, tx: Tx, parked: Parked) -> Sequence[Arrival]:
        """What waits for the key, in order."""
        ...

    async def requeue(self, follower: str, key: str) -> Parked | None:
        """Apply what waits, in order. None: all of it is applied; else where and why the key is parked now."""
        ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """A fact that waits, without its content."""

    place: str
    type: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A parked key and what waits for it, the failing fact first."""

    parked: Parked
    waiting: tuple[Waiting, ...]


class Parking:
    """The parked keys of one service, whoever parked them."""

    def __init__(self, store: Store, requeuers: Sequence[Requeuer]) -> None:
        self._store, self._requeuers = store, requeuers

    async def list(self) -> Sequence[Parked]:
        """Every parked key. The follower `inbox` has those that wait for a message which did not come yet."""
        async with self._store.begin(snapshot=True) as tx:
            return [*await self._holes(tx), *await tx.followers.parked()]

    async def show(self, follower: str, key: str) -> Shown:
        """One parked key with what waits for it. Raises `NotParked`."""
        async with self._store.begin(snapshot=True) as tx:
            parked = await self._find(tx, follower, key)
            if follower == WAITING_FOLLOWER:
                messages = [m for m in await tx.inbox.waiting() if f"{m.topic} {m.key}" == key]
                return Shown(parked, tuple(Waiting(f"{m.topic} {m.topic_pos}", m.type) for m in messages))
            for requeuer in self._requeuers:
                if await requeuer.owns(tx, follower):
                    held = await requeuer.held(tx, parked)
                    return Shown(parked, tuple(Waiting(arrival.place, arrival.type) for arrival in held))
        return Shown(parked, ())

    async def requeue(self, follower: str, key: str) -> Parked | None:
        """Apply again what waits, in order. None: the key is free; else its new place and reason.

        A key that waits for a missing message stays as it is: it goes on by itself when the message comes.
        Raises `NotParked`.
        """
        async with self._store.begin(snapshot=True) as tx:
            parked = await self._find(tx, follower, key)
            owners = [requeuer for requeuer in self._requeuers if await requeuer.owns(tx, follower)]
        return await owners[0].requeue(follower, key) if owners else parked

    async def _find(self, tx: Tx, follower: str, key: str) -> Parked:
        found = await (self._holes(tx) if follower == WAITING_FOLLOWER else tx.followers.parked(follower, [key]))
        for parked in found:
            if parked.key == key:
                return parked
        raise NotParked(f"{follower} has not parked {key}")

    async def _holes(self, tx: Tx) -> Sequence[Parked]:
        messages = await tx.inbox.waiting()
        first = {f"{m.topic} {m.key}": m for m in reversed(messages)}
        return [
            Parked(WAITING_FOLLOWER, key, first[key].topic_pos, reason, first[key].recorded_at)
            for key, reason in waiting_reasons(messages).items()
        ]
