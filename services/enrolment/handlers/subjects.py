"""Commands about a subject, up to the gate before randomization."""

from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from typing import Protocol as Port

from contracts.events.fact import Fact
from contracts.vocabulary.clinical import Verdict
from services.chassis.command import Call, CommandId
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.refusal import Refused
from services.enrolment.domain import commands, decide, gates, refusals
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.handlers.context import Context, created, guarded_site, site_of


async def screen(ctx: Context, call: Call, cmd: commands.ScreenSubject) -> Outcome:
    """Issue a number and open the subject, in one append to both streams."""
    today = ctx.today(ctx.protocol(cmd.study))
    counter = site_stream(cmd.study, cmd.site)

    async def work(unit: Unit) -> Answer:
        site = await unit.load(counter, Site(), evolve_site)
        conduct = await unit.load(conduct_stream(cmd.study, cmd.site), Site(), evolve_site)
        number, opened = decide.screen(site.conducted(conduct), cmd, today)
        stream = subject_stream(cmd.study, number.subject)
        await unit.load(stream, Subject(), evolve)
        unit.append(counter, [number], occurred_on=cmd.screened_on)
        unit.subject_stream = stream
        return created(unit.append(stream, [opened], occurred_on=cmd.screened_on), [opened])

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=counter)


async def sign_consent(ctx: Context, call: Call, cmd: commands.SignConsent) -> Outcome:
    """Record a consent, on what the site may use at this moment."""
    today = ctx.today(ctx.protocol(cmd.study))
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        site = await site_of(ctx, cmd.study, subject)
        fact = decide.sign_consent(subject, site, cmd, today)
        return created(unit.append(stream, [fact], occurred_on=cmd.signed_on), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)


async def record_findings(ctx: Context, call: Call, cmd: commands.RecordFindings) -> Outcome:
    """Record dated findings, all of them or none."""
    protocol = ctx.protocol(cmd.study)
    today = ctx.today(protocol)
    return await _one(ctx, call, cmd, None, lambda subject: [decide.record_findings(subject, protocol, cmd, today)])


async def include(ctx: Context, call: Call, cmd: commands.IncludeSubject) -> Outcome:
    """Evaluate gate 1 on what is recorded at this moment; include, with the evaluation as evidence, or refuse.

    That somebody was found not eligible is a fact too (digest T3), recorded although the command is refused; what is
    merely not known yet is not.
    """
    protocol = ctx.protocol(cmd.study)
    today = ctx.today(protocol)
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        site = await guarded_site(ctx, unit, cmd.study, decide.screened(subject).site)
        assessed = gates.pass_first(protocol, subject, site, cmd, today)
        (assessment,) = unit.append(stream, [assessed], occurred_on=cmd.included_on)
        facts = gates.included(protocol, cmd, assessment)
        ids = unit.append(stream, facts, occurred_on=cmd.included_on)
        return created([assessment, *ids], [assessed, *facts])

    try:
        return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)
    except Refused as refused:
        if refused.refusal is refusals.NOT_ELIGIBLE and refused.detail["verdict"] == Verdict.NOT_ELIGIBLE:
            await _record_not_eligible(ctx, call, cmd)
        raise


async def _record_not_eligible(ctx: Context, call: Call, cmd: commands.IncludeSubject) -> None:
    """Once per command, however often it is repeated."""
    protocol = ctx.protocol(cmd.study)
    today = ctx.today(protocol)
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve)
        assessed, _ = gates.assess_first(protocol, subject, await site_of(ctx, cmd.study, subject), cmd, today)
        if assessed.verdict is Verdict.NOT_ELIGIBLE:
            unit.append(stream, [assessed], occurred_on=cmd.included_on)
        return Answer(refusals.NOT_ELIGIBLE.status, {"verdict": assessed.verdict})

    once = CommandId(sha256(f"{call.command.key}/not-eligible".encode()).hexdigest(), call.command.request_hash)
    await ctx.facts.transact(once, call.provenance, work, in_turn=stream)


async def administer_cycle(ctx: Context, call: Call, cmd: commands.AdministerCycle) -> Outcome:
    """Record a run-in cycle; what deviates from the protocol is named in the answer."""
    protocol = ctx.protocol(cmd.study)
    today = ctx.today(protocol)
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        administered, due = decide.administer_cycle(subject, protocol, cmd, today)
        ids = unit.append(stream, [administered, due], occurred_on=cmd.given_on)
        deviations = decide.cycle_deviations(subject, protocol, administered)
        return created(ids, [administered, due], deviations=list(deviations))

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)


async def end_run_in(ctx: Context, call: Call, cmd: commands.EndRunIn) -> Outcome:
    """Take a subject out of the run-in."""
    today = ctx.today(ctx.protocol(cmd.study))
    return await _one(ctx, call, cmd, cmd.ended_on, lambda subject: [decide.end_run_in(subject, cmd, today)])


async def record_death(ctx: Context, call: Call, cmd: commands.RecordDeath) -> Outcome:
    """Record a death."""
    today = ctx.today(ctx.protocol(cmd.study))
    return await _one(ctx, call, cmd, cmd.died_on, lambda subject: decide.record_death(subject, cmd, today))


async def start_new_therapy(ctx: Context, call: Call, cmd: commands.StartNewTherapy) -> Outcome:
    """Record an anticancer therapy outside the protocol."""
    today = ctx.today(ctx.protocol(cmd.study))
    return await _one(ctx, call, cmd, cmd.started_on, lambda subject: [decide.start_new_therapy(subject, cmd, today)])


async def record_survival_contact(ctx: Context, call: Call, cmd: commands.RecordSurvivalContact) -> Outcome:
    """Record that the subject was known to be alive."""
    today = ctx.today(ctx.protocol(cmd.study))
    decided = decide.record_survival_contact
    return await _one(ctx, call, cmd, cmd.last_alive_on, lambda subject: [decided(subject, cmd, today)])


async def _one(
    ctx: Context, call: Call, cmd: "_OfSubject", occurred_on: date | None, decision: Callable[[Subject], Sequence[Fact]]
) -> Outcome:
    """A command that depends on its subject alone."""
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        facts = decision(await unit.load(stream, Subject(), evolve, if_match=call.if_match))
        return created(unit.append(stream, facts, occurred_on=occurred_on), facts)

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)


class _OfSubject(Port):
    @property
    def study(self) -> str: ...
    @property
    def subject(self) -> str: ...
