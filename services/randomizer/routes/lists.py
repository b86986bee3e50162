"""Lists that a statistician made elsewhere. They come in here, and no route shows one."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from pydantic import Field, StrictStr
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.idempotency import Command
from services.chassis.http.openapi import problems
from services.chassis.http.provenance import Origin
from services.chassis.http.recorded import respond
from services.randomizer.domain import refusals
from services.randomizer.handlers.lists import import_list
from services.randomizer.policy import IMPORT_LIST
from services.randomizer.routes.closed import refuse_open_roles_beside
from services.randomizer.routes.common import Body, Ctx, Reason, created
from services.randomizer.views import ListView

router = APIRouter()

_EXAMPLE: Final = (
    "# arms: A=Two additional cycles of Lutathera; B=Active surveillance\n# rows: 2352\n...\n# end: 2352\n"
)


class ListBody(Body):
    """A list, as the text of its file, and why it is imported. docs/howto-import-a-list.md describes the format."""

    text: StrictStr = Field(repr=False, min_length=1, examples=[_EXAMPLE])
    reason: Reason


async def _importer(request: Request, who: Annotated[Who, may(IMPORT_LIST)]) -> Who:
    """Somebody who may know all arms to come, and holds no role beside it that may not."""
    refuse_open_roles_beside(request, who, IMPORT_LIST)
    return who


@router.post("/allocation/lists", responses=problems(refusals.IMPORT_LIST), **created(ListView))
async def post_list(
    study: StudyId, body: ListBody, _: Annotated[Who, Depends(_importer)], ctx: Ctx, command: Command, origin: Origin
) -> Response:
    """Import a list that subjects may be allocated by, once a draft names its hash.

    It is checked whole: everything that is wrong with it is answered at once, by line. A list in which nothing is wrong
    is sealed, and shown to nobody before the allocation is locked.
    """
    return respond(await import_list(ctx, study, body.text, body.reason, command, origin))
