"""What enrolment's routes share: what the lifespan yields, and where a subject's site stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from contracts.events.enrolment import TOPIC
from contracts.vocabulary.identifiers import site_of
from services.chassis.auth.sites import path_field
from services.chassis.folds import Loaded
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
from services.chassis.refusal import Refused
from services.chassis.sealing.port import KEY_DESTROYED, TEXT_TOO_LONG
from services.chassis.webhooks.port import Webhooks
from services.enrolment.domain import refusals
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import screened
from services.enrolment.handlers import past
from services.enrolment.handlers.context import Context
from services.enrolment.shown.recorded import RecordedView
from services.enrolment.views.readers import Views

T = TypeVar("T")
V = TypeVar("V", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Services:
    """What the lifespan yields: the handlers' context, the read models, what folds them as they were, webhooks."""

    context: Context
    views: Views
    past: Past
    webhooks: Webhooks

    @property
    def texts(self) -> Texts:
        """For the routes of the quarantine."""
        return self.context.texts


def services(request: Request) -> Services:
    """What the lifespan yielded."""
    served: Services = request.app.state.services
    return served


def context(request: Request) -> Context:
    """What the handlers work with."""
    return services(request).context


Ctx = Annotated[Context, needs(context)]


NOTED: Final = (KEY_DESTROYED, TEXT_TOO_LONG, TEXT_IDENTIFIES, TEXT_QUARANTINED)
"""What a note can be refused for, beside the refusals of the command that it belongs to."""
site_in_path: Final = path_field("subject", site_of, like="01-001")


def creates(*declared: Any, view: type[BaseModel] = RecordedView) -> Mapping[str, Any]:
    """Of a route that records something: its answer, and the refusals that it can give."""
    return {"status_code": 201, "response_model": view, "responses": problems(*declared)}


async def loaded_site(ctx: Context, study: str, site: str, at: Moment) -> Loaded[Site]:
    """A site from the write side. Its version is that of its conduct, on which commands depend."""
    found = await past.site_at(ctx, study, site, at)
    if not found.state.known:
        raise Refused(refusals.common.UNKNOWN_SITE)
    return found


async def loaded_subject(ctx: Context, study: str, subject: str, at: Moment) -> Loaded[Subject]:
    """A subject from the write side, as recorded by then and of that day."""
    loaded = await past.subject_at(ctx, study, subject, at)
    screened(loaded.state)
    return loaded


def stamped(response: Response, loaded: Loaded[Any], view: V, *, more: bool = False) -> V:
    """Say in the answer's headers which version was read, and as of which position.

    `more`: the view depends on more than the stream, such as today's date; its tag then does so too.
    """
    response.headers["ETag"] = etag(loaded.version, view if more else None)
    response.headers[POSITION_HEADER] = str(loaded.position)
    return view


def stamped_blind(response: Response, loaded: Loaded[Subject], view: V) -> V:
    """As `stamped`, for who may not see treatment: version and position would count what is kept from them.

    The tag is of what is shown alone, and no command can depend on it.
    """
    position = last_seen(loaded.state, loaded.position)
    response.headers["ETag"] = weak_etag(position, view)
    response.headers[POSITION_HEADER] = str(position)
    return view


def last_seen(subject: Subject, otherwise: int) -> int:
    """The position of the last standing fact that tells no arm; `otherwise`, of somebody of whom no fact stands."""
    return max((one.position for one in subject.history if one.fact.topic == TOPIC), default=otherwise)


def listed(response: Response, position: int, page: Page[T]) -> Page[T]:
    """Say in the answer's headers up to which position a list was folded."""
    response.headers["ETag"] = weak_etag(position, page)
    response.headers[POSITION_HEADER] = str(position)
    return page
