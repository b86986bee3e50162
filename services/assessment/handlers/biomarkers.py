"""Biomarkers: one unit of work each."""

from services.assessment.domain.biomarkers.decide import RecordBiomarker, record, rule_of
from services.assessment.domain.biomarkers.state import INITIAL, biomarker_stream, evolve
from services.assessment.handlers.context import Context
from services.assessment.shown.biomarkers import BiomarkerView
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit


async def record_biomarker(ctx: Context, call: Call, cmd: RecordBiomarker, reason: str | None = None) -> Outcome:
    """Record a measurement; `reason`: why it replaces another."""
    protocol = ctx.protocol(cmd.study)
    if answered := await ctx.facts.answered(call.command):
        return answered
    known, stream = await ctx.included(cmd.study, cmd.subject), biomarker_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        before = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        facts = record(before, known, cmd, protocol.biomarkers, ctx.today(protocol))
        (event_id,) = unit.append(stream, facts, occurred_on=cmd.sampled_on, reason=reason)
        view = BiomarkerView.of(facts[0], event_id, rule_of(protocol.biomarkers, cmd.marker))
        return Answer(201, view.model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)
