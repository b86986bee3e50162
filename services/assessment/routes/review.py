"""The central review over HTTP, for sites and the trial's people. Readers have `routes.cases`."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.assessment.bodies.review import ReReadBody, ReviewScanBody
from services.assessment.domain.refusals import common, review
from services.assessment.domain.review.case import INITIAL, Case, evolve, review_stream
from services.assessment.handlers.past import until
from services.assessment.handlers.review import charter_of, reopen, submit
from services.assessment.policy import READ_AGREEMENT, READ_CENTRAL, READ_REVIEW, REQUEST_RE_READ, SUBMIT_SCAN
from services.assessment.routes.common import Ctx, Served, creates, listed_one, loaded, services, site_in_path, stamped
from services.assessment.shown.agreement import agreement_of
from services.assessment.shown.review import AgreementView, ReviewView
from services.assessment.views.readers import CASES
from services.chassis.auth.guard import Auth, may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.consistency import consistent
from services.chassis.http.moment import MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import respond
from services.chassis.projections.past import PAST_TOO_LONG, PAST_TOO_SLOW

router = APIRouter(prefix="/studies/{study}", tags=["central review"])
MOST_CASES: Final = 100_000
"""More subjects than any trial has: an agreement is of all cases, not of a page of them."""
Listed = Annotated[None, consistent(lambda request: services(request).views.cases)]


@router.post("/subjects/{subject}/review-scans", **creates(review.SUBMIT, view=ReviewView))
async def post_review_scan(
    study: StudyId,
    subject: SubjectId,
    body: ReviewScanBody,
    _: Annotated[Who, may(SUBMIT_SCAN, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Send a scan to the central review, baseline first. Its images stay in the PACS, under a UID that names nobody."""

    def shown(case: Case, _: object) -> ReviewView:
        return ReviewView.of(subject, case, ctx.images, responses=False)

    return respond(await submit(ctx, asked, study, subject, body.submission(), shown))


@router.post("/subjects/{subject}/review/re-reads", **creates(review.OF_REVIEW, review.NOT_READ_YET, view=ReviewView))
async def post_re_read(
    study: StudyId,
    subject: SubjectId,
    body: ReReadBody,
    _: Annotated[Who, may(REQUEST_RE_READ, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Have a locked read made again, with the reason. The first one stays in the log; the next one counts."""

    def shown(case: Case, _: object) -> ReviewView:
        return ReviewView.of(subject, case, ctx.images, responses=False)

    return respond(await reopen(ctx, asked, study, subject, body.timepoint, body.place, body.reason, shown))


@router.get("/subjects/{subject}/review", responses=problems(review.OF_REVIEW))
async def get_review(
    study: StudyId,
    subject: SubjectId,
    who: Annotated[Who, may(READ_REVIEW, site_from=site_in_path)],
    request: Request,
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> ReviewView:
    """Where the review of a subject stands. What it found is shown to those who may know central responses."""
    charter_of(ctx, ctx.protocol(study))
    found = await loaded(ctx, study, subject, review_stream(study, subject), INITIAL, evolve, at)
    auth: Auth = request.app.state.auth
    responses = auth.policy.decide(who, READ_CENTRAL, site_of(subject)).allowed
    return stamped(response, found, ReviewView.of(subject, found.state, ctx.images, responses=responses), more=True)


@router.get(
    "/review-agreement", responses=problems(common.UNKNOWN_STUDY, review.NO_REVIEW, PAST_TOO_LONG, PAST_TOO_SLOW)
)
async def get_review_agreement(
    study: StudyId,
    _: Annotated[Who, may(READ_AGREEMENT)],
    __: Listed,
    served: Served,
    at: MomentParameter,
    response: Response,
) -> AgreementView:
    """How far the two readers agree, why they did not, and how long it took: pooled over all cases."""
    charter_of(served.context, served.context.protocol(study))
    chosen = {"study": study}
    if at.present:
        read = await served.views.cases.find(chosen, limit=MOST_CASES)
        rows, position = read.value, read.standing.position
    else:
        folded = await served.past.find(
            CASES, at.as_of, partial(until, day=at.valid_at), chosen, after=None, limit=MOST_CASES
        )
        rows, position = folded.value, folded.position
    return listed_one(response, position, agreement_of([row.case for row in rows.values()]))
