"""The API document, made from the refusals themselves, so that it cannot lag behind them."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from pydantic.json_schema import models_json_schema

from services.chassis.auth.guard import Guard, dependencies_of
from services.chassis.auth.refusals import NOT_PERMITTED, TOKEN_MISSING, TOKEN_NOT_ACCEPTED
from services.chassis.http import refusals as every
from services.chassis.http.conditional import if_match, if_match_required
from services.chassis.http.consistency import Consistency
from services.chassis.http.examples import Examples, show
from services.chassis.http.idempotency import KEY_HEADER, command_id
from services.chassis.http.paging import page_request
from services.chassis.http.problem import EXAMPLE_INSTANCE, MEDIA_TYPE, Problem, Violation, body_of
from services.chassis.http.recorded import POSITION_HEADER, REPLAYED_HEADER
from services.chassis.http.request import CORRELATION_HEADER
from services.chassis.refusal import Refusal

_REF: Final = "#/components/schemas/{model}"
_METHODS: Final = ("get", "put", "post", "delete", "patch")
_TAG: Final = "The version of what was changed or read. Send it back in `If-Match`, or in `If-None-Match` for a 304."
_NOT_AN_ORDER: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "An `ETag` that you hold: where it is still the answer's, the answer is 304 without a body.",
    "schema": {"type": "string"},
}


def problems(*declared: Refusal | Iterable[Refusal]) -> dict[int | str, dict[str, Any]]:
    """What a route may refuse, for its `responses=`. Takes refusals and collections of them."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for refusal in _flat(declared):
        response = by_status.setdefault(refusal.status, _response())
        _add(response, refusal)
    return by_status


def document(app: FastAPI, examples: Examples) -> dict[str, Any]:
    """FastAPI's own document with every failure as a problem, the guards as security, all headers, and examples."""
    made: dict[str, Any] = FastAPI.openapi(app)
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _, definitions = models_json_schema([(Problem, "serialization"), (Violation, "serialization")], ref_template=_REF)
    schemas.update(definitions["$defs"])
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "OpenID Connect"}
    }
    for route in iter_route_contexts(app.routes):
        operations = made["paths"].get(route.path_format, {})
        for method in route.methods or ():
            if method.lower() in _METHODS and method.lower() in operations:
                _complete(operations[method.lower()], route)
                show(operations[method.lower()], examples.get(operations[method.lower()]["operationId"], {}))
    return made


def _complete(operation: dict[str, Any], route: RouteContext) -> None:
    dependant = route.dependant
    calls = list(dependencies_of(dependant)) if isinstance(dependant, Dependant) else []
    guards = [call for call in calls if isinstance(call, Guard)]
    if guards:
        operation["security"] = [{"bearer": []}]
        operation["x-actions"] = sorted(guard.action.name for guard in guards)
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == KEY_HEADER:
            parameter["required"] = True
            parameter["schema"].pop("anyOf", None)
            parameter["schema"]["type"] = "string"
    _headers(operation, creates=command_id in calls, reads=bool(guards) and "GET" in (route.methods or ()))
    responses = operation["responses"]
    # The framework's own 422 speaks of a form that we do not answer in.
    if MEDIA_TYPE not in responses.get("422", {}).get("content", {}):
        responses.pop("422", None)
    for refusal in _met_by(operation, calls, bool(guards)):
        _add(responses.setdefault(str(refusal.status), _response()), refusal)


def _headers(operation: dict[str, Any], *, creates: bool, reads: bool) -> None:
    """What an answer says beside its body."""
    said = {CORRELATION_HEADER: "Names this request; quote it when asking for help."}
    if creates or reads:
        said["ETag"] = _TAG + ("" if creates else " Not every read has one.")
    if creates:
        said[POSITION_HEADER] = "Where the fact stands in the log; hand it to `?consistency=` to read your own writes."
        said[REPLAYED_HEADER] = "`true` when the same command was answered before: this is that answer again."
    if reads:
        operation.setdefault("parameters", []).append(dict(_NOT_AN_ORDER))
        operation["responses"]["304"] = {"description": "What you hold is what would be answered."}
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            response["headers"] = {
                name: {"description": text, "schema": {"type": "string"}} for name, text in said.items()
            }


def _met_by(operation: dict[str, Any], calls: list[object], guarded: bool) -> Iterator[Refusal]:
    """The refusals that a route meets because of how it is built."""
    yield every.UNACCEPTABLE_URL
    yield every.UNEXPECTED
    yield every.UNAVAILABLE
    if guarded:
        yield from (TOKEN_MISSING, TOKEN_NOT_ACCEPTED, NOT_PERMITTED)
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", ())):
        yield every.ROUTE_UNKNOWN
    if operation.get("parameters") or operation.get("requestBody"):
        yield every.INVALID_REQUEST
    # A body that nobody asked for is looked at as well.
    yield from (every.MALFORMED_JSON, every.UNACCEPTABLE_JSON, every.JSON_TOO_DEEP, every.BAD_LENGTH)
    yield from (every.BODY_TOO_LARGE, every.UNSUPPORTED_MEDIA_TYPE)
    if command_id in calls:
        yield from (every.KEY_MISSING, every.KEY_MALFORMED, every.KEY_REUSED, every.VERSION_CONFLICT)
    if if_match in calls or if_match_required in calls:
        yield every.PRECONDITION_FAILED
    if if_match_required in calls:
        yield every.PRECONDITION_REQUIRED
    if any(isinstance(call, Consistency) for call in calls):
        yield every.NOT_YET_CONSISTENT
    if page_request in calls:
        yield every.CURSOR_NOT_ACCEPTED


def _response() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": "", "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}}}


def _add(response: dict[str, Any], refusal: Refusal) -> None:
    examples = response.setdefault("content", {}).setdefault(MEDIA_TYPE, _response()["content"][MEDIA_TYPE])
    examples = examples.setdefault("examples", {})
    if refusal.code not in examples:
        examples[refusal.code] = {"summary": refusal.title, "value": body_of(refusal, {}, (), EXAMPLE_INSTANCE)}
        response["description"] = " ".join(f"`{code}`: {entry['summary']}" for code, entry in examples.items())


def _flat(declared: Iterable[Refusal | Iterable[Refusal]]) -> Iterator[Refusal]:
    for item in declared:
        if isinstance(item, Refusal):
            yield item
        else:
            yield from item
