"""Commands about a site: its opening, its pauses, its delegation log."""

from collections.abc import Callable
from datetime import date

from contracts.events.fact import SiteFact
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.enrolment.domain import commands, decide, delegations
from services.enrolment.domain.delegations import DelegateDuty, EndDelegation
from services.enrolment.domain.site import Site, evolve_site, site_stream
from services.enrolment.handlers.context import Context, created


async def activate_site(ctx: Context, call: Call, cmd: commands.ActivateSite) -> Outcome:
    """Open a site."""
    decided = decide.activate_site
    return await _one(ctx, call, cmd.study, cmd.site, cmd.activated_on, lambda site, today: decided(site, cmd, today))


async def delegate(ctx: Context, call: Call, cmd: DelegateDuty) -> Outcome:
    """Entrust somebody with a duty at the site."""
    decided = delegations.delegate
    return await _one(ctx, call, cmd.study, cmd.site, cmd.from_on, lambda site, today: decided(site, cmd, today))


async def end_delegation(ctx: Context, call: Call, cmd: EndDelegation) -> Outcome:
    """Take a duty back. Whoever randomizes at the same moment comes before or after it, never beside it."""
    decided = delegations.end
    return await _one(ctx, call, cmd.study, cmd.site, cmd.ended_on, lambda site, today: decided(site, cmd, today))


async def _one(
    ctx: Context,
    call: Call,
    study: str,
    site: str,
    occurred_on: date,
    decision: Callable[[Site, date], SiteFact],
    reason: str | None = None,
) -> Outcome:
    """A command that depends on its site alone. The decision gets the trial's date."""
    today = ctx.today(ctx.protocol(study))
    stream = site_stream(study, site)

    async def work(unit: Unit) -> Answer:
        fact = decision(await unit.load(stream, Site(), evolve_site, if_match=call.if_match), today)
        return created(unit.append(stream, [fact], occurred_on=occurred_on, reason=reason), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work)
