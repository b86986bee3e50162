"""The allocation itself: what the sponsor and the statistician do with it, and what all may know of it."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import Field, StrictInt
from starlette.responses import Response

from contracts.events.randomization import Sha256
from contracts.vocabulary.identifiers import StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.as_of import AsOfParameter
from services.chassis.http.idempotency import Command
from services.chassis.http.openapi import problems
from services.chassis.http.provenance import Origin
from services.chassis.http.recorded import respond
from services.randomizer import views
from services.randomizer.domain import refusals
from services.randomizer.domain.commands import ChangeCap, SignDraft
from services.randomizer.handlers import life
from services.randomizer.policy import (
    ACTIVATE,
    CHANGE_CAP,
    CLOSE,
    DRAFT,
    PAUSE,
    READ_ALLOCATION,
    READ_DRAFTS,
    SIGN,
    SIGN_LOCK,
)
from services.randomizer.routes.common import Body, Ctx, Reason, ReasonBody, created, folded
from services.randomizer.views import AllocationView, DraftView

router = APIRouter()

MAX_CAP: Final = 100_000
Version = Annotated[int, Path(ge=1, le=1_000_000)]


class DraftBody(Body):
    """Why a version is drafted, and for a list that was imported its hash. All else stands in the protocol file."""

    reason: Reason
    list_sha256: Sha256 | None = None


class SignatureBody(Body):
    """The hash of the configuration that was read, and why it is signed."""

    configuration_sha256: Sha256
    reason: Reason


class CapBody(Body):
    """The new cap, and why."""

    cap: Annotated[StrictInt, Field(ge=1, le=MAX_CAP, examples=[160])]
    reason: Reason


@router.get("/allocation", responses=problems(refusals.READ))
async def get_allocation(
    study: StudyId, _: Annotated[Who, may(READ_ALLOCATION)], ctx: Ctx, at: AsOfParameter, response: Response
) -> AllocationView:
    """The public side of the allocation: status, strategy, commitment, stamp, cap and how many are randomized."""
    return views.allocation(study, await folded(ctx, study, at, response))


@router.get("/allocation/drafts", responses=problems(refusals.READ))
async def get_drafts(
    study: StudyId, _: Annotated[Who, may(READ_DRAFTS)], ctx: Ctx, at: AsOfParameter, response: Response
) -> Sequence[DraftView]:
    """Every version of the configuration, whole, with who signed it."""
    return views.drafts(study, await folded(ctx, study, at, response))


@router.post("/allocation/drafts", responses=problems(refusals.DRAFT), **created(DraftView))
async def post_draft(
    study: StudyId, body: DraftBody, _: Annotated[Who, may(DRAFT)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Draft the next version as the protocol file describes it. Nothing is allocated by it before two persons sign."""
    return respond(await life.draft(ctx, study, body.list_sha256, body.reason, command, origin))


@router.post("/allocation/drafts/{version}/signatures", responses=problems(refusals.SIGN), **created(DraftView))
async def post_signature(
    study: StudyId,
    version: Version,
    body: SignatureBody,
    _: Annotated[Who, may(SIGN)],
    ctx: Ctx,
    command: Command,
    origin: Origin,
) -> Response:
    """Sign the newest version, by the hash of what you read. Two different persons sign."""
    cmd = SignDraft(study, version, body.configuration_sha256, origin.actor)
    return respond(await life.sign(ctx, cmd, body.reason, command, origin))


@router.post(
    "/allocation/drafts/{version}/activation", responses=problems(refusals.ACTIVATE), **created(AllocationView)
)
async def post_activation(
    study: StudyId, version: Version, _: Annotated[Who, may(ACTIVATE)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Bring a version into force that two persons have signed.

    A seed is made and sealed; its commitment is stamped by the time stamping authority and published. The first version
    opens the allocation, a later one amends it: whom the versions before have allocated stays as allocated.
    """
    return respond(await life.activate(ctx, study, version, command, origin))


@router.post("/allocation/cap", responses=problems(refusals.CHANGE_CAP), **created(AllocationView))
async def post_cap(
    study: StudyId, body: CapBody, _: Annotated[Who, may(CHANGE_CAP)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Move the hard stop on the number of randomized subjects. Changes no draw."""
    return respond(await life.change_cap(ctx, ChangeCap(study, body.cap), body.reason, command, origin))


@router.post("/allocation/pause", responses=problems(refusals.PAUSE), **created(AllocationView))
async def post_pause(
    study: StudyId, body: ReasonBody, _: Annotated[Who, may(PAUSE)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Randomize nobody at any site until recruitment is resumed."""
    return respond(await life.pause(ctx, study, body.reason, command, origin))


@router.post("/allocation/resumption", responses=problems(refusals.RESUME), **created(AllocationView))
async def post_resumption(
    study: StudyId, body: ReasonBody, _: Annotated[Who, may(PAUSE)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Randomize again."""
    return respond(await life.resume(ctx, study, body.reason, command, origin))


@router.post("/allocation/closure", responses=problems(refusals.CLOSE), **created(AllocationView))
async def post_closure(
    study: StudyId, body: ReasonBody, _: Annotated[Who, may(CLOSE)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Randomize nobody any more. Final."""
    return respond(await life.close(ctx, study, body.reason, command, origin))


@router.post("/allocation/lock-signatures", responses=problems(refusals.LOCK), **created(AllocationView))
async def post_lock_signature(
    study: StudyId, body: ReasonBody, _: Annotated[Who, may(SIGN_LOCK)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Sign that the closed allocation is locked. The second person's signature locks it and reveals the seeds."""
    return respond(await life.sign_lock(ctx, study, body.reason, command, origin))
