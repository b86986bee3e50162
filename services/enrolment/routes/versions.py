"""By which versions a site works: of the protocol, and of the consent that subjects sign."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from contracts.vocabulary.identifiers import SiteId, StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import respond
from services.enrolment.bodies.versions import AmendmentBody, ConsentVersionBody
from services.enrolment.domain import refusals
from services.enrolment.domain.amendments import AdoptAmendment, ApproveConsentVersion
from services.enrolment.handlers import past, sites
from services.enrolment.policy import ADOPT_AMENDMENT, APPROVE_CONSENT, READ_SUBJECTS
from services.enrolment.routes.common import Ctx, creates, loaded_site, stamped
from services.enrolment.shown.versions import ReconsentsView, ReconsentView

router = APIRouter(prefix="/studies/{study}", tags=["enrolment"], route_class=ExactRoute)


@router.post("/sites/{site}/amendments", **creates(refusals.versions.ADOPT_AMENDMENT))
async def post_amendment(
    study: StudyId,
    site: SiteId,
    body: AmendmentBody,
    _: Annotated[Who, may(ADOPT_AMENDMENT)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Let a site work by a later version of the protocol from a day on. What was decided before stands.

    The site's checklist must say that this version is approved. The day may lie ahead.
    """
    cmd = AdoptAmendment(study, site, body.protocol_version, body.effective_on)
    return respond(await sites.adopt_amendment(ctx, asked, cmd))


@router.post("/sites/{site}/consent-versions", **creates(refusals.versions.APPROVE_CONSENT))
async def post_consent_version(
    study: StudyId,
    site: SiteId,
    body: ConsentVersionBody,
    _: Annotated[Who, may(APPROVE_CONSENT)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Let a site use a version of the consent from a day on.

    With `reconsent_by` it replaces those before it, and whoever signed one of those signs this one by then.
    """
    cmd = ApproveConsentVersion(study, site, body.version, body.approved_from, body.reconsent_by)
    return respond(await sites.approve_consent(ctx, asked, cmd))


@router.get("/sites/{site}/reconsents", responses=problems(refusals.common.UNKNOWN_STUDY, refusals.common.UNKNOWN_SITE))
async def get_reconsents(
    study: StudyId,
    site: SiteId,
    _: Annotated[Who, may(READ_SUBJECTS, site_from="site")],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> ReconsentsView:
    """Who has to sign a later version of the consent at a site, from the write side, by number."""
    found = await loaded_site(ctx, study, site, at)
    day = await past.day_of(ctx, ctx.protocol(study), at)
    due = await sites.reconsents(ctx, study, site, found.state, day, at)
    items = [ReconsentView.of(subject, one) for subject, one in due]
    return stamped(response, found, ReconsentsView(site=site, on=day, reconsents=items), more=True)
