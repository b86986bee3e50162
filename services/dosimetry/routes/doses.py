"""Absorbed doses over HTTP: computed on demand, told with their inputs, summed beside lines that forbid nothing."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import respond
from services.dosimetry.bodies.doses import ComputationBody
from services.dosimetry.domain import refusals
from services.dosimetry.handlers import doses
from services.dosimetry.policy import COMPUTE_DOSE
from services.dosimetry.routes.common import (
    Ctx,
    creates,
    loaded_centre,
    loaded_subject,
    reader_of_doses,
    site_in_path,
    stamped,
)
from services.dosimetry.shown.doses import ComputedView, CumulativeView, DosesView, cumulative_of, doses_of

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["dosimetry"], route_class=ExactRoute)


@router.post("/absorbed-doses", **creates(refusals.COMPUTE, view=ComputedView))
async def post_absorbed_doses(
    study: StudyId,
    subject: SubjectId,
    body: ComputationBody,
    _: Annotated[Who, may(COMPUTE_DOSE, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Compute the doses of a cycle from what stands now, and record each with the events that it comes from."""
    return respond(await doses.compute(ctx, asked, body.command(study, subject)))


@router.get("/absorbed-doses", responses=problems(refusals.READ))
async def get_absorbed_doses(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, Depends(reader_of_doses)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> DosesView:
    """The last dose of each organ and cycle, with how it was computed and from what."""
    found = await loaded_subject(ctx, study, subject, at)
    centre = await loaded_centre(ctx, study, site_of(subject), at)
    return stamped(response, found, doses_of(study, subject, found.state, centre.state), more=True)


@router.get("/cumulative-doses", responses=problems(refusals.READ))
async def get_cumulative_doses(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, Depends(reader_of_doses)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> CumulativeView:
    """The sum of each organ's doses over the cycles, beside the reference lines of the protocol.

    A line is for the eye: no dose above it stops anything.
    """
    found = await loaded_subject(ctx, study, subject, at)
    centre = await loaded_centre(ctx, study, site_of(subject), at)
    view = cumulative_of(study, subject, found.state, centre.state, ctx.dosimetry(study))
    return stamped(response, found, view, more=True)
