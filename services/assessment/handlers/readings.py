"""The investigator's readings: each is decided, written, and what follows from it for the others is asked at once."""

from collections.abc import Sequence
from typing import Final

from contracts.events.fact import Fact
from contracts.vocabulary.clinical import Reader
from services.assessment.domain.readings import decide
from services.assessment.domain.readings.commands import ConfirmStated, ReadBaseline, RecordTumourAssessment
from services.assessment.domain.readings.decide import Rules
from services.assessment.domain.readings.state import INITIAL, SubjectAssessments, assessment_stream, evolve
from services.assessment.handlers.context import Context, rules_of
from services.assessment.shown.readings import BaselineReadView, QueryView, ReadView
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.provisional import grown

COMMENT: Final = "assessment.comment"
"""The purpose under which comments are sealed."""


async def record_tumour_assessment(
    ctx: Context, call: Call, cmd: RecordTumourAssessment, comment: str | None, reason: str | None = None
) -> Outcome:
    """Record what a reader said of a scan; `reason`: why it is read again.

    The comment is sealed, or held, only once nothing else refuses the reading.
    """
    if answered := await ctx.facts.answered(call.command):
        return answered
    rules = rules_of(ctx, ctx.protocol(cmd.study))
    known = await ctx.included(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        stream = assessment_stream(cmd.study, cmd.subject)
        before = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        facts = decide.record_tumour_assessment(before, known, cmd, rules)
        if comment is not None:
            sealed = await ctx.texts.sealed(cmd.study, cmd.subject, comment, purpose=COMMENT)
            facts = [fact.model_copy(update={"comment": sealed}) for fact in facts]
        after = _written(unit, cmd, before, facts, rules, reason)
        view = ReadView.read(before, after, cmd.timepoint, rules, ctx.images)
        return Answer(201, view.model_dump(mode="json"))

    return await ctx.texts.transact(call.command, call.provenance, work)


async def read_baseline(ctx: Context, call: Call, cmd: ReadBaseline, reason: str | None = None) -> Outcome:
    """Record which lesions a subject is followed by; `reason`: why they are chosen again."""
    rules = rules_of(ctx, ctx.protocol(cmd.study))
    if answered := await ctx.facts.answered(call.command):
        return answered
    known = await ctx.included(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        stream = assessment_stream(cmd.study, cmd.subject)
        before = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        facts = decide.read_baseline(before, known, cmd, rules)
        after = _written(unit, cmd, before, facts, rules, reason)
        view = BaselineReadView.read(before, after, cmd.baseline, rules, ctx.images)
        return Answer(201, view.model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)


async def confirm_stated(ctx: Context, call: Call, cmd: ConfirmStated, reason: str) -> Outcome:
    """Close a query: the stated response stands, for this reason."""
    ctx.protocol(cmd.study)
    await ctx.not_erased(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        stream = assessment_stream(cmd.study, cmd.subject)
        state = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        facts = decide.confirm_stated(state, cmd)
        ids = unit.append(stream, facts, reason=reason)
        after = grown(state, evolve, zip(ids, facts, strict=True))
        return Answer(201, QueryView.named(after, cmd.query).model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)


def _written(
    unit: Unit,
    cmd: RecordTumourAssessment | ReadBaseline,
    state: SubjectAssessments,
    facts: Sequence[Fact],
    rules: Rules,
    reason: str | None,
) -> SubjectAssessments:
    """Write what was read with the queries that it raises and ends, also at timepoints that are compared with it."""
    stream = assessment_stream(cmd.study, cmd.subject)
    ids = unit.append(stream, facts, occurred_on=cmd.scan_on, reason=reason)
    state = grown(state, evolve, zip(ids, facts, strict=True))
    asked = decide.queries(state, cmd.study, cmd.subject, Reader(cmd.reader), rules)
    ids = unit.append(stream, asked, occurred_on=cmd.scan_on)
    return grown(state, evolve, zip(ids, asked, strict=True))
