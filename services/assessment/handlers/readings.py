"""The investigator's readings."""

from dataclasses import replace
from typing import Final

from services.assessment.domain.readings import decide
from services.assessment.domain.readings.commands import RecordTumourAssessment
from services.assessment.domain.readings.state import INITIAL, assessment_stream, evolve
from services.assessment.handlers.context import Context, timepoints
from services.assessment.shown.readings import TumourAssessmentView
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.freetext.clear import must_be_clear

COMMENT: Final = "assessment.comment"
"""The purpose under which comments are sealed."""


async def record_tumour_assessment(
    ctx: Context, call: Call, cmd: RecordTumourAssessment, comment: str | None
) -> Outcome:
    """Record what a reader said of a scan."""
    if answered := await ctx.facts.answered(call.command):
        return answered
    protocol = ctx.protocol(cmd.study)
    known = await ctx.included(cmd.study, cmd.subject)
    stream, today = assessment_stream(cmd.study, cmd.subject), ctx.today(protocol)
    if comment is not None:
        must_be_clear(comment)
        sealed = await ctx.sealer.seal(f"{cmd.study}/{cmd.subject}", comment, purpose=COMMENT)
        cmd = replace(cmd, comment=sealed)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        facts = decide.record_tumour_assessment(state, known, cmd, timepoints=timepoints(protocol), today=today)
        (event_id,) = unit.append(stream, facts, occurred_on=cmd.scan_on)
        return Answer(201, TumourAssessmentView.of(facts[0], event_id).model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)
