"""Time is handed in, so that a test or a replay can say what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment, always with a UTC offset."""


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)
