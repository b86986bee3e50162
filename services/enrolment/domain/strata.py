"""The stratum of a subject: one level per factor, by rule from dated raw values, never from a caller (ruling 7)."""

from collections.abc import Iterable, Mapping
from datetime import date

from contracts.events.enrolment import FactorLevel
from contracts.protocol.model import Protocol
from services.enrolment.domain.expressions import level_of
from services.enrolment.domain.findings import Observation, Observations
from services.enrolment.domain.scene import Missing, scene


class StrataUnknown(Exception):
    """At least one factor has no level. `missing` names per factor what would give it one."""

    def __init__(self, missing: Mapping[str, tuple[Missing, ...]]) -> None:
        super().__init__("; ".join(f"{factor}: {', '.join(g.field for g in gaps)}" for factor, gaps in missing.items()))
        self.missing = missing


def derive(
    protocol: Protocol, observations: Observations, context: Iterable[Observation], at: date
) -> tuple[FactorLevel, ...]:
    """The level of every factor in the order of the protocol file, each with its inputs and their events.

    Raises StrataUnknown rather than leaving a factor out.
    """
    seen = scene(protocol, observations, context, at)
    levels: list[FactorLevel] = []
    missing: dict[str, tuple[Missing, ...]] = {}
    for factor in protocol.factors:
        level = level_of(factor, seen)
        if level.code is None:
            missing[factor.id] = level.missing
        else:
            levels.append(FactorLevel(factor=factor.id, level=level.code, inputs=level.inputs))
    if missing:
        raise StrataUnknown(missing)
    return tuple(levels)
