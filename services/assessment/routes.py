"""Assessment's HTTP side: parse, authorise, call a handler, render."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response as HttpResponse

from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from contracts.vocabulary.response import Response
from services.assessment import handlers, views
from services.assessment.domain import refusals
from services.assessment.domain.commands import RecordTumourAssessment
from services.assessment.domain.state import INITIAL, SubjectAssessments, assessment_stream, evolve
from services.assessment.handlers import COMMENT, Context
from services.assessment.policy import READ_ASSESSMENTS, READ_COMMENT, RECORD_ASSESSMENT
from services.assessment.views import CommentedAssessment, EvidenceView, StandingAssessment, TumourAssessmentView
from services.chassis.auth.guard import Auth, may
from services.chassis.auth.sites import path_field
from services.chassis.auth.who import Who
from services.chassis.folds import Loaded
from services.chassis.freetext.clear import TEXT_IDENTIFIES
from services.chassis.http.as_of import AsOf, AsOfParameter
from services.chassis.http.called import Called
from services.chassis.http.conditional import etag
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import POSITION_HEADER, respond
from services.chassis.http.written import Day
from services.chassis.sealing.port import KEY_DESTROYED, TEXT_TOO_LONG

router = APIRouter(prefix="/studies/{study}/subjects/{subject}/tumour-assessments", tags=["assessment"])

MAX_COMMENT: Final = 4_000
Timepoint = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", examples=["M6"])]


def context(request: Request) -> Context:
    """What the lifespan yielded."""
    ctx: Context = request.app.state.services
    return ctx


Ctx = Annotated[Context, needs(context)]
_site_in_path: Final = path_field("subject", site_of, like="01-001")


class TumourAssessmentBody(BaseModel):
    """What the investigator read from a scan."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timepoint: Timepoint
    scan_on: Day = Field(description="the day of the scan, which dates a progression", examples=["2026-03-31"])
    modality: Modality
    response: Response = Field(description="overall response at this timepoint, RECIST 1.1")
    comment: Annotated[str, StringConstraints(min_length=1, max_length=MAX_COMMENT)] | None = Field(
        default=None, description="kept sealed, shown to the subject's own site alone; no names, please"
    )


async def _loaded(ctx: Context, study: str, subject: str, at: AsOf, response: HttpResponse) -> SubjectAssessments:
    ctx.protocol(study)
    await ctx.not_erased(study, subject)
    loaded: Loaded[SubjectAssessments] = await ctx.facts.load(
        assessment_stream(study, subject), INITIAL, evolve, as_of=at
    )
    response.headers["ETag"] = etag(loaded.version)
    response.headers[POSITION_HEADER] = str(loaded.position)
    return loaded.state


@router.post(
    "",
    status_code=201,
    response_model=TumourAssessmentView,
    responses=problems(refusals.RECORD_TUMOUR_ASSESSMENT, KEY_DESTROYED, TEXT_TOO_LONG, TEXT_IDENTIFIES),
)
async def post_tumour_assessment(
    study: StudyId,
    subject: SubjectId,
    body: TumourAssessmentBody,
    _: Annotated[Who, may(RECORD_ASSESSMENT, site_from=_site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> HttpResponse:
    """Record the investigator's reading of a scan, once for each timepoint of the protocol.

    A subject that enrolment has only just included may not be known here yet: the request waits a moment for word of
    it, then answers 409 with `Retry-After`.
    """
    cmd = RecordTumourAssessment(
        study=study,
        subject=subject,
        timepoint=body.timepoint,
        scan_on=body.scan_on,
        modality=body.modality,
        reader=Reader.INVESTIGATOR,
        response=body.response,
    )
    return respond(await handlers.record_tumour_assessment(ctx, asked, cmd, body.comment))


@router.get("", responses=problems(refusals.UNKNOWN_STUDY, refusals.SUBJECT_ERASED))
async def get_tumour_assessments(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_ASSESSMENTS, site_from=_site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    response: HttpResponse,
) -> Page[StandingAssessment]:
    """The subject's readings by scan date, without comments. A subject has one page of them."""
    return Page(items=views.readings(await _loaded(ctx, study, subject, at, response)))


@router.get(
    "/{timepoint}",
    responses=problems(refusals.UNKNOWN_STUDY, refusals.SUBJECT_ERASED, refusals.ASSESSMENT_NOT_FOUND, KEY_DESTROYED),
)
async def get_tumour_assessment(
    study: StudyId,
    subject: SubjectId,
    timepoint: Timepoint,
    who: Annotated[Who, may(READ_ASSESSMENTS, site_from=_site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    request: Request,
    response: HttpResponse,
) -> CommentedAssessment:
    """The investigator's reading of one timepoint; with the comment for the investigators of the own site."""
    reading = views.reading(await _loaded(ctx, study, subject, at, response), timepoint)
    view = CommentedAssessment.standing(reading)
    auth: Auth = request.app.state.auth
    if reading.fact.comment is None or not auth.policy.decide(who, READ_COMMENT, site_of(subject)).allowed:
        return view
    return view.model_copy(update={"comment": await ctx.sealer.unseal(reading.fact.comment, purpose=COMMENT)})


@router.get(
    "/{timepoint}/evidence",
    responses=problems(refusals.UNKNOWN_STUDY, refusals.SUBJECT_ERASED, refusals.ASSESSMENT_NOT_FOUND),
)
async def get_evidence(
    study: StudyId,
    subject: SubjectId,
    timepoint: Timepoint,
    _: Annotated[Who, may(READ_ASSESSMENTS, site_from=_site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    response: HttpResponse,
) -> EvidenceView:
    """What a gate asks: the reading that stands now on the write side, with its event and log position."""
    return views.evidence(await _loaded(ctx, study, subject, at, response), timepoint)
