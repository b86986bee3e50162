"""What dosimetry's routes share: what the lifespan yields, who may read, and what a read says in its headers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.vocabulary.identifiers import site_of
from contracts.vocabulary.roles import OPEN_ROLES
from services.chassis.auth.guard import Auth, may
from services.chassis.auth.sites import path_field
from services.chassis.auth.who import Who
from services.chassis.folds import Loaded
from services.chassis.http.conditional import etag
from services.chassis.http.moment import Moment
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import POSITION_HEADER
from services.chassis.refusal import Refused
from services.dosimetry.domain.refusals import OPEN_ROLE_BESIDE_CLOSED
from services.dosimetry.domain.state import (
    INITIAL,
    Centre,
    SubjectDosimetry,
    centre_stream,
    dosimetry_stream,
    evolve,
    evolve_centre,
)
from services.dosimetry.handlers.context import Context
from services.dosimetry.handlers.past import stream_at
from services.dosimetry.policy import READ_DOSIMETRY
from services.dosimetry.shown.recorded import RecordedView

V = TypeVar("V", bound=BaseModel)


def context(request: Request) -> Context:
    """What the lifespan yielded."""
    served: Context = request.app.state.services
    return served


Ctx = Annotated[Context, needs(context)]
site_in_path: Final = path_field("subject", site_of, like="01-001")


def creates(*declared: Any, view: type[BaseModel] = RecordedView) -> Mapping[str, Any]:
    """Of a route that records something: its answer, and the refusals that it can give."""
    return {"status_code": 201, "response_model": view, "responses": problems(*declared)}


async def reader_of_doses(request: Request, who: Annotated[Who, may(READ_DOSIMETRY, site_from=site_in_path)]) -> Who:
    """Somebody of the subject's own site, or somebody with a closed role and no open one beside it (ruling 20)."""
    auth: Auth = request.app.state.auth
    beside = who.roles & OPEN_ROLES
    if beside:
        alone = replace(who, roles=beside)
        if not auth.policy.decide(alone, READ_DOSIMETRY, site_in_path(request)).allowed:
            raise Refused(OPEN_ROLE_BESIDE_CLOSED, roles=beside)
    return who


async def loaded_subject(ctx: Context, study: str, subject: str, at: Moment) -> Loaded[SubjectDosimetry]:
    """A subject as recorded by then and of that day. Raises `Refused` (410) for one that was erased."""
    ctx.protocol(study)
    await ctx.not_erased(study, subject)
    return await stream_at(ctx, dosimetry_stream(study, subject), INITIAL, evolve, at)


async def loaded_centre(ctx: Context, study: str, site: str, at: Moment) -> Loaded[Centre]:
    """A site's qualifications as recorded by then and of that day."""
    ctx.protocol(study)
    return await stream_at(ctx, centre_stream(study, site), Centre(), evolve_centre, at)


def stamped(response: Response, found: Loaded[Any], view: V, *, more: bool = False) -> V:
    """Say in the answer's headers which version was read, and as of which position.

    `more`: the view depends on more than the stream; its tag then does so too.
    """
    response.headers["ETag"] = etag(found.version, view if more else None)
    response.headers[POSITION_HEADER] = str(found.position)
    return view
