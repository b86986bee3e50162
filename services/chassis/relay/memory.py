"""A relay's cursor and broker as models in memory, for fast tests of what the real ones must do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zlib import crc32

from contracts.events.wire import (
    Announcement,
    Headers,
    Mark,
    Message,
    Places,
    relay_headers,
    to_headers,
    value_of,
)
from services.chassis.clock import Clock, system_clock
from services.chassis.relay.port import CursorState, Fenced, Lease, SendFailed


@dataclass(slots=True)
class MemoryCursor:
    """A `Cursor` that forgets when its process ends."""

    clock: Clock = system_clock
    _state: CursorState = field(default_factory=lambda: CursorState(0, 0, None, None, None, 0))

    async def acquire(self, owner: str, seconds: float) -> Lease | None:
        """See `Cursor.acquire`."""
        held = self._state
        if held.owner not in (None, owner) and held.lease_until is not None and held.lease_until > self.clock():
            return None
        self._state = replace(held, owner=owner, epoch=held.epoch + 1, lease_until=self._until(seconds))
        return Lease(owner, self._state.epoch, held.out_pos, held.cluster_id)

    async def renew(self, lease: Lease, seconds: float) -> None:
        """See `Cursor.renew`."""
        self._fence(lease)
        self._state = replace(self._state, lease_until=self._until(seconds))

    async def move(self, lease: Lease, out_pos: int, cluster_id: str, seconds: float) -> Lease:
        """See `Cursor.move`."""
        await self.renew(lease, seconds)
        reached = max(self._state.reached, out_pos)
        self._state = replace(self._state, out_pos=out_pos, cluster_id=cluster_id, reached=reached)
        return replace(lease, out_pos=out_pos, cluster_id=cluster_id)

    async def release(self, lease: Lease) -> None:
        """See `Cursor.release`."""
        if lease.epoch == self._state.epoch:
            self._state = replace(self._state, owner=None, lease_until=None)

    async def state(self) -> CursorState:
        """See `Cursor.state`."""
        return self._state

    def _fence(self, lease: Lease) -> None:
        if lease.epoch != self._state.epoch:
            raise Fenced(f"epoch {lease.epoch}, the newest is {self._state.epoch}")

    def _until(self, seconds: float) -> datetime:
        return self.clock() + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class MemoryRecord:
    """A record of `MemoryBroker`."""

    offset: int
    key: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes


@dataclass(slots=True)
class MemoryBroker:
    """Partitioned logs, each record at the next offset of its key's partition."""

    partitions: int = 3
    cluster_id: str = field(default_factory=lambda: uuid4().hex)
    records: dict[tuple[str, int], list[MemoryRecord]] = field(default_factory=dict)

    def write(self, message: Message) -> None:
        """Append one message."""
        key = message.key.encode()
        self._append(message.topic, crc32(key) % self.partitions, key, to_headers(message), message.value)

    def write_into(self, number: int, record: Mark | Announcement) -> None:
        """Append a relay's own record to one partition."""
        self._append(record.topic, number, None, relay_headers(record), value_of(record))

    def _append(self, topic: str, number: int, key: bytes | None, headers: Headers, value: bytes) -> None:
        partition = self.records.setdefault((topic, number), [])
        partition.append(MemoryRecord(len(partition), key, tuple(headers), value))


@dataclass(slots=True)
class MemoryProducer:
    """A `Producer` for a `MemoryBroker`. `lost` is asked before each message whether it fails."""

    broker: Callable[[], MemoryBroker]
    lost: Callable[[Message | Mark | Announcement], bool] | None = None

    async def start(self) -> None:
        """See `Producer.start`."""

    async def cluster_id(self) -> str:
        """See `Producer.cluster_id`."""
        return self.broker().cluster_id

    async def send(self, messages: Sequence[Message]) -> None:
        """See `Producer.send`. The worst a broker could do: messages behind a lost one are written all the same."""
        broker, failed = self.broker(), 0
        for message in messages:
            if await self._lost(message):
                failed += 1
            else:
                broker.write(message)
        if failed or broker is not self.broker():
            raise SendFailed(f"{failed} of {len(messages)} messages were not acknowledged")

    async def mark(self, topics: Sequence[str], source: str, mark: UUID) -> Mapping[str, int]:
        """See `Producer.mark`."""
        partitions = self.broker().partitions
        await self._everywhere([Mark(topic, source, mark, partitions) for topic in topics])
        return dict.fromkeys(topics, partitions)

    async def announce(self, source: str, mark: UUID, topics: Mapping[str, Places]) -> None:
        """See `Producer.announce`."""
        await self._everywhere([Announcement(topic, source, mark, topics) for topic in topics])

    async def _everywhere(self, records: Sequence[Mark | Announcement]) -> None:
        broker, failed = self.broker(), 0
        for record in records:
            for number in range(broker.partitions):
                if await self._lost(record):
                    failed += 1
                else:
                    broker.write_into(number, record)
        if failed or broker is not self.broker():
            raise SendFailed(f"{failed} of {len(records)} records did not come into every partition")

    async def _lost(self, record: Message | Mark | Announcement) -> bool:
        return self.lost is not None and self.lost(record)

    async def stop(self) -> None:
        """See `Producer.stop`."""
