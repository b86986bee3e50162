"""Questionnaires: one unit of work each."""

from contracts.questionnaires.load import questionnaires
from services.assessment.domain.questionnaires.decide import CompleteQuestionnaire, complete
from services.assessment.domain.questionnaires.state import INITIAL, evolve, questionnaire_stream
from services.assessment.handlers.context import Context
from services.assessment.shown.questionnaires import RecordedView
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.provisional import grown


async def record_questionnaire(
    ctx: Context, call: Call, cmd: CompleteQuestionnaire, reason: str | None = None
) -> Outcome:
    """Record the answers of one occasion; `reason`: why those that were recorded are replaced."""
    protocol = ctx.protocol(cmd.study)
    if answered := await ctx.facts.answered(call.command):
        return answered
    known = await ctx.included(cmd.study, cmd.subject)
    stream, packaged = questionnaire_stream(cmd.study, cmd.subject), questionnaires()

    async def work(unit: Unit) -> Answer:
        before = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        facts = complete(before, known, cmd, protocol.quality_of_life, packaged, ctx.today(protocol))
        ids = unit.append(stream, facts, occurred_on=cmd.completed_on, reason=reason)
        after = grown(before, evolve, zip(ids, facts, strict=True))
        view = RecordedView.recorded(before, after, cmd, packaged[cmd.questionnaire])
        return Answer(201, view.model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)
