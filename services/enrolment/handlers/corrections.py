"""A correction: the annulments, and what is entered instead, in one append."""

from collections.abc import Sequence
from uuid import UUID

from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.enrolment.domain import refusals
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject.corrections import annulments, consistent
from services.enrolment.handlers.context import Context, created, setting_of
from services.enrolment.handlers.entries import Entry, append_all, decide_all, grown
from services.enrolment.handlers.notes import sealed_in


async def correct(
    ctx: Context, call: Call, study: str, subject: str, annul: UUID, reason: str, entries: Sequence[Entry]
) -> Outcome:
    """Annul a record, and record what the entries lead to on the state without it. All of it or nothing."""
    ctx.protocol(study)
    stream = subject_stream(study, subject)

    async def work(unit: Unit) -> Answer:
        before = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        gone = annulments(before, annul)
        setting = await setting_of(ctx, study, before)
        ids = unit.append(stream, gone, reason=reason)
        left = grown(before, list(zip(ids, gone, strict=True)))
        decide_all(left, setting, entries, refusals.corrections.CORRECTION_NOT_ACCEPTED)
        sealed = await sealed_in(ctx, entries)
        noted = append_all(unit, stream, left, setting, sealed, refusals.corrections.CORRECTION_NOT_ACCEPTED)
        consistent(before, noted.subject, setting)
        return created([*ids, *noted.ids], [*gone, *(fact.published() for fact in noted.facts)])

    return await ctx.texts.transact(call.command, call.provenance, work, in_turn=stream)
