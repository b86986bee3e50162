"""Commands about a site: its opening, its pauses, its delegation log, the versions it works by."""

from collections.abc import Callable
from datetime import date
from typing import Protocol as Port

from contracts.events.fact import SiteFact
from contracts.vocabulary.identifiers import subject_id
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.http.moment import Moment
from services.enrolment.domain import amendments, delegations, opening
from services.enrolment.domain.amendments import AdoptAmendment, ApproveConsentVersion
from services.enrolment.domain.delegations import DelegateDuty, EndDelegation
from services.enrolment.domain.opening import ActivateSite, MeetRequirement, PauseSite, ResumeSite
from services.enrolment.domain.reconsent import ConsentDue, consent_due
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.handlers.context import Context, created, guarded_site
from services.enrolment.handlers.past import subject_at


async def meet_requirement(ctx: Context, call: Call, cmd: MeetRequirement) -> Outcome:
    """Record that a point of the opening checklist was met."""
    versions = ctx.versions(cmd.study)

    def met(site: Site, today: date) -> SiteFact:
        named = versions.named(cmd.version) if cmd.version is not None else None
        return opening.meet(named or ctx.in_force(cmd.study, site, cmd.met_on), cmd, today)

    return await _one(ctx, call, cmd, cmd.met_on, met)


async def activate_site(ctx: Context, call: Call, cmd: ActivateSite) -> Outcome:
    """Open a site, on the checklist as it stands at that moment."""
    today = ctx.today(ctx.protocol(cmd.study))
    stream = site_stream(cmd.study, cmd.site)

    async def work(unit: Unit) -> Answer:
        conduct = await unit.load(conduct_stream(cmd.study, cmd.site), Site(), evolve_site)
        site = (await unit.load(stream, Site(), evolve_site)).conducted(conduct)
        protocol = ctx.in_force(cmd.study, site, cmd.activated_on)
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


async def adopt_amendment(ctx: Context, call: Call, cmd: AdoptAmendment) -> Outcome:
    """Let the site work by a later version of the protocol. A gate of that moment is decided before it or after."""
    versions = ctx.versions(cmd.study)
    return await _one(ctx, call, cmd, cmd.effective_on, lambda site, _: amendments.adopt(site, versions, cmd))


async def approve_consent(ctx: Context, call: Call, cmd: ApproveConsentVersion) -> Outcome:
    """Let the site use a version of the consent."""
    return await _one(ctx, call, cmd, cmd.approved_from, lambda site, _: amendments.approve_consent(site, cmd))


async def reconsents(
    ctx: Context, study: str, number: str, site: Site, day: date, at: Moment
) -> list[tuple[str, ConsentDue]]:
    """The subjects of a site that have to sign again, with what is due. Each is asked: no list may leave one out."""
    found: list[tuple[str, ConsentDue]] = []
    for sequence in range(1, site.issued + 1):
        subject = subject_id(number, sequence)
        due = consent_due((await subject_at(ctx, study, subject, at)).state, site, day)
        if due is not None:
            found.append((subject, due))
    return found


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
