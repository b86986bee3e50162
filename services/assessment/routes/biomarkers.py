"""Biomarkers over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId
from services.assessment.bodies.biomarkers import BiomarkerBody, BiomarkerCorrectionBody
from services.assessment.domain.biomarkers.state import INITIAL, biomarker_stream, evolve
from services.assessment.domain.refusals import biomarkers as refusals
from services.assessment.handlers.biomarkers import record_biomarker
from services.assessment.policy import READ_BIOMARKERS, RECORD_BIOMARKER
from services.assessment.routes.common import Ctx, creates, loaded, site_in_path, stamped
from services.assessment.shown.biomarkers import BiomarkerView, listed
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import respond

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["biomarkers"], route_class=ExactRoute)
Recording = Annotated[Who, may(RECORD_BIOMARKER, site_from=site_in_path)]


@router.post("/biomarkers", **creates(refusals.RECORD, view=BiomarkerView))
async def post_biomarker(
    study: StudyId, subject: SubjectId, body: BiomarkerBody, _: Recording, ctx: Ctx, asked: Called
) -> Response:
    """Record a measurement as the laboratory gave it, one of each marker a day."""
    return respond(await record_biomarker(ctx, asked, body.command(study, subject)))


@router.post("/biomarkers/{measurement}/corrections", **creates(refusals.CORRECT, view=BiomarkerView))
async def post_biomarker_correction(
    study: StudyId,
    subject: SubjectId,
    measurement: UUID,
    body: BiomarkerCorrectionBody,
    _: Recording,
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Replace a measurement that was recorded wrongly, with the reason. The former stays in the log."""
    return respond(await record_biomarker(ctx, asked, body.command(study, subject, replaces=measurement), body.reason))


@router.get("/biomarkers", responses=problems(refusals.READ))
async def get_biomarkers(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_BIOMARKERS, site_from=site_in_path)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> Page[BiomarkerView]:
    """The subject's measurements, by day. A subject has one page of them."""
    found = await loaded(ctx, study, subject, biomarker_stream(study, subject), INITIAL, evolve, at)
    return stamped(response, found, Page(items=listed(found.state, ctx.protocol(study).biomarkers)))
