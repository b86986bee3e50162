"""The central review over HTTP, for readers: cases by number. No answer names a subject, a site or a calendar day."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from contracts.events.fact import Fact
from contracts.vocabulary.identifiers import StudyId
from services.assessment.bodies.review import AdjudicationBody, CentralReadBody, ClaimBody, LesionsBody
from services.assessment.domain.refusals import common, review
from services.assessment.domain.review import decide
from services.assessment.domain.review.case import INITIAL, Case, evolve, review_stream
from services.assessment.domain.review.decide import About, Charter
from services.assessment.handlers.context import Context
from services.assessment.handlers.review import Shown, charter_of, located, on_case
from services.assessment.policy import READ_SCANS
from services.assessment.routes.common import Ctx, Served, creates, services, too_small
from services.assessment.shown.review import CaseView, TaskView, place_of, tasks
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.consistency import consistent
from services.chassis.http.exact import ExactRoute
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import respond

router = APIRouter(prefix="/studies/{study}", tags=["reading"], route_class=ExactRoute)
MOST_CASES: Final = 100_000
Reader = Annotated[Who, may(READ_SCANS)]
Listed = Annotated[None, consistent(lambda request: services(request).views.cases)]


@router.get("/reading-queue", responses=problems(common.UNKNOWN_STUDY, review.NO_REVIEW))
async def get_reading_queue(study: StudyId, who: Reader, _: Listed, served: Served) -> Page[TaskView]:
    """What waits for you: scans of your cases, and cases that have a place. Longest waiting first."""
    ctx = served.context
    charter = charter_of(ctx, ctx.protocol(study))
    rows = (await served.views.cases.find({"study": study}, limit=MOST_CASES)).value.values()
    found = [
        task
        for row in rows
        for task in tasks(row.case, who.actor, charter, ctx.images)
        if not await _erased(ctx, study, row.subject)
    ]
    return Page(items=sorted(found, key=lambda task: (-task.waiting_days, str(task.case), task.sequence)))


@router.get("/reviews/{case}", responses=problems(review.OF_CASE))
async def get_case(study: StudyId, case: UUID, who: Reader, ctx: Ctx) -> CaseView:
    """A case that you have a place in, up to the scan that you are to read now."""
    charter = charter_of(ctx, ctx.protocol(study))
    subject = await located(ctx, study, case)
    found = await ctx.facts.load(review_stream(study, subject), INITIAL, evolve)
    return CaseView.of(found.state, who.actor, charter, ctx.images)


@router.post("/reviews/{case}/claims", **creates(review.CLAIM, view=CaseView))
async def post_claim(study: StudyId, case: UUID, body: ClaimBody, who: Reader, ctx: Ctx, asked: Called) -> Response:
    """Take a place in a case: as one of its two readers, or as adjudicator. Nobody has two."""

    def decided(now: Case, about: About, _: Charter) -> Sequence[Fact]:
        return decide.claim(now, about, who.actor, adjudicate=body.task == "ADJUDICATE")

    return respond(await on_case(ctx, asked, study, case, decided, _shown(who, ctx)))


@router.post("/reviews/{case}/lesions", **creates(review.CHOOSE, view=CaseView))
async def post_lesions(study: StudyId, case: UUID, body: LesionsBody, who: Reader, ctx: Ctx, asked: Called) -> Response:
    """Choose the lesions on the baseline scan. They are locked at once."""
    targets, others = (tuple(one.fact() for one in body.targets), tuple(one.fact() for one in body.non_targets))

    def decided(now: Case, about: About, charter: Charter) -> Sequence[Fact]:
        return decide.choose(now, about, who.actor, targets, others, charter)

    return respond(await on_case(ctx, asked, study, case, decided, _shown(who, ctx)))


@router.post("/reviews/{case}/reads", **creates(review.READ, view=CaseView))
async def post_read(
    study: StudyId, case: UUID, body: CentralReadBody, who: Reader, ctx: Ctx, asked: Called
) -> Response:
    """Read the next scan of a case. The read is locked at once; where it differs from the lesions it needs a reason."""
    reading = body.reading(too_small(ctx, study))

    def decided(now: Case, about: About, charter: Charter) -> Sequence[Fact]:
        return decide.read(now, about, who.actor, reading, charter)

    return respond(await on_case(ctx, asked, study, case, decided, _shown(who, ctx), body.stated_stands))


@router.post("/reviews/{case}/adjudications", **creates(review.ADJUDICATE, view=CaseView))
async def post_adjudication(
    study: StudyId, case: UUID, body: AdjudicationBody, who: Reader, ctx: Ctx, asked: Called
) -> Response:
    """Choose one of two reads that differ, and say why they did."""

    def decided(now: Case, about: About, _: Charter) -> Sequence[Fact]:
        chosen = place_of(now, body.sequence, body.chosen)
        return decide.adjudicate(now, about, who.actor, body.sequence, chosen, body.because)

    return respond(await on_case(ctx, asked, study, case, decided, _shown(who, ctx)))


def _shown(who: Who, ctx: Context) -> Shown:
    return lambda case, charter: CaseView.of(case, who.actor, charter, ctx.images)


async def _erased(ctx: Context, study: str, subject: str) -> bool:
    known = await ctx.register.subject(study, subject, until=lambda _: True, timeout=0.0)
    return known is not None and known.erased_on is not None
