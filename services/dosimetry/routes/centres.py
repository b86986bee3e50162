"""The qualifications of a site's cameras over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from contracts.vocabulary.identifiers import SiteId, StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.freetext.clear import TEXT_IDENTIFIES
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import respond
from services.dosimetry.bodies.centres import QualificationAnnulmentBody, QualificationBody
from services.dosimetry.domain import refusals
from services.dosimetry.handlers import centres
from services.dosimetry.policy import QUALIFY_CENTRE, READ_QUALIFICATIONS
from services.dosimetry.routes.common import Ctx, creates, loaded_centre, stamped
from services.dosimetry.shown.centres import QualificationView

PREFIX: Final = "/studies/{study}/sites/{site}/dosimetry-qualifications"
router = APIRouter(prefix=PREFIX, tags=["dosimetry"], route_class=ExactRoute)


@router.post("", **creates(refusals.QUALIFY))
async def post_qualification(
    study: StudyId,
    site: SiteId,
    body: QualificationBody,
    _: Annotated[Who, may(QUALIFY_CENTRE, site_from="site")],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record the calibration of a camera. Of several that are valid on a day, the one recorded last counts."""
    return respond(await centres.qualify(ctx, asked, body.command(study, site)))


@router.get("", responses=problems(refusals.OF_STUDY))
async def get_qualifications(
    study: StudyId,
    site: SiteId,
    _: Annotated[Who, may(READ_QUALIFICATIONS, site_from="site")],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> Page[QualificationView]:
    """The qualifications of the site that stand, oldest first. A site has one page of them."""
    found = await loaded_centre(ctx, study, site, at)
    items = [QualificationView.of(one) for one in found.state.qualifications]
    return stamped(response, found, Page[QualificationView](items=items))


@router.post("/{qualification}/annulment", **creates(refusals.ANNUL_QUALIFICATION, TEXT_IDENTIFIES))
async def post_qualification_annulment(
    study: StudyId,
    site: SiteId,
    qualification: UUID,
    body: QualificationAnnulmentBody,
    _: Annotated[Who, may(QUALIFY_CENTRE, site_from="site")],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Take a qualification back. Scans that were made under it stay on record; no dose is computed from them."""
    return respond(await centres.annul_qualification(ctx, asked, study, site, qualification, body.reason))
