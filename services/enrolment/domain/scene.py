"""What an evaluation may look at: the trial, the findings, and the day whose latest values count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from contracts.events.enrolment import Input
from contracts.protocol.findings import GATE_DATE
from contracts.protocol.model import Protocol
from services.enrolment.domain.findings import Observation, Observations, Value, read, supplied


class Why(StrEnum):
    """Why a field decides nothing."""

    NOT_RECORDED = "NOT_RECORDED"
    TOO_OLD = "TOO_OLD"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True, slots=True)
class Missing:
    """A field whose value would decide, and why it does not."""

    field: str
    why: Why


@dataclass(frozen=True, slots=True)
class Found:
    """The value of a field that counts, and where it came from."""

    observation: Observation
    value: Value

    @property
    def input(self) -> Input:
        """As evidence of a verdict."""
        finding = self.observation.finding
        return Input(
            field=finding.field,
            value=finding.value,
            unit=finding.unit,
            observed_on=finding.observed_on,
            event_id=self.observation.event_id,
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment of a subject. Values observed after `at` do not exist here; `max_age_days` makes older ones too old."""

    protocol: Protocol
    observations: Observations
    at: date
    max_age_days: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def look_up(self, name: str) -> Found | Missing:
        """The value of a field that counts now, or why there is none."""
        held = self.observations.latest(name, self.at)
        if held is None:
            return Missing(name, Why.NOT_RECORDED)
        limit = self.max_age_days.get(name)
        if limit is not None and (self.at - held.finding.observed_on).days > limit:
            return Missing(name, Why.TOO_OLD)
        return self._found(held)

    def look_up_on(self, name: str, day: date) -> Found | None:
        """The value of a field recorded for exactly that day."""
        held = self.observations.on(name, day)
        return self._found(held) if held is not None else None

    def _found(self, held: Observation) -> Found:
        return Found(held, read(self.protocol.field[held.finding.field], held.finding.value))


def scene(protocol: Protocol, observations: Observations, context: Iterable[Observation], at: date) -> Scene:
    """The findings, and what the trial itself knows, as they stand on the day of a gate."""
    return Scene(protocol, observations.plus([*context, supplied(GATE_DATE, at, at)]), at)
