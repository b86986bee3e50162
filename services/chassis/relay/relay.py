"""The relay: follows the outbox of one service and publishes it, whoever dies in between."""

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import uuid4

from contracts.events.wire import Message, Places
from services.chassis.background import Backoff, pause
from services.chassis.health import Condition
from services.chassis.log.port import Log, LogError, StoredMessage
from services.chassis.relay.port import Cursor, Fenced, Lease, Producer, SendFailed
from services.chassis.unavailable import Unavailable

T = TypeVar("T")
_logger = logging.getLogger(__name__)

LONGEST_BATCH: Final = 500
"""No relay sends more messages than these before it moves the cursor, so no reader holds any that is further on."""


class RelayState(StrEnum):
    """What a relay is doing."""

    STOPPED = "stopped"
    STANDBY = "standby"
    LEADING = "leading"
    RETRYING = "retrying"


@dataclass(slots=True)
class RelayStatus:
    """What health and metrics read. Positions are of the outbox."""

    state: RelayState = RelayState.STOPPED
    out_pos: int = 0
    head: int = 0
    epoch: int = 0
    cluster_id: str | None = None
    published: int = 0
    failures: int = 0
    fenced: int = 0
    republished: int = 0
    announced: int = 0
    last_error: str | None = None

    @property
    def lag(self) -> int:
        """Messages that wait in the outbox."""
        return max(self.head - self.out_pos, 0)

    def condition(self) -> Condition:
        """Not publishing is never a reason to refuse requests: facts are safe in the log."""
        detail = {"state": self.state.value, "lag": self.lag, "published_to": self.out_pos}
        if self.state is RelayState.RETRYING or self.state is RelayState.STOPPED:
            return Condition.degraded(**detail, because=self.last_error)
        return Condition.ok(**detail)


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """Seconds, and messages per batch."""

    batch: int = LONGEST_BATCH
    lease: float = 10.0
    send_timeout: float = 30.0
    poll_shortest: float = 0.02
    poll_longest: float = 0.5
    cluster_check: float = 5.0

    def __post_init__(self) -> None:
        if self.batch > LONGEST_BATCH:
            raise ValueError(f"a batch has at most {LONGEST_BATCH} messages")


