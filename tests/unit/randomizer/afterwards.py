"""What happens to a randomizer after subjects are randomized: an enrolment that derives anew, and who says what."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from contracts.events.enrolment import FactorLevel, Input
from contracts.events.envelope import Provenance
from contracts.events.randomization import Annotation, StratumLevel
from services.chassis.facts import Outcome
from services.randomizer.domain.commands import Authorization
from services.randomizer.domain.discrepancies import Annotate, Derived, Resolve
from services.randomizer.handlers import discrepancies

from .service import KindEnrolment, Service, command
from .world import CONFIGURATION, RELUTH, STRATUM, STUDY, TODAY

MONITOR = Provenance(actor="monitor-1", roles=("monitor",))
FIELD = {"F1": "first_progression_on", "F2": "progression_types", "F3": "creatinine", "F4": "intercurrent_therapies"}
"""A field that each factor is derived from."""


def with_inputs(stratum: Sequence[StratumLevel], source: int = 1) -> tuple[FactorLevel, ...]:
    """The levels with the values behind them."""
    return tuple(
        FactorLevel(
            factor=one.factor,
            level=one.level,
            inputs=(Input(field=FIELD[one.factor], value="1", observed_on=TODAY, event_id=UUID(int=source)),),
        )
        for one in stratum
    )


def other_level(stratum: Sequence[StratumLevel], *factors: str) -> tuple[StratumLevel, ...]:
    """The stratum with another level of these factors."""
    levels = {factor.id: factor.levels for factor in CONFIGURATION.factors}
    return tuple(
        one.model_copy(update={"level": next(code for code in levels[one.factor] if code != one.level)})
        if one.factor in factors
        else one
        for one in stratum
    )


class VerifyingEnrolment(KindEnrolment):
    """Derives the strata that it is told for a subject, else the usual ones; remembers what it was asked."""

    def __init__(self, now: Mapping[str, Sequence[StratumLevel]] | None = None) -> None:
        super().__init__()
        self.now = dict(now or {})
        self.asked_for_strata: list[tuple[str, date]] = []

    async def authorize(self, study: str, subject: str, key: str) -> Authorization:
        given = await super().authorize(study, subject, key)
        return replace(given, strata=with_inputs(given.strata))

    async def strata_on(self, study: str, subject: str, on: date) -> Derived:
        self.asked_for_strata.append((subject, on))
        for error in (self.failure, self.refusal):
            if error is not None:
                raise error
        levels = with_inputs(self.now.get(subject, STRATUM), source=2)
        return Derived(study, subject, on, RELUTH.criteria_version, RELUTH.sha256, levels)


async def annotate(
    service: Service,
    annotation: Annotation,
    subject: str,
    other: str | None = None,
    *,
    by: Provenance = MONITOR,
    key: str | None = None,
) -> Outcome:
    cmd = Annotate(STUDY, subject, annotation, TODAY, other, TODAY)
    asked = command(key or f"annotate {annotation} {subject} {other}")
    return await discrepancies.annotate(service.ctx, cmd, "Seen at the visit", asked, by)


async def verify(service: Service, subject: str, key: str | None = None) -> Outcome:
    asked = command(key or f"verify {subject}")
    return await discrepancies.verify_strata(service.ctx, STUDY, subject, asked, MONITOR)


async def resolve(service: Service, discrepancy: str, key: str | None = None) -> Outcome:
    cmd = Resolve(STUDY, UUID(discrepancy), TODAY)
    asked = command(key or f"resolve {discrepancy}")
    return await discrepancies.resolve(service.ctx, cmd, "Looked at", asked, MONITOR)
