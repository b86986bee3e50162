"""A calendar that embedded mode may turn, to play a trial in a minute. No service knows that it is not the real one."""

import time
from datetime import UTC, date, datetime, timedelta

from services.chassis.clock import system_clock


class TurnableClock:
    """The system's clock until a day is set; from then on that day, running at normal speed from eight in the morning.

    Tokens, leases and timeouts never use it: only what services call "now" in facts.
    """

    def __init__(self) -> None:
        self._set: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        """Now, UTC."""
        if self._set is None:
            return system_clock()
        start, since = self._set
        return start + timedelta(seconds=time.monotonic() - since)

    def set_day(self, day: date) -> None:
        """Make it that day."""
        self._set = (datetime(day.year, day.month, day.day, 8, tzinfo=UTC), time.monotonic())

    def release(self) -> None:
        """Back to the real time."""
        self._set = None
