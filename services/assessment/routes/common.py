"""What assessment's routes share: what the lifespan yields, and what a read says in its headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.vocabulary.identifiers import site_of
from services.assessment.domain.recist.of_facts import TENTHS
from services.assessment.handlers.context import Context
from services.assessment.handlers.past import stream_at
from services.assessment.views.readers import Views
from services.chassis.auth.sites import path_field
from services.chassis.folds import Evolve, Loaded
from services.chassis.freetext.clear import TEXT_IDENTIFIES
from services.chassis.http.conditional import etag, weak_etag
from services.chassis.http.moment import Moment
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import POSITION_HEADER
from services.chassis.projections.past import Past
from services.chassis.quarantine.port import TEXT_QUARANTINED
from services.chassis.quarantine.texts import Texts
from services.chassis.sealing.port import KEY_DESTROYED, TEXT_TOO_LONG

S = TypeVar("S")
T = TypeVar("T")
V = TypeVar("V", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Services:
    """What the lifespan yields: the handlers' context, the read models, and what folds them as they were."""

    context: Context
    views: Views
    past: Past

    @property
    def texts(self) -> Texts:
        """The free texts of this service, for the routes of those that are held."""
        return self.context.texts


def services(request: Request) -> Services:
    """What the lifespan yielded."""
    served: Services = request.app.state.services
    return served


def context(request: Request) -> Context:
    """What the handlers work with."""
    return services(request).context


Ctx = Annotated[Context, needs(context)]
Served = Annotated[Services, needs(services)]
NOTED: Final = (KEY_DESTROYED, TEXT_TOO_LONG, TEXT_IDENTIFIES, TEXT_QUARANTINED)
"""What a comment can be refused for, beside the refusals of the command that it belongs to."""
site_in_path: Final = path_field("subject", site_of, like="01-001")


def creates(*declared: Any, view: type[BaseModel]) -> Mapping[str, Any]:
    """Of a route that records something: its answer, and the refusals that it can give."""
    return {"status_code": 201, "response_model": view, "responses": problems(*declared)}


def too_small(ctx: Context, study: str) -> int:
    """Tenths of a millimetre of a lesion that is there and too small to be measured; 0 where nothing is measured."""
    rules = ctx.protocol(study).tumour_response
    return rules.too_small_mm * TENTHS if rules is not None else 0


async def loaded(
    ctx: Context, study: str, subject: str, stream: str, initial: S, evolve: Evolve[S], at: Moment
) -> Loaded[S]:
    """A stream of a subject, as recorded by then and of that day. Raises `Refused` (410) for one that was erased."""
    ctx.protocol(study)
    await ctx.not_erased(study, subject)
    return await stream_at(ctx, stream, initial, evolve, at)


def stamped(response: Response, found: Loaded[Any], view: V, *, more: bool = False) -> V:
    """Say in the answer's headers which version was read, and as of which position.

    `more`: the view depends on more than the stream; its tag then does so too.
    """
    response.headers["ETag"] = etag(found.version, view if more else None)
    response.headers[POSITION_HEADER] = str(found.position)
    return view


def listed(response: Response, position: int, page: Page[T]) -> Page[T]:
    """Say in the answer's headers up to which position a list was folded."""
    response.headers["ETag"] = weak_etag(position, page)
    response.headers[POSITION_HEADER] = str(position)
    return page


def listed_one(response: Response, position: int, view: V) -> V:
    """As `listed`, of something computed over a whole list."""
    response.headers["ETag"] = weak_etag(position, view)
    response.headers[POSITION_HEADER] = str(position)
    return view
