"""The life of an allocation: draft, signatures, activation, pause, closure, lock."""

from collections.abc import Callable, Sequence
from datetime import date

from contracts.events.envelope import Provenance
from contracts.events.fact import Fact
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.refusal import Refused
from services.randomizer import views
from services.randomizer.domain import decide, life
from services.randomizer.domain.commands import ActivateAllocation, ChangeCap, DraftAllocation, SignDraft
from services.randomizer.domain.configuration import configuration, planned_cap
from services.randomizer.domain.refusals import LIST_UNFIT
from services.randomizer.domain.state import INITIAL, Allocation, allocation_stream, evolve, foreseen
from services.randomizer.handlers.context import Context

Decision = Callable[[Allocation, date], Sequence[Fact]]
Saying = Callable[[str, Allocation, Sequence[Fact], Provenance], Answer]
"""What a command is answered with: study, state before, and what was decided by whom."""


async def draft(
    ctx: Context, study: str, list_sha256: str | None, reason: str, command: CommandId, provenance: Provenance
) -> Outcome:
    """Propose what the protocol file describes now as the next version."""
    protocol = ctx.protocol(study)
    cmd = DraftAllocation(configuration(protocol, list_sha256), protocol.protocol_version, protocol.sha256)
    known = (await ctx.allocation(study)).lists.get(list_sha256 or "")
    if known is not None and not await ctx.custodian.lists.fits(cmd.configuration, known):
        raise Refused(LIST_UNFIT, list_sha256=list_sha256)
    return await _changed(ctx, study, lambda s, _: [life.draft(s, cmd)], reason, command, provenance, _newest_draft)


async def sign(ctx: Context, cmd: SignDraft, reason: str, command: CommandId, provenance: Provenance) -> Outcome:
    """One of two signatures under a version."""
    return await _changed(ctx, cmd.study, lambda s, _: [life.sign(s, cmd)], reason, command, provenance, _newest_draft)


async def activate(ctx: Context, study: str, version: int, command: CommandId, provenance: Provenance) -> Outcome:
    """Make a seed, commit to it, have the commitment stamped, and bring the version into force: all or nothing.

    The stamp is asked for before anything is written. Without one there is no activation; a seed that nobody has
    committed to is forgotten.
    """
    if answered := await ctx.facts.answered(command):
        return answered
    stream, protocol = allocation_stream(study), ctx.protocol(study)
    cap = planned_cap(protocol)
    drafted = life.activatable(await ctx.allocation(study), version, protocol.sha256)
    seed = await ctx.custodian.new_seed(study, drafted.configuration.sha256)
    stamp = await ctx.witness.stamp(seed.commitment)
    cmd = ActivateAllocation(study, version, cap, protocol.sha256, seed.text, seed.commitment, stamp, ctx.today(study))

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve)
        facts = life.activate(state, cmd)
        unit.append(stream, facts, occurred_on=cmd.today)
        return _allocation(study, state, facts, provenance)

    return await ctx.facts.transact(command, provenance, work, in_turn=stream)


async def change_cap(ctx: Context, cmd: ChangeCap, reason: str, command: CommandId, provenance: Provenance) -> Outcome:
    """Move the hard stop, for a reason that stands beside the fact."""
    return await _changed(ctx, cmd.study, lambda s, _: [decide.change_cap(s, cmd)], reason, command, provenance)


async def pause(ctx: Context, study: str, reason: str, command: CommandId, provenance: Provenance) -> Outcome:
    """Randomize nobody until resumed."""
    return await _changed(ctx, study, lambda s, on: [life.pause(s, study, on)], reason, command, provenance)


async def resume(ctx: Context, study: str, reason: str, command: CommandId, provenance: Provenance) -> Outcome:
    """Randomize again."""
    return await _changed(ctx, study, lambda s, on: [life.resume(s, study, on)], reason, command, provenance)


async def close(ctx: Context, study: str, reason: str, command: CommandId, provenance: Provenance) -> Outcome:
    """Randomize nobody any more, for ever."""
    return await _changed(ctx, study, lambda s, on: [life.close(s, study, on)], reason, command, provenance)


async def sign_lock(ctx: Context, study: str, reason: str, command: CommandId, provenance: Provenance) -> Outcome:
    """One of two signatures under the lock. The seeds are opened for the last one, and for no other."""
    stream, today = allocation_stream(study), ctx.today(study)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve)
        locks = life.lockable(state, provenance.actor)
        revealed = await ctx.custodian.revealed(state) if locks else ()
        facts = life.sign_lock(state, study, provenance.actor, today, revealed)
        unit.append(stream, facts, occurred_on=today, reason=reason)
        return _allocation(study, state, facts, provenance)

    return await ctx.facts.transact(command, provenance, work, in_turn=stream)


def _allocation(study: str, state: Allocation, facts: Sequence[Fact], provenance: Provenance) -> Answer:
    return Answer(201, views.allocation(study, foreseen(state, facts, provenance.actor)).as_json())


def _newest_draft(study: str, state: Allocation, facts: Sequence[Fact], provenance: Provenance) -> Answer:
    *_, newest = views.drafts(study, foreseen(state, facts, provenance.actor))
    return Answer(201, newest.as_json())


async def _changed(
    ctx: Context,
    study: str,
    decision: Decision,
    reason: str,
    command: CommandId,
    provenance: Provenance,
    answer: Saying = _allocation,
) -> Outcome:
    stream, today = allocation_stream(study), ctx.today(study)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve)
        facts = decision(state, today)
        unit.append(stream, facts, occurred_on=today, reason=reason)
        return answer(study, state, facts, provenance)

    return await ctx.facts.transact(command, provenance, work, in_turn=stream)
