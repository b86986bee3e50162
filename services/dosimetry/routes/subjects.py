"""Infusions and scans of a subject over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.freetext.clear import TEXT_IDENTIFIES
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import respond
from services.dosimetry.bodies.subjects import AnnulmentBody, InfusionBody, ScanBody
from services.dosimetry.domain import refusals
from services.dosimetry.handlers import subjects
from services.dosimetry.policy import RECORD_DOSIMETRY
from services.dosimetry.routes.common import (
    Ctx,
    creates,
    loaded_centre,
    loaded_subject,
    reader_of_doses,
    site_in_path,
    stamped,
)
from services.dosimetry.shown.subjects import DosimetryView, dosimetry_of

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["dosimetry"], route_class=ExactRoute)
Recording = Annotated[Who, may(RECORD_DOSIMETRY, site_from=site_in_path)]


@router.post("/dosimetry-infusions", **creates(refusals.RECORD_INFUSION))
async def post_dosimetry_infusion(
    study: StudyId, subject: SubjectId, body: InfusionBody, _: Recording, ctx: Ctx, asked: Called
) -> Response:
    """Record activity and start of the infusion of a cycle, from which the hours of its scans are counted."""
    return respond(await subjects.record_infusion(ctx, asked, body.command(study, subject)))


@router.post("/dosimetry-scans", **creates(refusals.RECORD_SCAN))
async def post_dosimetry_scan(
    study: StudyId, subject: SubjectId, body: ScanBody, _: Recording, ctx: Ctx, asked: Called
) -> Response:
    """Record a scan with all its regions, all of it or nothing. The site's camera must be qualified on that day."""
    return respond(await subjects.record_scan(ctx, asked, body.command(study, subject), site_of(subject)))


@router.get("/dosimetry", responses=problems(refusals.READ))
async def get_dosimetry(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, Depends(reader_of_doses)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> DosimetryView:
    """Infusions, scans with their regions, and the activity of each organ over time.

    It tells the arm, and is told to those alone who may know it.
    """
    found = await loaded_subject(ctx, study, subject, at)
    centre = await loaded_centre(ctx, study, site_of(subject), at)
    hours = ctx.dosimetry(study).hours
    shown = dosimetry_of(study, subject, hours, found.state, centre.state, ctx.images)
    return stamped(response, found, shown, more=True)


@router.post("/dosimetry-annulments", **creates(refusals.ANNUL, TEXT_IDENTIFIES))
async def post_dosimetry_annulment(
    study: StudyId, subject: SubjectId, body: AnnulmentBody, _: Recording, ctx: Ctx, asked: Called
) -> Response:
    """Annul a record that was wrong: a scan with its regions and the doses computed from it. The log keeps all."""
    return respond(await subjects.annul(ctx, asked, study, subject, body.annul, body.reason))
