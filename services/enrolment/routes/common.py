"""What enrolment's routes share: what the lifespan yields, and where a subject's site stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.vocabulary.identifiers import site_of
from services.chassis.auth.sites import path_field
from services.chassis.folds import Loaded
from services.chassis.http.as_of import AsOf
from services.chassis.http.conditional import etag
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import POSITION_HEADER
from services.chassis.refusal import Refused
from services.enrolment import bodies
from services.enrolment.domain import refusals
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.handlers.context import Context
from services.enrolment.views import Views


@dataclass(frozen=True, slots=True)
class Services:
    """What the lifespan yields: the handlers' context, and the read models."""

    context: Context
    views: Views


def services(request: Request) -> Services:
    """What the lifespan yielded."""
    served: Services = request.app.state.services
    return served


def context(request: Request) -> Context:
    """What the handlers work with."""
    return services(request).context


Ctx = Annotated[Context, needs(context)]


site_in_path: Final = path_field("subject", site_of, like="01-001")


def creates(*declared: Any, view: type[BaseModel] = bodies.RecordedView) -> Mapping[str, Any]:
    """Of a route that records something: its answer, and the refusals that it can give."""
    return {"status_code": 201, "response_model": view, "responses": problems(*declared)}


async def loaded_site(ctx: Context, study: str, site: str, at: AsOf, response: Response) -> Site:
    """A site from the write side. In the answer's headers stand the version of its conduct, on which commands depend,
    and the position that it was read at."""
    ctx.protocol(study)
    opened = await ctx.facts.load(site_stream(study, site), Site(), evolve_site, as_of=at)
    conduct = await ctx.facts.load(conduct_stream(study, site), Site(), evolve_site, as_of=at)
    found = opened.state.conducted(conduct.state)
    if not found.known:
        raise Refused(refusals.UNKNOWN_SITE)
    stamp(response, replace(conduct, position=max(opened.position, conduct.position)))
    return found


def stamp(response: Response, loaded: Loaded[Any]) -> None:
    """Say in the answer's headers which version was read, and as of which position."""
    response.headers["ETag"] = etag(loaded.version)
    response.headers[POSITION_HEADER] = str(loaded.position)
