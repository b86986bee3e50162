"""Computing doses from what stands, in one append with the scans that they come from still standing."""

from contracts.vocabulary.identifiers import site_of
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.dosimetry.calculation.integrate import integrate
from services.dosimetry.domain import doses
from services.dosimetry.domain.commands import ComputeDoses
from services.dosimetry.domain.state import INITIAL, Centre, centre_stream, dosimetry_stream, evolve, evolve_centre
from services.dosimetry.handlers.context import Context, created, zone_of


async def compute(ctx: Context, call: Call, cmd: ComputeDoses) -> Outcome:
    """Compute and record the doses of a cycle."""
    if answered := await ctx.facts.answered(call.command):
        return answered
    protocol = ctx.protocol(cmd.study)
    known = await ctx.included(cmd.study, cmd.subject)
    stream, zone = dosimetry_stream(cmd.study, cmd.subject), zone_of(protocol)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        centre = await unit.load(centre_stream(cmd.study, site_of(cmd.subject)), Centre(), evolve_centre)
        found = doses.compute(
            state, centre, known, cmd, protocol, integrate=integrate, software=ctx.software, zone=zone
        )
        ids = unit.append(stream, found.facts, occurred_on=found.last_scan_on)
        return created(ids, found.facts, not_computed=dict(found.not_computed))

    return await ctx.facts.transact(call.command, call.provenance, work)
