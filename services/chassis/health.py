"""What a service says about its own condition: named checks, asked together, each with a deadline."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from services.chassis.refusal import Json


class Status(StrEnum):
    """`DEGRADED`: it still answers, but somebody should look. `FAILED`: it must not receive requests."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


_WORST_FIRST: Final = (Status.FAILED, Status.DEGRADED, Status.OK)


@dataclass(frozen=True, slots=True)
class Condition:
    """The outcome of one check. `detail` is public: positions, counts and names, never what a person typed."""

    status: Status
    detail: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def ok(cls, **detail: Json) -> "Condition":
        """Nothing to see."""
        return cls(Status.OK, detail)

    @classmethod
    def degraded(cls, **detail: Json) -> "Condition":
        """It answers, but not as it should."""
        return cls(Status.DEGRADED, detail)

    @classmethod
    def failed(cls, **detail: Json) -> "Condition":
        """It cannot do its work."""
        return cls(Status.FAILED, detail)


Check = Callable[[], Awaitable[Condition]]


@dataclass(frozen=True, slots=True)
class Report:
    """All checks of one kind; `status` is that of the worst of them."""

    status: Status
    checks: Mapping[str, Condition]

    def as_json(self) -> dict[str, Json]:
        """The form in which the health endpoints show it."""
        return {
            "status": self.status.value,
            "checks": {
                name: {**condition.detail, "status": condition.status.value} for name, condition in self.checks.items()
            },
        }


class HealthChecks:
    """The checks of one service.

    Ready: can it take requests. Consistency: does it hold exactly what its sources have recorded. They are apart
    because a read model with a hole must be shown to people, and still answers.
    """

    def __init__(self, *, deadline: float = 2.0) -> None:
        self._deadline = deadline
        self._ready: dict[str, Check] = {}
        self._consistency: dict[str, Check] = {}

    def ready_when(self, name: str, check: Check) -> None:
        """Register a condition for taking requests."""
        _add(self._ready, name, check)

    def consistent_when(self, name: str, check: Check) -> None:
        """Register a proof of completeness."""
        _add(self._consistency, name, check)

    async def ready(self) -> Report:
        """Ask every readiness check."""
        return await self._ask(self._ready)

    async def consistency(self) -> Report:
        """Ask every consistency check."""
        return await self._ask(self._consistency)

    async def _ask(self, checks: Mapping[str, Check]) -> Report:
        conditions = await asyncio.gather(*(self._one(check) for check in checks.values()))
        found = {condition.status for condition in conditions}
        worst = next((status for status in _WORST_FIRST if status in found), Status.OK)
        return Report(worst, dict(zip(checks, conditions, strict=True)))

    async def _one(self, check: Check) -> Condition:
        """A check that hangs or breaks has failed; its message may quote data, so only its type is shown."""
        try:
            async with asyncio.timeout(self._deadline):
                return await check()
        except TimeoutError:
            return Condition.failed(because="no answer in time", seconds=self._deadline)
        except Exception as error:
            return Condition.failed(because="the check broke", error=type(error).__name__)


def _add(checks: dict[str, Check], name: str, check: Check) -> None:
    if name in checks:
        raise ValueError(f"there is a check {name!r} already")
    checks[name] = check
