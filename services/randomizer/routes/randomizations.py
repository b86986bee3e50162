"""Randomizing a subject, and reading who is randomized."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.auth.guard import EACH, may
from services.chassis.auth.sites import body_field, path_field
from services.chassis.auth.who import Who
from services.chassis.http.as_of import AsOfParameter
from services.chassis.http.idempotency import Command
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.http.provenance import Origin
from services.chassis.http.recorded import respond
from services.randomizer import views
from services.randomizer.domain import refusals
from services.randomizer.handlers.randomize import randomize
from services.randomizer.policy import RANDOMIZE, READ_ARM, READ_RANDOMIZATIONS
from services.randomizer.routes.closed import refuse_open_roles_beside
from services.randomizer.routes.common import Body, Ctx, created, folded, queued
from services.randomizer.views import RandomizationView, RandomizedSubject

router = APIRouter()

_site_in_path: Final = path_field("subject", site_of, like="01-001")
_site_in_body: Final = body_field("subject", site_of, like="01-001")


class RandomizeBody(Body):
    """Whom to randomize. The strata are not asked for: enrolment derives them."""

    subject: SubjectId = Field(examples=["01-001"])


async def _reader_of_arms(request: Request, who: Annotated[Who, may(READ_ARM, site_from=_site_in_path)]) -> Who:
    """Somebody of the subject's own site, or somebody with a closed role and no open one beside it (ruling 20)."""
    refuse_open_roles_beside(request, who, READ_ARM, _site_in_path(request))
    return who


@router.post("/randomizations", responses=problems(refusals.RANDOMIZE), **created(RandomizationView))
async def post_randomization(
    study: StudyId,
    body: RandomizeBody,
    _: Annotated[Who, may(RANDOMIZE, site_from=_site_in_body)],
    ctx: Ctx,
    command: Command,
    origin: Origin,
) -> Response:
    """Allocate a subject of your own site to an arm. The answer is final; repeat the request if none arrives.

    Enrolment is asked whether the subject may be randomized now; its reasons are passed on when it may not.
    """
    return respond(await randomize(ctx, study, body.subject, command, origin))


@router.get("/randomizations", responses=problems(refusals.READ))
async def get_randomizations(
    study: StudyId,
    who: Annotated[Who, may(READ_RANDOMIZATIONS, site_from=EACH)],
    ctx: Ctx,
    at: AsOfParameter,
    page: Paged,
    response: Response,
) -> Page[RandomizedSubject]:
    """Randomized subjects by number, without arm and stratum. Site roles see those of their own site."""
    state = await folded(ctx, study, at, response)
    after = page.after if isinstance(page.after, int) else 0
    found = views.randomizations(state, who.covers, after=after)
    shown = found[: page.limit]
    last = shown[-1].randomization_number if shown else after
    return page.page(shown, more=len(found) > len(shown), last=last)


@router.get("/randomizations/{subject}", responses=problems(refusals.READ_ONE))
async def get_randomization(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, Depends(_reader_of_arms)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> RandomizationView:
    """One subject with its arm, and what was found out about its randomization later."""
    state = await folded(ctx, study, at, response)
    return views.randomization(study, state, await queued(ctx, study, at, response), subject)
