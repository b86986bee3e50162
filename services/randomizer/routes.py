"""The randomizer's HTTP side: parse, authorise, call a handler, render."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from contracts.vocabulary.roles import OPEN_ROLES
from services.chassis.auth.guard import EACH, Auth, may
from services.chassis.auth.sites import body_field, path_field
from services.chassis.auth.who import Who
from services.chassis.http.as_of import AsOfParameter
from services.chassis.http.idempotency import Command
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.http.provenance import Origin
from services.chassis.http.recorded import POSITION_HEADER, respond
from services.chassis.refusal import Refused
from services.randomizer import handlers, views
from services.randomizer.domain import refusals
from services.randomizer.domain.commands import ChangeCap
from services.randomizer.domain.refusals import OPEN_ROLE_BESIDE_CLOSED
from services.randomizer.domain.state import INITIAL, Allocation, allocation_stream, evolve
from services.randomizer.handlers import Context
from services.randomizer.policy import (
    ACTIVATE,
    CHANGE_CAP,
    RANDOMIZE,
    READ_ALLOCATION,
    READ_ARM,
    READ_RANDOMIZATIONS,
)
from services.randomizer.views import AllocationView, RandomizationView, RandomizedSubject

router = APIRouter(prefix="/studies/{study}", tags=["randomizer"])

MAX_CAP: Final = 100_000
_site_in_path: Final = path_field("subject", site_of, like="01-001")
_site_in_body: Final = body_field("subject", site_of, like="01-001")


def context(request: Request) -> Context:
    """What the lifespan yielded."""
    ctx: Context = request.app.state.services
    return ctx


Ctx = Annotated[Context, needs(context)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RandomizeBody(_Body):
    """Whom to randomize. The strata are not asked for: enrolment derives them."""

    subject: SubjectId = Field(examples=["01-001"])


class CapBody(_Body):
    """The new cap, and why. The reason is kept in clear for ever: nothing about a person belongs in it."""

    cap: Annotated[StrictInt, Field(ge=1, le=MAX_CAP, examples=[160])]
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=3, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$"),
        Field(examples=["Amendment 3: sample size re-estimated"]),
    ]


async def _reader_of_arms(request: Request, who: Annotated[Who, may(READ_ARM, site_from=_site_in_path)]) -> Who:
    """Somebody of the subject's own site, or somebody with a closed role and no open one beside it (ruling 20)."""
    if beside := who.roles & OPEN_ROLES:
        auth: Auth = request.app.state.auth
        if not auth.policy.decide(replace(who, roles=beside), READ_ARM, _site_in_path(request)).allowed:
            raise Refused(OPEN_ROLE_BESIDE_CLOSED, roles=beside)
    return who


async def _folded(ctx: Context, study: str, at: Any, response: Response) -> Allocation:
    ctx.protocol(study)
    loaded = await ctx.facts.load(allocation_stream(study), INITIAL, evolve, as_of=at)
    response.headers[POSITION_HEADER] = str(loaded.position)
    return loaded.state


def _created(view: type[BaseModel]) -> Mapping[str, Any]:
    return {"status_code": 201, "response_model": view}


@router.post("/allocation", responses=problems(refusals.ACTIVATE), **_created(AllocationView))
async def post_allocation(
    study: StudyId, _: Annotated[Who, may(ACTIVATE)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Activate the allocation as the protocol file describes it.

    A seed is made and sealed, its commitment is published. Once per study, before the first subject.
    """
    return respond(await handlers.activate(ctx, study, command, origin))


@router.get("/allocation", responses=problems(refusals.READ))
async def get_allocation(
    study: StudyId, _: Annotated[Who, may(READ_ALLOCATION)], ctx: Ctx, at: AsOfParameter, response: Response
) -> AllocationView:
    """The public side of the allocation: strategy, commitment, cap and how many are randomized."""
    return views.allocation(study, await _folded(ctx, study, at, response))


@router.post("/allocation/cap", responses=problems(refusals.CHANGE_CAP), **_created(AllocationView))
async def post_cap(
    study: StudyId, body: CapBody, _: Annotated[Who, may(CHANGE_CAP)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Move the hard stop on the number of randomized subjects. Changes no draw."""
    return respond(await handlers.change_cap(ctx, ChangeCap(study, body.cap), body.reason, command, origin))


@router.post("/randomizations", responses=problems(refusals.RANDOMIZE), **_created(RandomizationView))
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
    return respond(await handlers.randomize(ctx, study, body.subject, command, origin))


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
    state = await _folded(ctx, study, at, response)
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
    """One subject with its arm."""
    return views.randomization(study, await _folded(ctx, study, at, response), subject)
