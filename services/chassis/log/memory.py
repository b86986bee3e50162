"""The log as a model in memory: what PostgreSQL must be indistinguishable from, and what fast tests run on."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from services.chassis.clock import Clock, system_clock
from services.chassis.log.plan import LogState, plan
from services.chassis.log.port import (
    Batch,
    Head,
    LogError,
    Recorded,
    StoredAnswer,
    StoredEvent,
    StoredMessage,
)


class MemoryLog:
    """A `Log` that forgets when its process ends."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
        self._state = LogState.empty(datetime(1970, 1, 1, tzinfo=UTC))
        self._events: list[StoredEvent] = []
        self._messages: list[StoredMessage] = []
        self._grown = asyncio.Condition()

    async def append(self, batch: Batch) -> Recorded:
        """See `Log.append`."""
        result = plan(self._state, [batch], self._clock())
        self._events += result.events
        self._messages += result.messages
        (verdict,) = result.verdicts
        if isinstance(verdict, LogError):
            raise verdict
        async with self._grown:
            self._grown.notify_all()
        return verdict

    async def answer(self, key: str) -> StoredAnswer | None:
        """See `Log.answer`."""
        return self._state.answers.get(key)

    async def read_stream(
        self, stream: str, *, after: int = 0, until: int | datetime | None = None
    ) -> Sequence[StoredEvent]:
        """See `Log.read_stream`."""
        return [
            event
            for event in self._events
            if event.stream == stream and event.version > after and _known_at(event, until)
        ]

    async def read(self, after: int, limit: int) -> Sequence[StoredEvent]:
        """See `Log.read`."""
        return self._events[after : after + limit]

    async def read_outbox(self, after: int, limit: int) -> Sequence[StoredMessage]:
        """See `Log.read_outbox`."""
        return self._messages[after : after + limit]

    async def last_message(self, topic: str, until: int) -> StoredMessage | None:
        """See `Log.last_message`."""
        of_topic = [message for message in self._messages if message.topic == topic and message.out_pos <= until]
        return of_topic[-1] if of_topic else None

    async def head(self) -> Head:
        """See `Log.head`."""
        return Head(self._state.position, self._state.out_pos, self._state.hash)

    async def appended(self, after: int, timeout: float) -> bool:
        """See `Log.appended`."""
        async with self._grown:
            try:
                async with asyncio.timeout(timeout):
                    await self._grown.wait_for(lambda: self._state.position > after)
            except TimeoutError:
                return False
        return True


def _known_at(event: StoredEvent, until: int | datetime | None) -> bool:
    match until:
        case None:
            return True
        case int():
            return event.position <= until
        case _:
            return event.recorded_at <= until
