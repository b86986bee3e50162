"""From the outcome of a command to its HTTP answer, and from a request to the provenance of its facts."""

from typing import Final

from starlette.responses import JSONResponse, Response

from contracts.events.envelope import Provenance
from services.chassis.auth.who import Who
from services.chassis.facts import Outcome
from services.chassis.http.conditional import etag
from services.chassis.telemetry.context import correlation_id_from, current_request
from services.chassis.telemetry.tracing import traceparent

POSITION_HEADER: Final = "Log-Position"
REPLAYED_HEADER: Final = "Idempotency-Replayed"


def answer(outcome: Outcome, *, location: str | None = None) -> Response:
    """The stored answer, to the byte the same for every repetition; headers say where its facts stand.

    `Log-Position` is what a caller passes as `consistency` to a read model that follows this service.
    """
    headers = {POSITION_HEADER: str(outcome.position), REPLAYED_HEADER: str(outcome.replayed).lower()}
    if outcome.version is not None:
        headers["ETag"] = etag(outcome.version)
    if location is not None:
        headers["Location"] = location
    return JSONResponse(dict(outcome.answer.body), status_code=outcome.answer.status, headers=headers)


def stamp(response: Response, *, version: int | None = None, position: int | None = None) -> None:
    """Say on a read which version it shows and up to which position it holds."""
    if version is not None:
        response.headers["ETag"] = etag(version)
    if position is not None:
        response.headers[POSITION_HEADER] = str(position)


def provenance(who: Who, *, site: str | None = None) -> Provenance:
    """Who acts in this request, in which capacity, and what it belongs to."""
    request = current_request()
    return Provenance(
        actor=who.actor,
        roles=tuple(sorted(who.roles)),
        site=site,
        correlation_id=request.correlation_id if request else correlation_id_from(None),
        causation_id=None,
        traceparent=traceparent(),
    )
