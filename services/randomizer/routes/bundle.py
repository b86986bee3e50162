"""The bundle of a locked allocation, to take away."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import POSITION_HEADER
from services.randomizer.domain import refusals
from services.randomizer.handlers.bundle import export
from services.randomizer.policy import EXPORT
from services.randomizer.routes.closed import refuse_open_roles_beside
from services.randomizer.routes.common import Ctx

router = APIRouter()

MEDIA_TYPE: Final = "application/jsonl"
_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "JSON Lines", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


async def _taker(request: Request, who: Annotated[Who, may(EXPORT)]) -> Who:
    """Somebody who may have the arms of all sites, and holds no role beside it that may not."""
    refuse_open_roles_beside(request, who, EXPORT)
    return who


@router.get("/allocation/bundle", response_class=Response, responses={**_ANSWER, **problems(refusals.EXPORT)})
async def get_bundle(study: StudyId, _: Annotated[Who, Depends(_taker)], ctx: Ctx) -> Response:
    """Everything that it takes to derive each allocation again, offline: once the allocation is locked.

    One JSON object a line: a header, every stored event of the allocation with its bytes and hashes, and a trailer.
    Subjects and staff stand in it under their pseudonyms, arms and strata in clear. `bundle_verifier.py` reads it.
    """
    bundle = await export(ctx, study)
    return Response(
        bundle.content,
        headers={
            POSITION_HEADER: str(bundle.position),
            "Content-Disposition": f'attachment; filename="{study}-allocation.jsonl"',
        },
        media_type=MEDIA_TYPE,
    )
