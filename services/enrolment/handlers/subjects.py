"""Commands about a subject, up to the gate before randomization."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from contracts.events.course import ProtocolDeviationRecorded
from contracts.events.fact import Fact
from contracts.events.treatment import TreatmentDeviationRecorded
from contracts.vocabulary.clinical import Verdict
from services.chassis.command import Call, CommandId
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.refusal import Refused
from services.enrolment.domain import gates, refusals
from services.enrolment.domain.gates import IncludeSubject
from services.enrolment.domain.setting import SubjectCommand
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject import entry
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.decisions import decide
from services.enrolment.domain.subject.entry import ScreenSubject
from services.enrolment.domain.subject.guards import screened
from services.enrolment.handlers.context import Context, created, guarded_site, setting_of, site_of
from services.enrolment.handlers.entries import Entry, Noted, append_one
from services.enrolment.handlers.notes import sealed_in


async def screen(ctx: Context, call: Call, cmd: ScreenSubject) -> Outcome:
    """Issue a number and open the subject, in one append to both streams."""
    today = ctx.today(ctx.protocol(cmd.study))
    counter = site_stream(cmd.study, cmd.site)

    async def work(unit: Unit) -> Answer:
        site = await unit.load(counter, Site(), evolve_site)
        conduct = await unit.load(conduct_stream(cmd.study, cmd.site), Site(), evolve_site)
        number, opened = entry.screen(site.conducted(conduct), cmd, today)
        stream = subject_stream(cmd.study, number.subject)
        await unit.load(stream, Subject(), evolve)
        unit.append(counter, [number], occurred_on=cmd.screened_on)
        unit.subject_stream = stream
        return created(unit.append(stream, [opened], occurred_on=cmd.screened_on), [opened])

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=counter)


async def record(
    ctx: Context,
    call: Call,
    cmd: SubjectCommand,
    *,
    note: str | None = None,
    told: Callable[[Sequence[Fact]], Mapping[str, Any]] = lambda _: {},
) -> Outcome:
    """Record what a command about one subject leads to. `told` adds to the answer what is no fact.

    The note is sealed only once nothing else refuses the command, and is not in the answer.
    """
    ctx.protocol(cmd.study)
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        setting = await setting_of(ctx, cmd.study, subject, cmd.occurred_on)
        entry = Entry(cmd, "", note)
        if note is not None:
            decide(subject, setting, cmd)
            (entry,) = await sealed_in(ctx, [entry])
        noted = Noted(subject)
        append_one(unit, stream, noted, setting, entry.command)
        return created(noted.ids, [fact.published() for fact in noted.facts], **told(noted.facts))

    return await ctx.texts.transact(call.command, call.provenance, work, in_turn=stream)


async def administer_cycle(ctx: Context, call: Call, cmd: AdministerCycle) -> Outcome:
    """Record a cycle; what deviates from the protocol is named in the answer."""

    def named(facts: Sequence[Fact]) -> Mapping[str, Any]:
        found = (f for f in facts if isinstance(f, ProtocolDeviationRecorded | TreatmentDeviationRecorded))
        return {"deviations": [one.deviation.value for one in found]}

    return await record(ctx, call, cmd, told=named)


async def include(ctx: Context, call: Call, cmd: IncludeSubject) -> Outcome:
    """Evaluate gate 1 on what is recorded at this moment; include, with the evaluation as evidence, or refuse.

    That somebody was found not eligible is a fact too (digest T3), recorded although the command is refused; what is
    merely not known yet is not.
    """
    today = ctx.today(ctx.protocol(cmd.study))
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        site = await guarded_site(ctx, unit, cmd.study, screened(subject).site)
        protocol = ctx.in_force(cmd.study, site, cmd.included_on)
        assessed = gates.pass_first(protocol, subject, site, cmd, today)
        (assessment,) = unit.append(stream, [assessed], occurred_on=cmd.included_on)
        facts = gates.included(protocol, cmd, assessment)
        ids = unit.append(stream, facts, occurred_on=cmd.included_on)
        return created([assessment, *ids], [assessed, *facts])

    try:
        return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)
    except Refused as refused:
        if refused.refusal is refusals.gates.NOT_ELIGIBLE and refused.detail["verdict"] == Verdict.NOT_ELIGIBLE:
            await _record_not_eligible(ctx, call, cmd)
        raise


async def _record_not_eligible(ctx: Context, call: Call, cmd: IncludeSubject) -> None:
    """Once per command, however often it is repeated."""
    today = ctx.today(ctx.protocol(cmd.study))
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve)
        site = await site_of(ctx, cmd.study, subject)
        protocol = ctx.in_force(cmd.study, site, cmd.included_on)
        assessed, _ = gates.assess_first(protocol, subject, site, cmd, today)
        if assessed.verdict is Verdict.NOT_ELIGIBLE:
            unit.append(stream, [assessed], occurred_on=cmd.included_on)
        return Answer(refusals.gates.NOT_ELIGIBLE.status, {"verdict": assessed.verdict})

    once = CommandId(sha256(f"{call.command.key}/not-eligible".encode()).hexdigest(), call.command.request_hash)
    await ctx.facts.transact(once, call.provenance, work, in_turn=stream)