@dataclass(slots=True)
class Relay:
    """Publishes the outbox behind `log`, in order, as long as it holds the lease.

    At least once: a message may be sent twice, by this relay after an error or by a paused one that wakes up. Each
    sender sends a contiguous run, so the first copies of all messages are in order whatever the interleaving, and
    consumers drop the second ones by position.

    Before the first message of a term, and on another cluster, it announces in each of `topics` how far its source has
    come: that is how a reader learns that the source's database was restored to an older point.
    """

    log: Log
    cursor: Cursor
    producer: Callable[[], Producer]
    render: Callable[[StoredMessage], Message]
    settings: RelaySettings = field(default_factory=RelaySettings)
    backoff: Backoff = field(default_factory=Backoff)
    owner: str = field(default_factory=lambda: f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}")
    status: RelayStatus = field(default_factory=RelayStatus)
    source: str = ""
    topics: Sequence[str] = ()
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Publish until `stop`. Errors of the log, the cursor and the broker are retried for ever."""
        self._stopping.clear()
        self.status.state = RelayState.STANDBY
        while not self._stopping.is_set():
            try:
                await self._term()
            except Fenced:
                self.status.fenced += 1
                self.status.state = RelayState.STANDBY
                _logger.warning("relay %s: fenced at epoch %d", self.owner, self.status.epoch)
            except (SendFailed, LogError, Unavailable) as error:
                await self._failed(error, str(error) or type(error).__name__)
            except Exception as error:  # a relay that dies unseen is worse than one that retries in plain sight
                _logger.exception("relay %s", self.owner)
                await self._failed(error, type(error).__name__)
        self.status.state = RelayState.STOPPED

    def stop(self) -> None:
        """Ask `run` to publish what is there, give the lease back and return."""
        self._stopping.set()

    async def _failed(self, error: Exception, because: str) -> None:
        self.status.state = RelayState.RETRYING
        self.status.failures += 1
        self.status.last_error = because
        _logger.warning("relay %s: %s: %s", self.owner, type(error).__name__, because)
        await pause(self._stopping, self.backoff.next())

    async def _term(self) -> None:
        """From taking the lease to losing it, or to the first error: then the producer and the cursor are new."""
        lease = await self.cursor.acquire(self.owner, self.settings.lease)
        if lease is None:
            self.status.state = RelayState.STANDBY
            self.status.out_pos = (await self.cursor.state()).out_pos
            self.status.head = (await self.log.head()).out_pos
            await pause(self._stopping, self.settings.lease / 3)
            return
        self.status.out_pos = lease.out_pos
        self.status.head = (await self.log.head()).out_pos  # before the broker is asked: it may be away for long
        producer = self.producer()
        try:
            await producer.start()
            await _Term(self, lease, producer).lead()
        finally:
            await producer.stop()
            if self._stopping.is_set():
                await self.cursor.release(lease)


class _Term:
    """One relay's time with the lease, on one producer."""

    def __init__(self, relay: Relay, lease: Lease, producer: Producer) -> None:
        self._relay, self._lease, self._producer = relay, lease, producer
        self._settings, self._status = relay.settings, relay.status
        self._renewed = self._checked = time.monotonic()

    async def lead(self) -> None:
        """Until told to stop, or until another cluster answers: a client knows too much of the one it began with."""
        await self._begin()
        self._status.epoch = self._lease.epoch
        wait = self._settings.poll_shortest
        while True:
            if not await self._keep():
                return
            head = await self._relay.log.head()
            self._status.head, self._status.out_pos = head.out_pos, self._lease.out_pos
            if head.out_pos < self._lease.out_pos:
                raise LogError(f"the outbox ends at {head.out_pos}, {self._lease.out_pos} were sent: it went back")
            self._status.state, self._status.last_error = RelayState.LEADING, None
            if head.out_pos > self._lease.out_pos:
                await self._publish(await self._relay.log.read_outbox(self._lease.out_pos, self._settings.batch))
                self._relay.backoff.reset()
                wait = self._settings.poll_shortest
                continue
            self._relay.backoff.reset()
            if self._relay._stopping.is_set():
                return
            await self._wait_for_work(head.position, wait)
            wait = min(wait * 2, self._settings.poll_longest)

    async def _wait_for_work(self, position: int, seconds: float) -> None:
        """Until something is appended, the time is over, or the relay is told to stop."""
        grown = asyncio.ensure_future(self._relay.log.appended(position, seconds))
        stopped = asyncio.ensure_future(self._relay._stopping.wait())
        try:
            await asyncio.wait({grown, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if grown.done():
                grown.result()
        finally:
            for waiting in (grown, stopped):
                waiting.cancel()
            await asyncio.gather(grown, stopped, return_exceptions=True)

    async def _publish(self, stored: Sequence[StoredMessage]) -> None:
        first = self._lease.out_pos + 1
        if [message.out_pos for message in stored] != list(range(first, first + len(stored))):
            raise LogError(f"the outbox is not contiguous after {self._lease.out_pos}")
        if not stored:
            raise LogError(f"the outbox ends at {self._lease.out_pos}, before its head")
        await self._send(self._producer.send([self._relay.render(message) for message in stored]))
        last = stored[-1].out_pos
        self._lease = await self._relay.cursor.move(self._lease, last, self._cluster, self._settings.lease)
        self._renewed = time.monotonic()
        self._status.out_pos = last
        self._status.published += len(stored)

    async def _announce(self) -> None:
        """Say in every partition of every topic how far the source has come.

        In two steps: the mark first, and the outbox is read when it stood everywhere. So all that precedes a mark was
        in the outbox when it was read, whoever sent it and however late this relay wakes up in between.
        """
        if not self._relay.topics:
            return
        mark, source = uuid4(), self._relay.source
        partitions = await self._send(self._producer.mark(self._relay.topics, source, mark))
        reached = (await self._relay.cursor.state()).reached
        window = await self._relay.log.read_outbox(reached, LONGEST_BATCH)
        head = (await self._relay.log.head()).out_pos
        places = {topic: await self._places(topic, n, reached, window, head) for topic, n in partitions.items()}
        await self._send(self._producer.announce(source, mark, places))
        self._status.announced += 1

    async def _places(
        self, topic: str, partitions: int, reached: int, window: Sequence[StoredMessage], head: int
    ) -> Places:
        last, newest = [await self._relay.log.last_message(topic, until) for until in (reached, head)]
        stated = [*([last] if last else []), *(message for message in window if message.topic == topic)]
        return Places(
            partitions,
            newest.topic_pos if newest else 0,
            stated[0].topic_pos if stated else 1,
            tuple(message.event.hash.hex() for message in stated),
        )

    async def _send(self, what: Coroutine[Any, Any, T]) -> T:
        """Send while keeping the lease: a slow broker must not cost it."""
        sending = asyncio.ensure_future(what)
        deadline = time.monotonic() + self._settings.send_timeout
        try:
            while not sending.done():
                await asyncio.wait({sending}, timeout=self._settings.lease / 3)
                if not sending.done():
                    if time.monotonic() > deadline:
                        raise SendFailed(f"no acknowledgement within {self._settings.send_timeout:g} s")
                    await self._renew()
            return sending.result()
        finally:
            if not sending.done():
                sending.cancel()
                with contextlib.suppress(asyncio.CancelledError, SendFailed):
                    await sending

    async def _keep(self) -> bool:
        """Renew the lease and look at the cluster, each when it is time; done before the outbox is read.

        After a pause of the whole process (SIGSTOP, a suspended machine) this is where a relay learns that it was
        fenced, before it sends anything. A pause between here and the send is harmless, see `Relay`. False: a client
        reconnects to an address without noticing that another, empty cluster answers there now, so it is asked again
        and again. What the old one acknowledged is gone with it; what was sent to the new one meanwhile is sent again.
        """
        now = time.monotonic()
        if now - self._renewed > self._settings.lease / 3:
            await self._renew()
        if now - self._checked > self._settings.cluster_check:
            self._checked = time.monotonic()
            return await self._producer.cluster_id() == self._cluster
        return True

    async def _renew(self) -> None:
        await self._relay.cursor.renew(self._lease, self._settings.lease)
        self._renewed = time.monotonic()
        self._status.head = (await self._relay.log.head()).out_pos  # what waits grows while a broker keeps us waiting

    async def _begin(self) -> None:
        """Announce, and start again from the first message when the cluster is not the one that was published to."""
        self._cluster = await self._producer.cluster_id()
        self._status.cluster_id = self._cluster
        await self._announce()
        if self._lease.cluster_id == self._cluster:
            return
        if self._lease.cluster_id is not None:
            self._status.republished += 1
            _logger.warning(
                "relay %s: cluster %s instead of %s, publishing everything again",
                self._relay.owner,
                self._cluster,
                self._lease.cluster_id,
            )
        self._lease = await self._relay.cursor.move(self._lease, 0, self._cluster, self._settings.lease)
        self._status.out_pos = 0
