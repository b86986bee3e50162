"""The identity of a command, from the header `Idempotency-Key`."""

import json
from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from services.chassis.auth.guard import authenticated, dependencies_of
from services.chassis.command import CommandId
from services.chassis.http.bodies import BODY, JSON
from services.chassis.http.refusals import KEY_MALFORMED, KEY_MISSING
from services.chassis.http.routing import template_of
from services.chassis.refusal import Refused

KEY_HEADER: Final = "Idempotency-Key"
MAX_KEY: Final = 255


async def command_id(
    request: Request,
    _: Annotated[
        str | None,
        Header(
            alias=KEY_HEADER,
            description="New for every new command, the same for its repetitions: 1 to 255 visible ASCII characters.",
            examples=["01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"],
            json_schema_extra={"minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$"},
        ),
    ] = None,
) -> CommandId:
    """Who says what, where, under which key. Raises `Refused` (400).

    The key is bound to caller, method and route, so the same text sent by another person or to another address is
    another key. The hash covers the address and the body: a command must say everything there, not in its query.
    """
    who = await authenticated(request)
    values = request.headers.getlist(KEY_HEADER)
    if not values:
        raise Refused(KEY_MISSING)
    key = values[0]
    if len(values) > 1 or not 0 < len(key) <= MAX_KEY or not all("!" <= c <= "~" for c in key):
        raise Refused(KEY_MALFORMED)
    scope = [who.actor, request.method, template_of(request), key]
    asked = [request.method, request.scope["path"], _said(request)]
    return CommandId(key=sha256(_canonical(scope)).hexdigest(), request_hash=sha256(_canonical(asked)).digest())


Command = Annotated[CommandId, Depends(command_id)]
"""`command: Command` in the signature of every route that creates a fact, after the guard."""


def asks() -> Any:
    """Mark a POST that creates no fact, such as a question with a body: `dependencies=[asks()]`."""
    return Depends(_asks)


async def _asks() -> None:
    """Nothing to check."""


class UnrepeatableRoute(Exception):
    """A POST could create a fact twice when it is repeated."""


def require_idempotent_posts(routes: Sequence[BaseRoute]) -> None:
    """Refuse a POST route that neither depends on `Command` nor says that it only `asks()`."""
    for route in iter_route_contexts(routes):
        dependant = getattr(route, "dependant", None)
        if "POST" not in (route.methods or ()) or not isinstance(dependant, Dependant):
            continue
        calls = list(dependencies_of(dependant))
        if command_id not in calls and _asks not in calls:
            raise UnrepeatableRoute(f"POST {route.path} depends neither on Command nor on asks()")


def _said(request: Request) -> object:
    if JSON in request.scope:
        return request.scope[JSON]
    body: bytes = request.scope.get(BODY, b"")
    return sha256(body).hexdigest() if body else None


def _exactly(value: object) -> dict[str, str]:
    """A fraction digit by digit: two doses that differ beyond binary precision are two requests."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} in a parsed JSON document")
    return {"decimal": str(value)}


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_exactly)


def _canonical(value: object) -> bytes:
    return _ENCODER.encode(value).encode()
