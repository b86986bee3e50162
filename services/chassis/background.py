"""What every background loop needs: a growing pause after a failure, and a wait that a stop cuts short."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field


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
