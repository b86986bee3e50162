"""Balance by arm, margin and stratum: for the unblinded statistician, who takes no other part in the trial."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import numpy
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.events.randomization import StratumLevel
from contracts.vocabulary.identifiers import StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.as_of import AsOfParameter
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import POSITION_HEADER
from services.randomizer.domain import refusals
from services.randomizer.domain.configuration import Configuration
from services.randomizer.handlers.balance import Balance, arrivals, sites
from services.randomizer.policy import READ_BALANCE
from services.randomizer.routes.closed import refuse_open_roles_beside
from services.randomizer.routes.common import Ctx
from services.randomizer.simulation.envelope import Part, Where

router = APIRouter()

SEED: Final = 1
MAX_SEED: Final = 2**53 - 1
"""What every reader of JSON holds exactly."""


class GroupView(BaseModel):
    """The whole trial (no levels), one level of a factor, or a stratum."""

    levels: Sequence[StratumLevel]
    counts: Mapping[str, int] = Field(description="subjects by arm")
    imbalance: float = Field(description="largest minus smallest count, each divided by the arm's share in the ratio")
    between: Mapping[str, tuple[int, int]] | None = Field(
        description="counts by arm in the middle 95 % of the simulated trials"
    )
    imbalance_p95: float | None = Field(description="what 95 % of the simulated trials do not pass")
    p_value: float | None = Field(description="probability under the live design of an imbalance as large")
    outside: bool | None = Field(description="whether the imbalance lies outside the envelope; null: not simulated")


class RunsView(BaseModel):
    """Stretches of one arm in the order of randomization. Too few: sorted; too many: alternating."""

    runs: int
    p_value: float | None = Field(
        description="Wald and Wolfowitz, exact, if every order of these arms were as likely; null above 400 subjects."
        " Blocks alternate more than that: read it beside the next one"
    )
    expected: float | None = Field(description="mean under the live design")
    p_value_design: float | None = Field(description="two-sided, under the live design, simulated")


class SimulatedView(BaseModel):
    """What it takes to compute the envelope again: `numpy` is the version whose generator was used."""

    trials: int
    seed: int
    numpy: str
    outside_expected: float = Field(description="groups outside in the mean, of a faultless trial")
    outside_p_value: float = Field(description="probability under the live design of as many groups outside")


class VersionView(BaseModel):
    """A version of the configuration; it simulates the subjects that it allocated."""

    version: int
    strategy: str
    configuration_sha256: str
    randomized: int


class BalanceView(BaseModel):
    """Observed balance beside the envelope: the real order of arrival, allocated again by the live design."""

    study: StudyId
    position: int = Field(description="of the last fact of the allocation that is counted")
    randomized: int
    versions: Sequence[VersionView]
    groups: Sequence[GroupView] = Field(description="the whole, then margins, then strata that have a subject")
    outside: int | None = Field(description="groups outside; null: not simulated")
    runs: RunsView
    simulated: SimulatedView | None
    not_simulated_because: str | None


class LevelView(BaseModel):
    """A level and how many subjects have it."""

    level: str
    randomized: int


class FactorView(BaseModel):
    """A stratification factor, its levels in the order of the configuration."""

    factor: str
    levels: Sequence[LevelView]


class PrevalencesView(BaseModel):
    """How common each level is among the randomized. Without arms: it is what a design is simulated on."""

    study: StudyId
    position: int
    randomized: int
    sites: int = Field(description="that have randomized a subject")
    factors: Sequence[FactorView]


async def _reader(request: Request, who: Annotated[Who, may(READ_BALANCE)]) -> Who:
    """The unblinded statistician, without an open role beside it (ruling 20)."""
    refuse_open_roles_beside(request, who, READ_BALANCE)
    return who


@router.get("/allocation/balance", responses=problems(refusals.BALANCE))
async def get_balance(
    study: StudyId,
    _: Annotated[Who, Depends(_reader)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
    seed: Annotated[int, Query(ge=0, le=MAX_SEED, description="another seed is another simulation")] = SEED,
) -> BalanceView:
    """Counts by arm, overall, in every margin and stratum, beside what the live design gives these very subjects.

    Of the groups of a faultless trial up to 5 % lie outside by chance: `outside_p_value` looks at all of them together.
    """
    ctx.protocol(study)
    loaded = await arrivals(ctx.facts, study, at)
    found = await ctx.balances.of(study, loaded.position, seed, loaded.state)
    response.headers[POSITION_HEADER] = str(loaded.published)  # the last fact may be a draft, which nobody hears of
    return _shown(study, found)


@router.get("/allocation/prevalences", responses=problems(refusals.BALANCE))
async def get_prevalences(
    study: StudyId, _: Annotated[Who, Depends(_reader)], ctx: Ctx, at: AsOfParameter, response: Response
) -> PrevalencesView:
    """How many subjects of each level are randomized, whatever their arm."""
    ctx.protocol(study)
    loaded = await arrivals(ctx.facts, study, at)
    found, position = loaded.state, loaded.position
    response.headers[POSITION_HEADER] = str(loaded.published)
    config, levels = found.configuration, found.levels
    return PrevalencesView(
        study=study,
        position=position,
        randomized=len(levels),
        sites=sites(found),
        factors=[
            FactorView(
                factor=factor.id,
                levels=[
                    LevelView(level=level, randomized=sum(row[place] == n for row in levels))
                    for n, level in enumerate(factor.levels)
                ],
            )
            for place, factor in enumerate(config.factors if config is not None else ())
        ],
    )


def _shown(study: str, found: Balance) -> BalanceView:
    config, simulated = found.arrivals.configuration, found.envelope
    parts: Sequence[Part | None] = simulated.parts if simulated is not None else [None] * len(found.groups)
    return BalanceView(
        study=study,
        position=found.position,
        randomized=len(found.arrivals.subjects),
        versions=[
            VersionView(
                version=one.version,
                strategy=one.configuration.strategy,
                configuration_sha256=one.configuration.sha256,
                randomized=one.randomized,
            )
            for one in found.arrivals.versions
        ],
        groups=[
            _group(config, group.where, group.counts, float(group.imbalance), part)
            for group, part in zip(found.groups, parts, strict=True)
            if config is not None
        ],
        outside=simulated.outside if simulated is not None else None,
        runs=RunsView(
            runs=found.runs,
            p_value=None if found.runs_p_value is None else float(found.runs_p_value),
            expected=simulated.runs_expected if simulated is not None else None,
            p_value_design=simulated.runs_p_value if simulated is not None else None,
        ),
        simulated=None
        if simulated is None
        else SimulatedView(
            trials=found.trials,
            seed=found.seed,
            numpy=numpy.__version__,
            outside_expected=simulated.outside_expected,
            outside_p_value=simulated.outside_p_value,
        ),
        not_simulated_because=found.because,
    )


def _group(
    config: Configuration, where: Where, counts: Sequence[int], imbalance: float, part: Part | None
) -> GroupView:
    arms = [arm.code for arm in config.arms]
    return GroupView(
        levels=[StratumLevel(factor=config.factors[f].id, level=config.factors[f].levels[at]) for f, at in where],
        counts=dict(zip(arms, counts, strict=True)),
        imbalance=imbalance,
        between=None if part is None else dict(zip(arms, part.between, strict=True)),
        imbalance_p95=None if part is None else part.imbalance_p95,
        p_value=None if part is None else part.p_value,
        outside=None if part is None else part.outside,
    )
