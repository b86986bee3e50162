"""The investigator's readings over HTTP: baselines, timepoints, and the queries about differences."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response as HttpResponse

from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.assessment.bodies.readings import (
    Baseline,
    BaselineAgainBody,
    BaselineBody,
    ReReadingBody,
    StatedStandsBody,
    Timepoint,
    TumourAssessmentBody,
)
from services.assessment.domain.readings.state import INITIAL, SubjectAssessments, assessment_stream, evolve
from services.assessment.domain.refusals import common, lesions, readings
from services.assessment.handlers.context import Context, rules_of
from services.assessment.handlers.readings import COMMENT, confirm_stated, read_baseline, record_tumour_assessment
from services.assessment.policy import READ_ASSESSMENTS, READ_COMMENT, RECORD_ASSESSMENT
from services.assessment.routes.common import NOTED, Ctx, creates, loaded, site_in_path, stamped, too_small
from services.assessment.shown import readings as shown
from services.assessment.shown.readings import (
    BaselineReadView,
    BaselineView,
    CommentedAssessment,
    EvidenceView,
    QueryView,
    ReadView,
    StandingAssessment,
)
from services.chassis.auth.guard import Auth, may
from services.chassis.auth.who import Who
from services.chassis.folds import Loaded
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import Moment, MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import respond
from services.chassis.sealing.port import KEY_DESTROYED

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["assessment"], route_class=ExactRoute)
Recording = Annotated[Who, may(RECORD_ASSESSMENT, site_from=site_in_path)]
Reading = Annotated[Who, may(READ_ASSESSMENTS, site_from=site_in_path)]


async def _loaded(ctx: Context, study: str, subject: str, at: Moment) -> Loaded[SubjectAssessments]:
    return await loaded(ctx, study, subject, assessment_stream(study, subject), INITIAL, evolve, at)


@router.post("/tumour-assessments", **creates(readings.RECORD_TUMOUR_ASSESSMENT, *NOTED, view=ReadView))
async def post_tumour_assessment(
    study: StudyId, subject: SubjectId, body: TumourAssessmentBody, _: Recording, ctx: Ctx, asked: Called
) -> HttpResponse:
    """Record the investigator's reading of a scan, once for each timepoint of the protocol.

    Where lesions were measured, the response that follows from them is derived beside the stated one. A difference is
    recorded as a query; neither replaces the other.

    A subject that enrolment has only just included may not be known here yet: the request waits a moment for word of
    it, then answers 409 with `Retry-After`.
    """
    cmd = body.read(study, subject, body.timepoint, too_small(ctx, study), again=False)
    return respond(await record_tumour_assessment(ctx, asked, cmd, body.comment))


@router.post("/tumour-assessments/{timepoint}/re-readings", **creates(readings.READ_AGAIN, *NOTED, view=ReadView))
async def post_re_reading(
    study: StudyId,
    subject: SubjectId,
    timepoint: Timepoint,
    body: ReReadingBody,
    _: Recording,
    ctx: Ctx,
    asked: Called,
) -> HttpResponse:
    """Read a scan again, with the reason. The former reading stays in the log, this one counts from now on.

    What follows at later timepoints is derived again; `changed` says where the response is another one.
    """
    cmd = body.read(study, subject, timepoint, too_small(ctx, study), again=True)
    return respond(await record_tumour_assessment(ctx, asked, cmd, body.comment, body.reason))


@router.get("/tumour-assessments", responses=problems(common.OF_SUBJECT))
async def get_tumour_assessments(
    study: StudyId, subject: SubjectId, _: Reading, ctx: Ctx, at: MomentParameter, response: HttpResponse
) -> Page[StandingAssessment]:
    """The subject's readings by scan date, without comments. A subject has one page of them."""
    found = await _loaded(ctx, study, subject, at)
    rules = rules_of(ctx, ctx.protocol(study))
    return stamped(response, found, Page(items=shown.readings(found.state, rules, ctx.images)))


