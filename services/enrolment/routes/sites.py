"""Sites: their opening, their pauses, their delegation log."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from contracts.vocabulary.identifiers import SiteId, StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called, CalledForNew
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import respond
from services.enrolment.bodies.sites import (
    DelegationBody,
    DelegationEndBody,
    PauseBody,
    RequirementBody,
    ResumptionBody,
    SiteBody,
)
from services.enrolment.domain import refusals
from services.enrolment.domain.delegations import DelegateDuty, EndDelegation
from services.enrolment.domain.opening import ActivateSite, MeetRequirement, PauseSite, ResumeSite
from services.enrolment.handlers import sites
from services.enrolment.handlers.past import day_of
from services.enrolment.policy import ACTIVATE_SITE, DELEGATE, MEET_REQUIREMENT, PAUSE_SITE, READ_DELEGATIONS
from services.enrolment.routes.common import Ctx, creates, loaded_site, stamped
from services.enrolment.shown.sites import DelegationsView

router = APIRouter(prefix="/studies/{study}", tags=["enrolment"], route_class=ExactRoute)


@router.post("/sites", **creates(refusals.sites.ACTIVATE_SITE))
async def post_site(
    study: StudyId, body: SiteBody, _: Annotated[Who, may(ACTIVATE_SITE)], ctx: Ctx, asked: CalledForNew
) -> Response:
    """Activate a site: from that day on it may screen. The opening checklist must have been met by then."""
    cmd = ActivateSite(study, body.site, body.name, body.activated_on, body.consent_versions)
    return respond(await sites.activate_site(ctx, asked, cmd))


@router.post("/sites/{site}/requirements", **creates(refusals.sites.MEET_REQUIREMENT))
async def post_requirement(
    study: StudyId,
    site: SiteId,
    body: RequirementBody,
    _: Annotated[Who, may(MEET_REQUIREMENT)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record that a point of the opening checklist was met at a site. Recorded again, it replaces what was recorded."""
    cmd = MeetRequirement(study, site, body.requirement, body.met_on, body.reference, body.version)
    return respond(await sites.meet_requirement(ctx, asked, cmd))


@router.post("/sites/{site}/pause", **creates(refusals.sites.PAUSE_SITE))
async def post_pause(
    study: StudyId,
    site: SiteId,
    body: PauseBody,
    _: Annotated[Who, may(PAUSE_SITE)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Pause a site: nobody is screened, included or randomized there. All else about its subjects goes on."""
    paused_on = body.paused_on or ctx.today(ctx.protocol(study))
    return respond(await sites.pause(ctx, asked, PauseSite(study, site, paused_on), body.reason))


@router.post("/sites/{site}/resumption", **creates(refusals.sites.RESUME_SITE))
async def post_resumption(
    study: StudyId,
    site: SiteId,
    body: ResumptionBody,
    _: Annotated[Who, may(PAUSE_SITE)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Let a paused site enrol again. The days of the pause stay closed."""
    resumed_on = body.resumed_on or ctx.today(ctx.protocol(study))
    return respond(await sites.resume(ctx, asked, ResumeSite(study, site, resumed_on), body.reason))


@router.post("/sites/{site}/delegations", **creates(refusals.delegations.DELEGATE))
async def post_delegation(
    study: StudyId,
    site: SiteId,
    body: DelegationBody,
    _: Annotated[Who, may(DELEGATE, site_from="site")],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Entrust an account with a duty at the site. `person` is the subject of its tokens, never a name.

    The id of the recorded event names the delegation.
    """
    cmd = DelegateDuty(study, site, body.person, body.duty, body.from_on, body.until_on)
    return respond(await sites.delegate(ctx, asked, cmd))


@router.post("/sites/{site}/delegations/{delegation}/end", **creates(refusals.delegations.END_DELEGATION))
async def post_delegation_end(
    study: StudyId,
    site: SiteId,
    delegation: UUID,
    body: DelegationEndBody,
    _: Annotated[Who, may(DELEGATE, site_from="site")],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Take a duty back, as of today or an earlier day. What was done under it stands."""
    ended_on = body.ended_on or ctx.today(ctx.protocol(study))
    return respond(await sites.end_delegation(ctx, asked, EndDelegation(study, site, delegation, ended_on)))


@router.get(
    "/sites/{site}/delegations", responses=problems(refusals.common.UNKNOWN_STUDY, refusals.common.UNKNOWN_SITE)
)
async def get_delegations(
    study: StudyId,
    site: SiteId,
    _: Annotated[Who, may(READ_DELEGATIONS, site_from="site")],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> DelegationsView:
    """The delegation log of a site, from the write side, oldest first; what is over stays in it."""
    found = await loaded_site(ctx, study, site, at)
    day = await day_of(ctx, ctx.protocol(study), at)
    return stamped(response, found, DelegationsView.of(site, found.state, day), more=True)
