"""Figures by arm, for the unblinded statistician and the safety board. Nothing else reads an arm (ruling 20)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from pydantic import BaseModel, Field

from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Reader
from contracts.vocabulary.identifiers import StudyId
from services.analytics.domain import dcr, flow
from services.analytics.domain.allocation import Allocated
from services.analytics.domain.dossier import Dossier
from services.analytics.projections import ALLOCATED, DOSSIERS
from services.analytics.shapes import DcrFigure, Definition, StandsOn
from services.analytics.views import Context


class ArmDcr(BaseModel):
    """Disease control of one arm."""

    arm: str = Field(examples=["A"])
    name: str
    figure: DcrFigure


class DcrByArm(BaseModel):
    """Disease control by arm. The arms and `arm_on_its_way` together are all randomized subjects."""

    study: StudyId
    definition: Definition
    arms: list[ArmDcr]
    arm_on_its_way: int = Field(description="randomized, and the arm is not known here yet")
    stands_on: StandsOn


class ArmFlow(BaseModel):
    """What follows randomization in one arm."""

    arm: str = Field(examples=["A"])
    name: str
    randomized: int
    cycles: dict[int, int] = Field(description="subjects by cycle given after randomization", examples=[{3: 71, 4: 66}])
    assessed: dict[str, int] = Field(description="subjects with a scan made for the timepoint", examples=[{"M2": 70}])
    deaths: int


class FlowByArm(BaseModel):
    """Participant flow after randomization, by arm."""

    study: StudyId
    arms: list[ArmFlow]
    arm_on_its_way: int = Field(description="randomized, and the arm is not known here yet")
    stands_on: StandsOn


async def disease_control(ctx: Context, study: str, reader: Reader, wanted: date | None) -> DcrByArm:
    """Disease control at six months by arm, as allocated."""
    protocol = ctx.protocol(study)
    rule, as_of = ctx.rule(protocol, reader), ctx.cut_off(protocol, wanted)
    groups, _, stands_on = await _read(ctx, protocol)
    return DcrByArm(
        study=study,
        definition=Definition.of(rule, as_of),
        arms=[
            ArmDcr(arm=arm.code, name=arm.name, figure=DcrFigure.of(dcr.count(groups[arm.code], rule, as_of), rule))
            for arm in protocol.arms
        ],
        arm_on_its_way=len(dcr.randomized_by(groups[None], as_of)),
        stands_on=stands_on,
    )


async def participant_flow(ctx: Context, study: str) -> FlowByArm:
    """What follows randomization, by arm."""
    protocol = ctx.protocol(study)
    groups, treated, stands_on = await _read(ctx, protocol)
    arms = []
    for arm in protocol.arms:
        found = flow.arm_flow(groups[arm.code], protocol, Reader.INVESTIGATOR)
        arms.append(
            ArmFlow(
                arm=arm.code,
                name=arm.name,
                randomized=found.randomized,
                cycles=exposure(groups[arm.code], treated, protocol),
                assessed=dict(found.assessed),
                deaths=found.deaths,
            )
        )
    return FlowByArm(study=study, arms=arms, arm_on_its_way=len(groups[None]), stands_on=stands_on)


def exposure(dossiers: Iterable[Dossier], treated: Mapping[str, Collection[int]], protocol: Protocol) -> dict[int, int]:
    """How many of these subjects were given each cycle that follows randomization.

    By arm alone: in an open count, one more after a week in which one subject was randomized tells its arm.
    """
    given = [treated.get(dossier.subject, ()) for dossier in dossiers]
    after = [cycle.number for cycle in protocol.cycles if cycle.phase == "randomized"]
    return {number: sum(number in cycles for cycles in given) for number in after}


async def _read(
    ctx: Context, protocol: Protocol
) -> tuple[Mapping[str | None, list[Dossier]], Mapping[str, Collection[int]], StandsOn]:
    async with ctx.reading.snapshot(protocol.study.id) as snapshot:
        dossiers = await snapshot.states(DOSSIERS)
        allocated = await snapshot.states(ALLOCATED)
        standing = await snapshot.standing()
    treated = {each.subject: frozenset(each.cycles.values()) for each in allocated}
    return by_arm(dossiers, allocated, protocol), treated, StandsOn.of(standing, protocol)


def by_arm(
    dossiers: Iterable[Dossier], allocated: Iterable[Allocated], protocol: Protocol
) -> Mapping[str | None, list[Dossier]]:
    """Randomized subjects by the arm they were allocated to; under None those whose arm is not known (yet)."""
    arm_of = {each.subject: each.arm for each in allocated}
    groups: dict[str | None, list[Dossier]] = {arm.code: [] for arm in protocol.arms} | {None: []}
    for dossier in dossiers:
        if dossier.randomized_on is not None:
            arm = arm_of.get(dossier.subject)
            groups[arm if arm in groups else None].append(dossier)
    return groups
