"""The loop that delivers: every subscription by itself, in the order of the log, one at a time."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.registry import canonical
from services.chassis.background import Backoff, pause
from services.chassis.clock import Clock
from services.chassis.facts import Facts
from services.chassis.log.port import LogError
from services.chassis.refusal import Refused
from services.chassis.sealing.sealer import Sealer
from services.chassis.unavailable import Unavailable
from services.chassis.webhooks.port import PURPOSE, Attempt, Deliveries, Subscription
from services.chassis.webhooks.sending import GONE, Sender

_logger = logging.getLogger(__name__)
AT_ONCE: Final = 100
"""Events read for one subscription before its lease is renewed."""

Told = Callable[[Subscription, Envelope[Fact]], Awaitable[bool]]
"""Whether a fact is for a subscription, which has asked for its type: whose it is, and whether it may still be told."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, and how many subscriptions are served at a time."""

    lease: float = 60.0
    """Longer than a delivery may take: it is renewed between two of them."""
    retry: float = 5.0
    longest: float = 3600.0
    give_up: float = 72 * 3600.0
    idle: float = 1.0
    together: int = 8


def message(envelope: Envelope[Fact]) -> bytes:
    """A fact as it is told: the contract's own form, without sealed texts, and where it stands in the log."""
    fact = envelope.fact.published()
    return canonical(
        {
            "type": fact.type_name,
            "version": fact.type_version,
            "id": str(envelope.event_id),
            "position": envelope.position,
            "timestamp": envelope.recorded_at.isoformat(),
            "occurred_on": envelope.occurred_on.isoformat() if envelope.occurred_on else None,
            "data": fact.model_dump(mode="json"),
        }
    )


@dataclass(slots=True)
class Deliverer:
    """Delivers what is due as long as it runs; replicas share the work by leases.

    At least once: what was sent when a process died is sent again. In order: nothing of a subscription is sent before
    all that precedes it was received. A process that stood still for longer than its lease may repeat one fact late;
    its position tells the receiver that it is an old one.
    """

    facts: Facts
    kept: Deliveries
    sealer: Sealer
    sender: Sender
    told: Told
    clock: Clock
    pace: Pace = field(default_factory=Pace)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Deliver until `stop`. Errors of the log and the database are retried for ever."""
        self._stopping.clear()
        busy: set[asyncio.Task[None]] = set()
        backoff = Backoff()
        while not self._stopping.is_set():
            try:
                head = (await self.facts.log.head()).position
                room = len(busy) < self.pace.together
                held = await self.kept.claim(head, self.pace.lease) if room else None
                if held is not None:
                    busy.add(task := asyncio.create_task(self._serve(held)))
                    task.add_done_callback(busy.discard)
                elif await pause(self._stopping, 0.02):
                    break
                else:
                    await self._rest(head)
                backoff.reset()
            except (LogError, Unavailable) as error:
                _logger.warning("webhooks: %s, trying again", type(error).__name__)
                await pause(self._stopping, backoff.next())
        await asyncio.gather(*busy, return_exceptions=True)

    def stop(self) -> None:
        """Ask `run` to finish what is being sent and return."""
        self._stopping.set()

    async def _rest(self, head: int) -> None:
        """Until something is recorded or may be tried again, or the loop is told to stop."""
        waiting = [
            asyncio.ensure_future(self.facts.log.appended(head, self.pace.idle)),
            asyncio.ensure_future(self._stopping.wait()),
        ]
        try:
            await asyncio.wait(waiting, timeout=self.pace.idle, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _serve(self, held: Subscription) -> None:
        try:
            await self._deliver(held)
        except (LogError, Unavailable) as error:
            _logger.warning("webhook %s: %s", held.id, type(error).__name__)  # its lease runs out by itself
        except Exception as error:  # one subscription must not end the others, nor be tried without a pause
            _logger.error("webhook %s: %s", held.id, type(error).__name__)
            await self.kept.failed(held, self.pace.longest, self.pace.give_up, None)

    async def _deliver(self, held: Subscription) -> None:
        """Everything that is there, until the receiver fails or somebody else moves the cursor."""
        try:
            secret = await self.sealer.unseal(held.secret, purpose=PURPOSE)
        except Refused:
            await self.kept.failed(held, 0, self.pace.give_up, "secret-destroyed")
            return
        while not self._stopping.is_set():
            events = await self.facts.log.read(held.cursor, AT_ONCE)
            if not events:
                break
            for event in events:
                envelope = self.facts.envelope(event) if event.type in held.types else None
                if envelope is None or not await self.told(held, envelope):
                    continue
                if not await self._send(held, envelope, secret):
                    return
                moved = await self.kept.advance(held, event.position, self.pace.lease, delivered=True)
                if moved is None or self._stopping.is_set():
                    await self.kept.release(held)
                    return
                held = moved
            if held.cursor < events[-1].position:
                moved = await self.kept.advance(held, events[-1].position, self.pace.lease, delivered=False)
                if moved is None:
                    break
                held = moved
        await self.kept.release(held)

    async def _send(self, held: Subscription, envelope: Envelope[Fact], secret: str) -> bool:
        started, at = time.monotonic(), self.clock()
        answered = await self.sender.send(
            held.url, secret, str(envelope.event_id), int(at.timestamp()), message(envelope)
        )
        taken = round((time.monotonic() - started) * 1000)
        tried = Attempt(envelope.position, envelope.event_id, at, answered.status, answered.error, taken)
        await self.kept.note(held, tried)
        if not answered.received:
            backoff = min(self.pace.retry * 2.0 ** min(held.failures, 20), self.pace.longest)
            gone = "receiver-gone" if answered.status == GONE else None
            await self.kept.failed(held, backoff, self.pace.give_up, gone)
        return answered.received