@router.get("/tumour-assessments/{timepoint}", responses=problems(readings.READ, KEY_DESTROYED))
async def get_tumour_assessment(
    study: StudyId,
    subject: SubjectId,
    timepoint: Timepoint,
    who: Reading,
    ctx: Ctx,
    at: MomentParameter,
    request: Request,
    response: HttpResponse,
) -> CommentedAssessment:
    """The investigator's reading of one timepoint; with the comment for the investigators of the own site."""
    found = await _loaded(ctx, study, subject, at)
    rules = rules_of(ctx, ctx.protocol(study))
    view = stamped(response, found, shown.commented(found.state, timepoint, rules, ctx.images))
    comment, auth = shown.reading(found.state, timepoint).fact.comment, request.app.state.auth
    if comment is None or not _may_read_comments(auth, who, subject):
        return view
    return view.model_copy(update={"comment": await ctx.sealer.unseal(comment, purpose=COMMENT)})


@router.get("/tumour-assessments/{timepoint}/evidence", responses=problems(readings.READ))
async def get_evidence(
    study: StudyId,
    subject: SubjectId,
    timepoint: Timepoint,
    _: Reading,
    ctx: Ctx,
    at: MomentParameter,
    response: HttpResponse,
) -> EvidenceView:
    """What a gate asks: the reading that stands now on the write side, with its event and log position."""
    found = await _loaded(ctx, study, subject, at)
    return stamped(response, found, shown.evidence(found.state, timepoint))


@router.post("/baselines", **creates(readings.READ_BASELINE, view=BaselineReadView))
async def post_baseline(
    study: StudyId, subject: SubjectId, body: BaselineBody, _: Recording, ctx: Ctx, asked: Called
) -> HttpResponse:
    """Record the lesions by which the subject is followed from a scan on, once for each baseline of the protocol."""
    return respond(await read_baseline(ctx, asked, body.chosen(study, subject, body.baseline, again=False)))


@router.post("/baselines/{baseline}/re-readings", **creates(readings.READ_BASELINE, view=BaselineReadView))
async def post_baseline_again(
    study: StudyId,
    subject: SubjectId,
    baseline: Baseline,
    body: BaselineAgainBody,
    _: Recording,
    ctx: Ctx,
    asked: Called,
) -> HttpResponse:
    """Choose the lesions of a baseline again, with the reason. `changed` says which responses are other ones now."""
    cmd = body.chosen(study, subject, baseline, again=True)
    return respond(await read_baseline(ctx, asked, cmd, body.reason))


@router.get("/baselines", responses=problems(common.OF_SUBJECT))
async def get_baselines(
    study: StudyId, subject: SubjectId, _: Reading, ctx: Ctx, at: MomentParameter, response: HttpResponse
) -> Page[BaselineView]:
    """The lesions chosen on the baseline scans. A subject has one page of them."""
    found = await _loaded(ctx, study, subject, at)
    return stamped(response, found, Page(items=[BaselineView.of(one, ctx.images) for one in found.state.baselines]))


@router.get("/baselines/{baseline}", responses=problems(common.OF_SUBJECT, lesions.BASELINE_NOT_FOUND))
async def get_baseline(
    study: StudyId,
    subject: SubjectId,
    baseline: Baseline,
    _: Reading,
    ctx: Ctx,
    at: MomentParameter,
    response: HttpResponse,
) -> BaselineView:
    """The lesions chosen on one baseline scan."""
    found = await _loaded(ctx, study, subject, at)
    return stamped(response, found, BaselineView.of(shown.baseline_of(found.state, baseline), ctx.images))


@router.get("/response-queries", responses=problems(common.OF_SUBJECT))
async def get_response_queries(
    study: StudyId, subject: SubjectId, _: Reading, ctx: Ctx, at: MomentParameter, response: HttpResponse
) -> Page[QueryView]:
    """Where stated and derived responses differed, oldest first, open or closed. A subject has one page of them."""
    found = await _loaded(ctx, study, subject, at)
    return stamped(response, found, Page(items=[QueryView.of(one) for one in found.state.queries]))


@router.post(
    "/response-queries/{query}/confirmations",
    **creates(common.OF_SUBJECT, lesions.QUERY_NOT_FOUND, lesions.QUERY_CLOSED, view=QueryView),
)
async def post_confirmation(
    study: StudyId, subject: SubjectId, query: UUID, body: StatedStandsBody, _: Recording, ctx: Ctx, asked: Called
) -> HttpResponse:
    """Stay with the stated response, with the reason. To change it, read the scan again instead."""
    return respond(await confirm_stated(ctx, asked, body.command(study, subject, query), body.reason))


def _may_read_comments(auth: Auth, who: Who, subject: str) -> bool:
    return auth.policy.decide(who, READ_COMMENT, site_of(subject)).allowed
