"""Commands about the qualifications of a site."""

from uuid import UUID

from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.dosimetry.domain import centres
from services.dosimetry.domain.commands import QualifyCentre
from services.dosimetry.domain.standing import described
from services.dosimetry.domain.state import Centre, centre_stream, evolve_centre
from services.dosimetry.handlers.context import Context, created


async def qualify(ctx: Context, call: Call, cmd: QualifyCentre) -> Outcome:
    """Record a calibration of a camera."""
    protocol = ctx.protocol(cmd.study)
    stream = centre_stream(cmd.study, cmd.site)

    async def work(unit: Unit) -> Answer:
        await unit.load(stream, Centre(), evolve_centre, if_match=call.if_match)
        fact = centres.qualify(described(protocol), cmd, today=ctx.today(protocol))
        return created(unit.append(stream, [fact], occurred_on=cmd.valid_from), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work)


async def annul_qualification(
    ctx: Context, call: Call, study: str, site: str, qualification: UUID, reason: str
) -> Outcome:
    """Take a qualification back."""
    ctx.protocol(study)
    stream = centre_stream(study, site)

    async def work(unit: Unit) -> Answer:
        centre = await unit.load(stream, Centre(), evolve_centre, if_match=call.if_match)
        fact = centres.annul(centre, study, site, qualification)
        return created(unit.append(stream, [fact], reason=reason), [fact])

    return await ctx.facts.transact(call.command, call.provenance, work)
