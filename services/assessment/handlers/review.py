"""The central review: each command is decided on the case of one subject, and what is settled by it follows at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from pydantic import BaseModel

from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from services.assessment.domain.refusals import review as refusals
from services.assessment.domain.review import decide
from services.assessment.domain.review.case import INITIAL, Case, evolve, review_stream
from services.assessment.domain.review.decide import About, Charter, Submission
from services.assessment.handlers.context import Context, timepoints
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.http.refusals import PRECONDITION_FAILED
from services.chassis.provisional import grown
from services.chassis.refusal import Refused

Decided = Callable[[Case, About, Charter], Sequence[Fact]]
Shown = Callable[[Case, Charter], BaseModel]


def charter_of(ctx: Context, protocol: Protocol) -> Charter:
    """What the review of a study goes by. Raises `Refused` (404) where there is none."""
    if protocol.central_review is None or protocol.tumour_response is None:
        raise Refused(refusals.NO_REVIEW)
    order = timepoints(protocol)
    of_review = order[order.index(protocol.central_review.baseline) :]
    return Charter(protocol.central_review, protocol.tumour_response, of_review, ctx.today(protocol))


async def submit(ctx: Context, call: Call, study: str, subject: str, sent: Submission, shown: Shown) -> Outcome:
    """Take a scan into the review of its subject; the first one opens the case, under a number that tells nothing."""
    charter = charter_of(ctx, ctx.protocol(study))
    if answered := await ctx.facts.answered(call.command):
        return answered
    known = await ctx.included(study, subject)
    about = About(study, subject, uuid4())

    def decided(case: Case, about: About, charter: Charter) -> Sequence[Fact]:
        return decide.submit(case, known, about, sent, charter)

    return await _decide(ctx, call, about, charter, decided, shown)


async def reopen(
    ctx: Context, call: Call, study: str, subject: str, timepoint: str, place: int, reason: str, shown: Shown
) -> Outcome:
    """Have a locked read made again, with the reason."""
    charter = charter_of(ctx, ctx.protocol(study))
    await ctx.not_erased(study, subject)

    def decided(case: Case, about: About, _: Charter) -> Sequence[Fact]:
        sequence = next((n for n, scan in enumerate(case.scans) if scan.timepoint == timepoint), None)
        if sequence is None or case.case is None:
            raise Refused(refusals.NOT_READ_YET)
        return decide.reopen(case, replace(about, case=case.case), sequence, place)

    return await _decide(ctx, call, About(study, subject, uuid4()), charter, decided, shown, reason)


async def on_case(
    ctx: Context, call: Call, study: str, case: UUID, decided: Decided, shown: Shown, reason: str | None = None
) -> Outcome:
    """A reader's command. The answer says nothing of the stream: its version would count what others do.

    `If-Match` is refused for the same reason: nobody may try out versions.
    """
    charter = charter_of(ctx, ctx.protocol(study))
    if call.if_match is not None:
        raise Refused(PRECONDITION_FAILED)
    subject = await located(ctx, study, case)
    outcome = await _decide(ctx, call, About(study, subject, case), charter, decided, shown, reason)
    return replace(outcome, published=None, version=None)


async def located(ctx: Context, study: str, case: UUID) -> str:
    """Whose case it is. Raises `Refused` (404), also for that of a subject that was erased."""
    subject = await ctx.cases.subject_of(study, case)
    if subject is None:
        raise Refused(refusals.CASE_UNKNOWN)
    known = await ctx.register.subject(study, subject, until=lambda _: True, timeout=0.0)
    if known is not None and known.erased_on is not None:
        raise Refused(refusals.CASE_UNKNOWN)
    return subject


async def _decide(
    ctx: Context,
    call: Call,
    about: About,
    charter: Charter,
    decided: Decided,
    shown: Shown,
    reason: str | None = None,
) -> Outcome:
    async def work(unit: Unit) -> Answer:
        stream = review_stream(about.study, about.subject)
        before = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        facts = decided(before, about, charter)
        ids = unit.append(stream, facts, reason=reason)
        case = grown(before, evolve, zip(ids, facts, strict=True), now=ctx.clock())
        settled = decide.settled(case, replace(about, case=case.case or about.case))
        ids = unit.append(stream, settled)
        case = grown(case, evolve, zip(ids, settled, strict=True), now=ctx.clock())
        return Answer(201, shown(case, charter).model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)
