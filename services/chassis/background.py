"""What every background loop needs: a growing pause after a failure, and a wait that a stop cuts short."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

_logger: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Backoff:
    """Pauses in seconds that double from `shortest` to `longest`, each spread over its upper half.

    Without the spread, all consumers of a broker that comes back would knock in the same instant.
    """

    shortest: float = 0.05
    longest: float = 5.0
    spread: Callable[[], float] = random.random
    _failures: int = field(default=0, init=False)

    def next(self) -> float:
        """The pause after one more failure in a row."""
        pause = min(self.shortest * 2.0 ** min(self._failures, 32), self.longest)
        self._failures += 1
        return pause * (0.5 + 0.5 * self.spread())

    def reset(self) -> None:
        """Something worked."""
        self._failures = 0


async def pause(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait, unless the loop is told to stop. True if it is."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
    return stopping.is_set()


class Repeated:
    """A loop that does something every so many seconds, first after the first of them.

    What fails is logged by the name of its error, and tried again after a pause that grows with each failure.
    """

    def __init__(self, name: str, work: Callable[[], Awaitable[object]], seconds: float) -> None:
        self._name, self._work, self._seconds = name, work, seconds
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Go on until `stop`."""
        backoff = Backoff(shortest=min(1.0, self._seconds), longest=max(60.0, self._seconds))
        wait = self._seconds
        while not await pause(self._stopping, wait):
            try:
                await self._work()
            except Exception as error:
                _logger.warning("%s failed: %s", self._name, type(error).__name__)
                wait = backoff.next()
            else:
                backoff.reset()
                wait = self._seconds

    def stop(self) -> None:
        """End after what is in hand."""
        self._stopping.set()


class Watermark:
    """A position that only grows, and a way to wait for it within this process.

    Other processes move the position too: a waiter must look again when its time is over.
    """

    def __init__(self) -> None:
        self._value = 0
        self._grown = asyncio.Condition()

    @property
    def value(self) -> int:
        """The highest position seen here."""
        return self._value

    async def raise_to(self, value: int) -> None:
        """Wake those who wait for anything up to `value`."""
        async with self._grown:
            self._value = max(self._value, value)
            self._grown.notify_all()

    async def past(self, value: int, timeout: float) -> bool:
        """Wait until the position is past `value`, at most `timeout` seconds. True if it is."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout), self._grown:
                await self._grown.wait_for(lambda: self._value > value)
        return self._value > value
