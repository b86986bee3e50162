"""The investigator's readings over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response as HttpResponse

from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.assessment.bodies.readings import Timepoint, TumourAssessmentBody
from services.assessment.domain.readings.state import INITIAL, SubjectAssessments, assessment_stream, evolve
from services.assessment.domain.refusals import common, readings
from services.assessment.handlers.context import Context
from services.assessment.handlers.readings import COMMENT, record_tumour_assessment
from services.assessment.policy import READ_ASSESSMENTS, READ_COMMENT, RECORD_ASSESSMENT
from services.assessment.routes.common import NOTED, Ctx, loaded, site_in_path, stamped
from services.assessment.shown import readings as shown
from services.assessment.shown.readings import (
    CommentedAssessment,
    EvidenceView,
    StandingAssessment,
    TumourAssessmentView,
)
from services.chassis.auth.guard import Auth, may
from services.chassis.auth.who import Who
from services.chassis.folds import Loaded
from services.chassis.http.called import Called
from services.chassis.http.moment import Moment, MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import respond
from services.chassis.sealing.port import KEY_DESTROYED

router = APIRouter(prefix="/studies/{study}/subjects/{subject}/tumour-assessments", tags=["assessment"])


async def _loaded(ctx: Context, study: str, subject: str, at: Moment) -> Loaded[SubjectAssessments]:
    return await loaded(ctx, study, subject, assessment_stream(study, subject), INITIAL, evolve, at)


@router.post(
    "",
    status_code=201,
    response_model=TumourAssessmentView,
    responses=problems(readings.RECORD_TUMOUR_ASSESSMENT, *NOTED),
)
async def post_tumour_assessment(
    study: StudyId,
    subject: SubjectId,
    body: TumourAssessmentBody,
    _: Annotated[Who, may(RECORD_ASSESSMENT, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> HttpResponse:
    """Record the investigator's reading of a scan, once for each timepoint of the protocol.

    A subject that enrolment has only just included may not be known here yet: the request waits a moment for word of
    it, then answers 409 with `Retry-After`.
    """
    return respond(await record_tumour_assessment(ctx, asked, body.command(study, subject), body.comment))


@router.get("", responses=problems(common.OF_SUBJECT))
async def get_tumour_assessments(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_ASSESSMENTS, site_from=site_in_path)],
    ctx: Ctx,
    at: MomentParameter,
    response: HttpResponse,
) -> Page[StandingAssessment]:
    """The subject's readings by scan date, without comments. A subject has one page of them."""
    found = await _loaded(ctx, study, subject, at)
    return stamped(response, found, Page(items=shown.readings(found.state)))


@router.get("/{timepoint}", responses=problems(readings.READ, KEY_DESTROYED))
async def get_tumour_assessment(
    study: StudyId,
    subject: SubjectId,
    timepoint: Timepoint,
    who: Annotated[Who, may(READ_ASSESSMENTS, site_from=site_in_path)],
    ctx: Ctx,
    at: MomentParameter,
    request: Request,
    response: HttpResponse,
) -> CommentedAssessment:
    """The investigator's reading of one timepoint; with the comment for the investigators of the own site."""
    found = await _loaded(ctx, study, subject, at)
    reading = shown.reading(found.state, timepoint)
    view = stamped(response, found, CommentedAssessment.standing(reading))
    auth: Auth = request.app.state.auth
    if reading.fact.comment is None or not auth.policy.decide(who, READ_COMMENT, site_of(subject)).allowed:
        return view
    return view.model_copy(update={"comment": await ctx.sealer.unseal(reading.fact.comment, purpose=COMMENT)})


@router.get("/{timepoint}/evidence", responses=problems(readings.READ))
async def get_evidence(
    study: StudyId,
    subject: SubjectId,
    timepoint: Timepoint,
    _: Annotated[Who, may(READ_ASSESSMENTS, site_from=site_in_path)],
    ctx: Ctx,
    at: MomentParameter,
    response: HttpResponse,
) -> EvidenceView:
    """What a gate asks: the reading that stands now on the write side, with its event and log position."""
    found = await _loaded(ctx, study, subject, at)
    return stamped(response, found, shown.evidence(found.state, timepoint))
