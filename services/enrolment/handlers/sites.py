"""Commands about a site: its opening, its pauses, its delegation log."""

from collections.abc import Callable
from datetime import date
from typing import Protocol as Port

from contracts.events.fact import SiteFact
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.enrolment.domain import delegations, opening
from services.enrolment.domain.delegations import DelegateDuty, EndDelegation
from services.enrolment.domain.opening import ActivateSite, MeetRequirement, PauseSite, ResumeSite
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.handlers.context import Context, created, guarded_site


async def meet_requirement(ctx: Context, call: Call, cmd: MeetRequirement) -> Outcome:
    """Record that a point of the opening checklist was met."""
    protocol = ctx.protocol(cmd.study)
    return await _one(ctx, call, cmd, cmd.met_on, lambda _, today: opening.meet(protocol, cmd, today))


async def activate_site(ctx: Context, call: Call, cmd: ActivateSite) -> Outcome:
    """Open a site, on the checklist as it stands at that moment."""
    protocol = ctx.protocol(cmd.study)
    today = ctx.today(protocol)
    stream = site_stream(cmd.study, cmd.site)

    async def work(unit: Unit) -> Answer:
        conduct = await unit.load(conduct_stream(cmd.study, cmd.site), Site(), evolve_site)
        site = (await unit.load(stream, Site(), evolve_site)).conducted(conduct)
        fact = opening.activate(site, protocol, cmd, today)
        return created(unit.append(stream, [fact], occurred_on=cmd.activated_on), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work)


async def pause(ctx: Context, call: Call, cmd: PauseSite, reason: str) -> Outcome:
    """Pause a site. Whoever is randomized there at the same moment is so before it or not at all."""
    return await _one(ctx, call, cmd, cmd.paused_on, lambda site, today: opening.pause(site, cmd, today), reason)


async def resume(ctx: Context, call: Call, cmd: ResumeSite, reason: str) -> Outcome:
    """Resume a site."""
    return await _one(ctx, call, cmd, cmd.resumed_on, lambda site, today: opening.resume(site, cmd, today), reason)


async def delegate(ctx: Context, call: Call, cmd: DelegateDuty) -> Outcome:
    """Entrust somebody with a duty at the site."""
    return await _one(ctx, call, cmd, cmd.from_on, lambda site, today: delegations.delegate(site, cmd, today))


async def end_delegation(ctx: Context, call: Call, cmd: EndDelegation) -> Outcome:
    """Take a duty back. Whoever randomizes by it at the same moment does so before it or not at all."""
    return await _one(ctx, call, cmd, cmd.ended_on, lambda site, today: delegations.end(site, cmd, today))


async def _one(
    ctx: Context,
    call: Call,
    cmd: "_OfSite",
    occurred_on: date,
    decision: Callable[[Site, date], SiteFact],
    reason: str | None = None,
) -> Outcome:
    """A command about the conduct of a site. The decision gets the trial's date."""
    today = ctx.today(ctx.protocol(cmd.study))
    stream = conduct_stream(cmd.study, cmd.site)

    async def work(unit: Unit) -> Answer:
        site = await guarded_site(ctx, unit, cmd.study, cmd.site, if_match=call.if_match)
        fact = decision(site, today)
        return created(unit.append(stream, [fact], occurred_on=occurred_on, reason=reason), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work)


class _OfSite(Port):
    @property
    def study(self) -> str: ...
    @property
    def site(self) -> str: ...
