"""The gate before randomization: authorized with its evidence, or explained."""

from datetime import date, datetime

from contracts.events.enrolment import FactorLevel
from contracts.protocol.model import Protocol
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.folds import Loaded
from services.chassis.http.moment import Moment
from services.chassis.refusal import Refused
from services.enrolment.domain import gates, refusals
from services.enrolment.domain.gates import AuthorizeRandomization
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.domain.obstacles import run_in_timepoints
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject.guards import screened
from services.enrolment.handlers import past
from services.enrolment.handlers.context import Context, created, guarded_site


async def authorize_randomization(ctx: Context, call: Call, cmd: AuthorizeRandomization) -> Outcome:
    """Evaluate gate 2 on the write side, with the scan as assessment has it now, and record the evidence (ruling 8)."""
    today = ctx.today(ctx.protocol(cmd.study))
    # A repetition is answered from what was recorded, whatever became of the scan or of assessment since.
    if answered := await ctx.facts.answered(call.command):
        return answered
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        site = await guarded_site(ctx, unit, cmd.study, screened(subject).site)
        protocol = ctx.in_force(cmd.study, site, today)
        scan = await _last_scan(ctx, protocol, cmd.subject)
        fact = gates.authorize(protocol, subject, site, scan, cmd, today)
        return created(unit.append(stream, [fact], occurred_on=today), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work, in_turn=stream)


async def explain(ctx: Context, study: str, subject: str, gate: str, at: Moment) -> tuple[gates.Gated, Loaded[Subject]]:
    """The same evaluation as the commands make, of that moment and its day, and nothing recorded."""
    today, loaded, site = await _of_then(ctx, study, subject, at)
    protocol = ctx.in_force(study, site, today)
    if gate == gates.INCLUSION:
        return gates.first(protocol, loaded.state, site, today), loaded
    if gate == gates.RANDOMIZATION:
        scan = await _last_scan(ctx, protocol, subject, await past.time_of(ctx, at.as_of))
        if scan is not None and at.valid_at is not None and scan.scan_on > at.valid_at:
            scan = None
        return gates.second(protocol, loaded.state, site, scan, None, today), loaded
    raise Refused(refusals.gates.UNKNOWN_GATE, gates=[gates.INCLUSION, gates.RANDOMIZATION])


async def strata(
    ctx: Context, study: str, subject: str, on: date | None, at: Moment
) -> tuple[date, Protocol, tuple[FactorLevel, ...], Loaded[Subject]]:
    """The strata of a day (None: that of the moment) by rule, the version of the protocol, and whom it is about."""
    today, loaded, site = await _of_then(ctx, study, subject, at)
    day = on or today
    protocol = ctx.in_force(study, site, day)
    return day, protocol, gates.strata_on(protocol, loaded.state, site, day, ctx.today(protocol)), loaded


async def _of_then(ctx: Context, study: str, subject: str, at: Moment) -> tuple[date, Loaded[Subject], Site]:
    """The day of a moment, the subject and its site as they were then."""
    day = await past.day_of(ctx, ctx.protocol(study), at)
    loaded = await past.subject_at(ctx, study, subject, at)
    site = await past.site_at(ctx, study, screened(loaded.state).site, at)
    return day, loaded, site.state


async def _last_scan(
    ctx: Context, protocol: Protocol, subject: str, as_of: datetime | None = None
) -> ScanEvidence | None:
    """The scan that gate 2 looks at: that of the last timepoint before randomization."""
    timepoints = run_in_timepoints(protocol)
    if not timepoints:
        return None
    return await ctx.assessments.standing(protocol.study.id, subject, timepoints[-1], as_of=as_of)
