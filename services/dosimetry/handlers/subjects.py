"""Commands about a subject: its infusions, its scans, and annulments of what was wrong."""

from uuid import UUID

from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.dosimetry.domain import annulments, infusions, scans
from services.dosimetry.domain.commands import RecordInfusion, RecordScan
from services.dosimetry.domain.state import (
    INITIAL,
    Centre,
    SubjectDosimetry,
    centre_stream,
    dosimetry_stream,
    evolve,
    evolve_centre,
)
from services.dosimetry.handlers.context import Context, created, zone_of


async def record_infusion(ctx: Context, call: Call, cmd: RecordInfusion) -> Outcome:
    """Record what was infused in a cycle."""
    if answered := await ctx.facts.answered(call.command):
        return answered
    protocol = ctx.protocol(cmd.study)
    known = await ctx.included(cmd.study, cmd.subject)
    stream, zone = dosimetry_stream(cmd.study, cmd.subject), zone_of(protocol)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        fact = infusions.record_infusion(state, known, cmd, protocol, now=ctx.clock(), zone=zone)
        day = infusions.day_of(cmd.infusion_started_at, zone)
        return created(unit.append(stream, [fact], occurred_on=day), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work)


async def record_scan(ctx: Context, call: Call, cmd: RecordScan, site: str) -> Outcome:
    """Record a scan with all its regions, under a qualification that still stands when it is written."""
    if answered := await ctx.facts.answered(call.command):
        return answered
    protocol = ctx.protocol(cmd.study)
    known = await ctx.included(cmd.study, cmd.subject)
    stream, zone = dosimetry_stream(cmd.study, cmd.subject), zone_of(protocol)

    async def work(unit: Unit) -> Answer:
        state: SubjectDosimetry = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        centre: Centre = await unit.load(centre_stream(cmd.study, site), Centre(), evolve_centre)
        fact = scans.record_scan(state, centre, known, cmd, protocol, now=ctx.clock(), zone=zone)
        day = infusions.day_of(cmd.acquired_at, zone)
        (scan,) = unit.append(stream, [fact], occurred_on=day)
        regions = scans.regions_of(cmd, scan)
        beside = unit.append(stream, regions, occurred_on=day)
        return created([scan, *beside], [fact, *regions])

    return await ctx.facts.transact(call.command, call.provenance, work)


async def annul(ctx: Context, call: Call, study: str, subject: str, wrong: UUID, reason: str) -> Outcome:
    """Annul a record with what rests on it."""
    ctx.protocol(study)
    await ctx.not_erased(study, subject)
    stream = dosimetry_stream(study, subject)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        gone = annulments.annul(state, study, subject, wrong)
        return created(unit.append(stream, gone, reason=reason), gone)

    return await ctx.facts.transact(call.command, call.provenance, work)
