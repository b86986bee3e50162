"""Randomize: ask enrolment, then one append."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from contracts.events.envelope import Provenance
from contracts.events.randomization import RandomizationRefused, Remedy
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.health import Condition
from services.chassis.refusal import Json, Refused
from services.chassis.sealing.port import SealBroken, UnknownKek
from services.randomizer.custody import SeedNotAsCommitted
from services.randomizer.domain import decide
from services.randomizer.domain.commands import Randomize
from services.randomizer.domain.draws import SeedTooWeak
from services.randomizer.domain.state import INITIAL, Status, allocation_stream, evolve, refusals_stream
from services.randomizer.handlers.context import Context
from services.randomizer.listed import ListNotAsSigned
from services.randomizer.views import RandomizationView

RECORDED_STATUSES: Final = frozenset({409, 422})
"""Refusals that say something about the subject or the trial. The others say that the question was wrong."""

LONGEST_REMEDY: Final = 500
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


async def randomize(ctx: Context, study: str, subject: str, command: CommandId, provenance: Provenance) -> Outcome:
    """Ask enrolment, then one append that holds all facts or none. A refusal is recorded and uses no place."""
    if answered := await ctx.facts.answered(command):
        return answered
    ctx.protocol(study)
    try:
        return await _allocate(ctx, study, subject, command, provenance)
    except Refused as refused:
        # The same command may have been answered while this copy of it was under way: then that answer stands.
        if answered := await ctx.facts.answered(command):
            return answered
        if refused.refusal.status in RECORDED_STATUSES:
            await _record(ctx, study, subject, refused, command, provenance)
        raise


async def seeds_open(ctx: Context) -> Condition:
    """Readiness: each open allocation can draw. Better known now than when a subject waits for an arm."""
    closed: list[Json] = []
    for study in ctx.protocols:
        state = await ctx.allocation(study)
        if state.status in (Status.ACTIVE, Status.PAUSED):
            try:
                await ctx.custodian.draws(state)
            except (SeedNotAsCommitted, SeedTooWeak, ListNotAsSigned, SealBroken, UnknownKek, Refused):
                closed.append(study)
    return Condition.failed(sealed=closed) if closed else Condition.ok()


async def _allocate(ctx: Context, study: str, subject: str, command: CommandId, provenance: Provenance) -> Outcome:
    stream, today = allocation_stream(study), ctx.today(study)
    before = await ctx.allocation(study)
    decide.allocatable(before, subject)
    await ctx.custodian.draws(before)  # a seed that does not open is found before anybody is authorized
    # The day is part of the key: a repetition on a later day needs a verdict of that day.
    authorization = await ctx.enrolment.authorize(study, subject, _derived(command, "authorization", today.isoformat()))
    protocol = ctx.named_by(study, authorization)
    cmd = Randomize(study, subject, authorization, protocol.criteria_version, protocol.sha256, provenance.actor, today)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve)
        decide.allocatable(state, subject)
        # Hazard: the allocation may have been amended since, and another version draws from another seed.
        facts = decide.randomize(state, cmd, await ctx.custodian.draws(state))
        *_, randomized, arm = facts
        *_, event_id, _ = unit.append(stream, facts, occurred_on=today, causation_id=str(authorization.event_id))
        return Answer(201, RandomizationView.recorded(randomized, arm, event_id).as_json())

    return await ctx.facts.transact(command, provenance, work, in_turn=stream)


async def _record(
    ctx: Context, study: str, subject: str, refused: Refused, command: CommandId, provenance: Provenance
) -> None:
    """Write down that a request was refused: once per command and reason, however often it is repeated."""
    stream, today, remedies = refusals_stream(study, subject), ctx.today(study), _remedies(refused)
    reasons = [one.reason for one in remedies]

    async def work(unit: Unit) -> Answer:
        await unit.load(stream, None, lambda state, _: state)
        fact = RandomizationRefused(
            study=study, subject=subject, code=reasons[0], refused_on=today, remedies=tuple(remedies)
        )
        unit.append(stream, [fact], occurred_on=today, reason=", ".join(reasons))
        return Answer(refused.refusal.status, {"code": reasons[0]})

    once = CommandId(_derived(command, "refused", *reasons), command.request_hash)
    await ctx.facts.transact(once, provenance, work, in_turn=stream)


def _remedies(refused: Refused) -> list[Remedy]:
    """Why, in the words of the catalogue (digest 5.2), the one that decides first, and what would change each.

    Enrolment's refusal is one for all that stands in the way and names its reasons; ours are named as they are.
    """
    reasons, told = refused.detail.get("reasons"), refused.detail.get("remedies")
    remedies = told if isinstance(told, Mapping) else {}
    named = (
        [one for one in reasons if isinstance(one, str) and _CODE.fullmatch(one)] if isinstance(reasons, list) else []
    )
    return [
        Remedy(reason=reason, remedy=str(remedies.get(reason) or refused.refusal.remedy)[:LONGEST_REMEDY])
        for reason in named or [refused.refusal.code.replace("-", "_").upper()]
    ]


def _derived(command: CommandId, *purpose: str) -> str:
    """A key of our own that is as much the caller's as theirs: the same for a repetition, another for anybody else."""
    return sha256("/".join((command.key, *purpose)).encode()).hexdigest()
