"""Load, decide, append: one function per command, each one unit of work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from typing import Protocol as Port
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.events.assessment import TumourAssessed
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.randomization import SubjectRandomized
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Reader, Verdict
from services.chassis.clock import Clock
from services.chassis.command import Call, CommandId
from services.chassis.facts import Answer, Facts, Outcome, Unit
from services.chassis.refusal import Refused
from services.enrolment.domain import commands, decide, gates, refusals
from services.enrolment.domain.gates import ScanEvidence, run_in_timepoints
from services.enrolment.domain.state import (
    Site,
    Subject,
    evolve,
    evolve_site,
    site_stream,
    subject_stream,
)


class TumourAssessments(Port):
    """The question to assessment, answered from its write side."""

    async def standing(self, study: str, subject: str, timepoint: str) -> ScanEvidence | None:
        """The investigator's reading of a timepoint that stands now, or None. Raises `Unavailable`, `Refused`."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers work with."""

    facts: Facts
    protocols: Mapping[str, Protocol]
    clock: Clock
    assessments: TumourAssessments

    def protocol(self, study: str) -> Protocol:
        """The protocol of a study. Raises `Refused` (404) for one that is not run here."""
        try:
            return self.protocols[study]
        except KeyError:
            raise Refused(refusals.UNKNOWN_STUDY) from None

    def today(self, protocol: Protocol) -> date:
        """The date in the trial's own time zone."""
        return self.clock().astimezone(ZoneInfo(protocol.study.time_zone)).date()


async def activate_site(ctx: Context, call: Call, cmd: commands.ActivateSite) -> Outcome:
    """Open a site."""
    today = ctx.today(ctx.protocol(cmd.study))

    async def work(unit: Unit) -> Answer:
        stream = site_stream(cmd.study, cmd.site)
        fact = decide.activate_site(await unit.load(stream, Site(), evolve_site), cmd, today)
        return _created(unit.append(stream, [fact], occurred_on=cmd.activated_on), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work)


async def screen(ctx: Context, call: Call, cmd: commands.ScreenSubject) -> Outcome:
    """Issue a number and open the subject, in one append to both streams."""
    today = ctx.today(ctx.protocol(cmd.study))
    counter = site_stream(cmd.study, cmd.site)

    async def work(unit: Unit) -> Answer:
        number, opened = decide.screen(await unit.load(counter, Site(), evolve_site), cmd, today)
        stream = subject_stream(cmd.study, number.subject)
        await unit.load(stream, Subject(), evolve)
        unit.append(counter, [number], occurred_on=cmd.screened_on)
        unit.subject_stream = stream
        return _created(unit.append(stream, [opened], occurred_on=cmd.screened_on), [opened])

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=counter)


async def sign_consent(ctx: Context, call: Call, cmd: commands.SignConsent) -> Outcome:
    """Record a consent, on what the site may use at this moment."""
    today = ctx.today(ctx.protocol(cmd.study))
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        site = await _site_of(ctx, cmd.study, subject)
        fact = decide.sign_consent(subject, site, cmd, today)
        return _created(unit.append(stream, [fact], occurred_on=cmd.signed_on), [fact])

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
        site = await _site_of(ctx, cmd.study, subject)
        assessed = gates.pass_first(protocol, subject, site, cmd, today)
        (assessment,) = unit.append(stream, [assessed], occurred_on=cmd.included_on)
        facts = gates.included(protocol, cmd, assessment)
        ids = unit.append(stream, facts, occurred_on=cmd.included_on)
        return _created([assessment, *ids], [assessed, *facts])

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
        assessed, _ = gates.assess_first(protocol, subject, await _site_of(ctx, cmd.study, subject), cmd, today)
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
        return _created(ids, [administered, due], deviations=list(deviations))

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


async def authorize_randomization(ctx: Context, call: Call, cmd: commands.AuthorizeRandomization) -> Outcome:
    """Evaluate gate 2 on the write side, with the scan as assessment has it now, and record the evidence (ruling 8)."""
    protocol = ctx.protocol(cmd.study)
    today = ctx.today(protocol)
    # A repetition is answered from what was recorded, whatever became of the scan or of assessment since.
    if answered := await ctx.facts.answered(call.command):
        return answered
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        site = await _site_of(ctx, cmd.study, subject)
        scan = await _last_scan(ctx, protocol, cmd.subject)
        fact = gates.authorize(protocol, subject, site, scan, cmd, today)
        return _created(unit.append(stream, [fact], occurred_on=today), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)


