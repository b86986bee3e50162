"""Followers of the inbox log that act: each fact leads to a command whose key names the fact, so it acts once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.chassis.background import Backoff, pause
from services.chassis.clock import Clock, system_clock
from services.chassis.health import Condition
from services.chassis.inbox.port import Parked, Store, Tx
from services.chassis.log.port import LogCorrupt, LogOverloaded, LogUnavailable, VersionConflict
from services.chassis.projections.feed import Arrival, Feed, Undecoded
from services.chassis.refusal import Refused
from services.chassis.telemetry.tracing import SpanKind, Tracing
from services.chassis.unavailable import Unavailable

_logger = logging.getLogger(__name__)

WINDOW: Final = 500
"""Inbox positions looked at together."""

_LATER: Final = (
    Unavailable,
    LogUnavailable,
    LogOverloaded,
    LogCorrupt,
    VersionConflict,
    httpx.TransportError,
    OSError,
    TimeoutError,
)
"""Errors that say nothing about the fact: the same command may pass later."""

Handler = Callable[[Envelope[Any], str], Awaitable[None]]
"""Called with the fact and the key under which its command is answered once and for ever.

It may be called again with the same fact, also in two processes at once: everything it does must be idempotent by the
key. `Refused` and unexpected errors park the fact's key; `Unavailable` and the like are tried again.
"""


@dataclass(frozen=True, slots=True)
class Reaction:
    """A name that never changes (cursor and command keys are filed under it), what it reacts to, and how."""

    name: str
    handles: tuple[type[Fact], ...]
    handler: Handler

    @property
    def follower(self) -> str:
        """Its name among the followers."""
        return f"reaction:{self.name}"

    @property
    def types(self) -> frozenset[str]:
        """Contract names of what it handles."""
        return frozenset(fact.type_name for fact in self.handles)

    def command_key(self, envelope: Envelope[Any]) -> str:
        """The idempotency key of the command that this fact leads to."""
        return f"{self.follower}:{envelope.event_id}"


@dataclass(slots=True)
class ReactionStatus:
    """What health and metrics read. `lag` counts inbox positions."""

    position: int = 0
    head: int = 0
    handled: int = 0
    parked: int = 0
    failures: int = 0
    last_error: str | None = None

    @property
    def lag(self) -> int:
        """Positions not looked at yet."""
        return max(self.head - self.position, 0)


@dataclass(slots=True)
class Reactions:
    """Runs the reactions of one service, each at its own pace. Also the `Requeuer` of what they park."""

    store: Store
    feed: Feed
    reactions: Sequence[Reaction]
    clock: Clock = system_clock
    backoff: Callable[[], Backoff] = Backoff
    tracing: Tracing = field(default_factory=lambda: Tracing("reactions"))
    status: dict[str, ReactionStatus] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.status = {reaction.name: ReactionStatus() for reaction in self.reactions}
        if len(self.status) != len(self.reactions):
            raise ValueError("two reactions have the same name")

    def condition(self) -> Condition:
        """Degraded while something is parked or retried."""
        lags = {name: status.lag for name, status in self.status.items()}
        parked = {name: status.parked for name, status in self.status.items() if status.parked}
        errors = {name: status.last_error for name, status in self.status.items() if status.last_error}
        if parked or errors:
            return Condition.degraded(lag=dict(lags), parked=dict(parked), because=dict(errors))
        return Condition.ok(lag=dict(lags))

    async def run(self) -> None:
        """React until `stop`."""
        self._stopping.clear()
        async with asyncio.TaskGroup() as group:
            for reaction in self.reactions:
                group.create_task(self._follow(reaction), name=reaction.follower)

    def stop(self) -> None:
        """Ask `run` to finish what it is doing and return."""
        self._stopping.set()

    async def _follow(self, reaction: Reaction) -> None:
        status, backoff = self.status[reaction.name], self.backoff()
        while not self._stopping.is_set():
            try:
                if not await self.step(reaction):
                    await self._wait(status.position)
                status.last_error = None
                backoff.reset()
            except _LATER as error:
                status.failures += 1
                status.last_error = type(error).__name__
                _logger.warning("%s: %s, trying again", reaction.follower, status.last_error)
                await pause(self._stopping, backoff.next())
            except Exception as error:  # of the machinery, not of a handler; it must not end unseen
                status.failures += 1
                status.last_error = type(error).__name__
                _logger.exception("%s", reaction.follower)
                await pause(self._stopping, backoff.next())

    async def _wait(self, position: int) -> None:
        grown = asyncio.ensure_future(self.feed.past(position, 0.5))
        stopped = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({grown, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in (grown, stopped):
                waiting.cancel()
            await asyncio.gather(grown, stopped, return_exceptions=True)

    async def step(self, reaction: Reaction) -> bool:
        """Look at the next stretch of the inbox log. False if there is none. Raises errors that are to be retried."""
        status = self.status[reaction.name]
        async with self.store.begin(snapshot=True) as tx:
            start = await tx.followers.cursor(reaction.follower)
            head = await self.feed.head(tx)
            until = min(head, start + WINDOW)
            arrivals = await self.feed.read(tx, start, until, reaction.types) if until > start else []
            status.parked = len(await tx.followers.parked(reaction.follower))
        status.position, status.head = start, head
        for arrival in arrivals:
            if self._stopping.is_set():
                return False
            if not await self._one(reaction, arrival, status):
                return True  # another process is ahead: look again
        if until > status.position and not await self._pass(reaction, status.position, until):
            return True
        status.position = until
        return until > start

    async def _one(self, reaction: Reaction, arrival: Arrival, status: ReactionStatus) -> bool:
        """Handle one fact and move the cursor to it. False if the cursor is not where it was."""
        before = status.position
        async with self.store.begin() as tx:
            if await tx.followers.lock_cursor(reaction.follower) != before:
                return False
            if await tx.followers.parked(reaction.follower, [arrival.key]):
                await tx.followers.move_cursor(reaction.follower, arrival.position)
                status.position = arrival.position
                return True
        reason = await self._handle(reaction, arrival)
        async with self.store.begin() as tx:
            if await tx.followers.lock_cursor(reaction.follower) != before:
                return False
            if reason is not None:
                await tx.followers.park(Parked(reaction.follower, arrival.key, arrival.position, reason, self.clock()))
            await tx.followers.move_cursor(reaction.follower, arrival.position)
        status.position = arrival.position
        status.handled += reason is None
        status.parked += reason is not None
        return True

    async def _pass(self, reaction: Reaction, before: int, until: int) -> bool:
        """Move the cursor over what the reaction does not handle."""
        async with self.store.begin() as tx:
            if await tx.followers.lock_cursor(reaction.follower) != before:
                return False
            await tx.followers.move_cursor(reaction.follower, until)
        return True

    async def _handle(self, reaction: Reaction, arrival: Arrival) -> str | None:
        """Call the handler. Returns why the key must be parked, without an error's own text: it may quote the fact."""
        envelope = arrival.content
        if isinstance(envelope, Undecoded):
            return f"{arrival.place}: {envelope.reason}"
        parent = envelope.provenance.traceparent
        with self.tracing.span(
            f"react {reaction.name}",
            headers={"traceparent": parent} if parent else None,
            kind=SpanKind.CONSUMER,
            **{"reluth.place": arrival.place, "reluth.type": arrival.type},
        ):
            try:
                await reaction.handler(envelope, reaction.command_key(envelope))
            except _LATER:
                raise
            except Refused as error:
                reason = f"refused: {error.refusal.code}"
            except Exception as error:
                reason = f"{type(error).__name__} in the handler of {arrival.type}"
            else:
                return None
        _logger.error("%s: parked %s: %s: %s", reaction.follower, arrival.key, arrival.place, reason)
        return f"{arrival.place}: {reason}"

    # --- see `services.chassis.inbox.parking.Requeuer`

    async def owns(self, tx: Tx, follower: str) -> bool:
        """Whether the follower is one of these reactions."""
        return any(reaction.follower == follower for reaction in self.reactions)

    async def held(self, tx: Tx, parked: Parked) -> Sequence[Arrival]:
        """What waits for the key: from the failing fact to the cursor."""
        reaction = self._named(parked.follower)
        until = await tx.followers.cursor(parked.follower)
        return await self.feed.read_key(tx, parked.key, parked.position, until, reaction.types)

    async def requeue(self, follower: str, key: str) -> Parked | None:
        """Handle what waits, in order. None: all of it; else where and why the key is parked now.

        Raises errors that are to be retried. The key is freed only at a moment when the cursor stands where the last
        look at it ended: a fact that is passed over because its key is parked can never be missed by both.
        """
        reaction = self._named(follower)
        done = 0
        while True:
            async with self.store.begin() as tx:
                cursor = await tx.followers.lock_cursor(follower)
                found = await tx.followers.parked(follower, [key])
                if not found:
                    return None
                start = max(found[0].position, done + 1)
                waiting = await self.feed.read_key(tx, key, start, cursor, reaction.types)
                if not waiting:
                    await tx.followers.unpark(follower, key)
                    return None
            for arrival in waiting:
                if (reason := await self._handle(reaction, arrival)) is not None:
                    still = Parked(follower, key, arrival.position, reason, self.clock())
                    async with self.store.begin() as tx:
                        await tx.followers.lock_cursor(follower)
                        await tx.followers.park(still)
                    return still
                done = arrival.position

    def _named(self, follower: str) -> Reaction:
        return next(reaction for reaction in self.reactions if reaction.follower == follower)
