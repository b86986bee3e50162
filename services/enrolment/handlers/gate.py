"""The gate before randomization: authorized with its evidence, or explained."""

from datetime import date

from contracts.events.enrolment import FactorLevel
from contracts.protocol.model import Protocol
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.folds import Loaded
from services.chassis.refusal import Refused
from services.enrolment.domain import gates, refusals
from services.enrolment.domain.gates import AuthorizeRandomization, run_in_timepoints
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject.guards import screened
from services.enrolment.handlers.context import Context, created, guarded_site, site_of


async def authorize_randomization(ctx: Context, call: Call, cmd: AuthorizeRandomization) -> Outcome:
    """Evaluate gate 2 on the write side, with the scan as assessment has it now, and record the evidence (ruling 8)."""
    protocol = ctx.protocol(cmd.study)
    today = ctx.today(protocol)
    # A repetition is answered from what was recorded, whatever became of the scan or of assessment since.
    if answered := await ctx.facts.answered(call.command):
        return answered
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        site = await guarded_site(ctx, unit, cmd.study, screened(subject).site)
        scan = await _last_scan(ctx, protocol, cmd.subject)
        fact = gates.authorize(protocol, subject, site, scan, cmd, today)
        return created(unit.append(stream, [fact], occurred_on=today), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)


async def explain(ctx: Context, study: str, subject: str, gate: str) -> gates.Gated:
    """The same evaluation as the commands make, today, and nothing recorded."""
    protocol = ctx.protocol(study)
    today = ctx.today(protocol)
    state = (await ctx.facts.load(subject_stream(study, subject), Subject(), evolve)).state
    site = await site_of(ctx, study, state)
    if gate == gates.INCLUSION:
        return gates.first(protocol, state, site, today)
    if gate == gates.RANDOMIZATION:
        scan = await _last_scan(ctx, protocol, subject)
        return gates.second(protocol, state, site, scan, None, today)
    raise Refused(refusals.UNKNOWN_GATE, gates=[gates.INCLUSION, gates.RANDOMIZATION])


async def strata(ctx: Context, study: str, subject: str, on: date) -> tuple[tuple[FactorLevel, ...], Loaded[Subject]]:
    """The strata of a day by rule, from what is recorded now, and the subject that they were derived from."""
    protocol = ctx.protocol(study)
    loaded = await ctx.facts.load(subject_stream(study, subject), Subject(), evolve)
    site = await site_of(ctx, study, loaded.state)
    return gates.strata_on(protocol, loaded.state, site, on, ctx.today(protocol)), loaded


async def _last_scan(ctx: Context, protocol: Protocol, subject: str) -> ScanEvidence | None:
    """The scan that gate 2 looks at: that of the last timepoint before randomization."""
    timepoints = run_in_timepoints(protocol)
    return await ctx.assessments.standing(protocol.study.id, subject, timepoints[-1]) if timepoints else None
