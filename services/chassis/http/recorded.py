"""How the outcome of a command is answered."""

from starlette.responses import Response

from contracts.events.registry import canonical
from services.chassis.facts import Outcome

POSITION_HEADER = "Reluth-Position"
REPLAYED_HEADER = "Idempotent-Replayed"


def respond(outcome: Outcome) -> Response:
    """The stored answer, with where its facts stand: `ETag` is the version of the stream, `Reluth-Position` the place
    in the service's log, to be handed to `?consistency=`. A repeated command gets the same bytes again.

    Where nothing was published there is no position: who waited for one would wait in vain.
    """
    headers = {} if outcome.published is None else {POSITION_HEADER: str(outcome.published)}
    if outcome.version is not None:
        headers["ETag"] = f'"{outcome.version}"'
    if outcome.replayed:
        headers[REPLAYED_HEADER] = "true"
    return Response(canonical(outcome.answer.body), outcome.answer.status, headers, media_type="application/json")