async def take_note_of_randomization(ctx: Context, heard: Envelope[SubjectRandomized], key: str) -> None:
    """Schedule the visits that follow a randomization, once however often it is heard of."""
    fact = heard.fact

    def follows(subject: Subject, protocol: Protocol) -> Sequence[Fact]:
        return decide.randomized(subject, protocol, fact.randomization_date)

    await _react(ctx, heard, key, follows)


async def take_note_of_assessment(ctx: Context, heard: Envelope[TumourAssessed], key: str) -> None:
    """End a run-in whose scan shows progression; else say until when the subject should be randomized."""
    fact = heard.fact

    def follows(subject: Subject, protocol: Protocol) -> Sequence[Fact]:
        # The investigator's reading serves care and gate 2 (ruling 10). A scan after randomization may be heard of
        # before the randomization itself: it says nothing about the run-in.
        if fact.reader is not Reader.INVESTIGATOR or fact.timepoint not in run_in_timepoints(protocol):
            return ()
        return decide.scanned(subject, protocol, fact.scan_on, fact.response)

    await _react(ctx, heard, key, follows)


async def explain(ctx: Context, study: str, subject: str, gate: str) -> gates.Gated:
    """The same evaluation as the commands make, today, and nothing recorded."""
    protocol = ctx.protocol(study)
    today = ctx.today(protocol)
    state = (await ctx.facts.load(subject_stream(study, subject), Subject(), evolve)).state
    site = (await ctx.facts.load(site_stream(study, decide.screened(state).site), Site(), evolve_site)).state
    if gate == gates.INCLUSION:
        return gates.first(protocol, state, site, today)
    if gate == gates.RANDOMIZATION:
        scan = await _last_scan(ctx, protocol, subject)
        return gates.second(protocol, state, site, scan, None, today)
    raise Refused(refusals.UNKNOWN_GATE, gates=[gates.INCLUSION, gates.RANDOMIZATION])


async def _react(
    ctx: Context,
    heard: Envelope[SubjectRandomized] | Envelope[TumourAssessed],
    key: str,
    follows: Callable[[Subject, Protocol], Sequence[Fact]],
) -> None:
    """What another's fact leads to. It happened, so there is nothing to refuse: at most nothing follows from it."""
    fact = heard.fact
    protocol = ctx.protocols.get(fact.study)
    if protocol is None:
        return
    stream = subject_stream(fact.study, fact.subject)

    async def work(unit: Unit) -> Answer:
        facts = follows(await unit.load(stream, Subject(), evolve), protocol)
        unit.append(stream, facts)
        return Answer(200, {"facts": len(facts)})

    because = Provenance(
        actor=f"service:{ctx.facts.source}",
        correlation_id=heard.provenance.correlation_id,
        causation_id=str(heard.event_id),
        traceparent=heard.provenance.traceparent,
    )
    command = CommandId(key, sha256(heard.event_id.bytes).digest())
    await ctx.facts.transact(command, because, work, in_turn=stream)


async def _one(
    ctx: Context, call: Call, cmd: "_OfSubject", occurred_on: date | None, decision: Callable[[Subject], Sequence[Fact]]
) -> Outcome:
    """A command that depends on its subject alone."""
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        facts = decision(await unit.load(stream, Subject(), evolve, if_match=call.if_match))
        return _created(unit.append(stream, facts, occurred_on=occurred_on), facts)

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)


async def _site_of(ctx: Context, study: str, subject: Subject) -> Site:
    """The subject's site, read without making its version a condition.

    The site's stream moves with every screening; what a subject's command needs of it (activation, approved consent
    versions) is only ever added to, so that a later version could not refuse what this one permits.
    """
    stream = site_stream(study, decide.screened(subject).site)
    return (await ctx.facts.load(stream, Site(), evolve_site)).state


async def _last_scan(ctx: Context, protocol: Protocol, subject: str) -> ScanEvidence | None:
    """The scan that gate 2 looks at: that of the last timepoint before randomization."""
    timepoints = run_in_timepoints(protocol)
    return await ctx.assessments.standing(protocol.study.id, subject, timepoints[-1]) if timepoints else None


def _created(ids: Sequence[UUID], facts: Sequence[Fact], **more: Any) -> Answer:
    """What was recorded: the first fact is what was asked for, the others follow from it."""
    recorded = [
        {"event_id": str(event_id), "type": fact.type_name, "fact": fact.model_dump(mode="json")}
        for event_id, fact in zip(ids, facts, strict=True)
    ]
    return Answer(201, {"recorded": recorded, **more})


class _OfSubject(Port):
    @property
    def study(self) -> str: ...
    @property
    def subject(self) -> str: ...
