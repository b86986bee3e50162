"""Where the site stands that a request touches: functions for `site_from` of `may`."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

ReadSite = Callable[[str], str]
"""The site of a text such as a subject's number. Raises pydantic's ValidationError for one that belongs to none."""


def body_field(name: str, read: ReadSite = str, *, like: str = "") -> Callable[[Request], Awaitable[str]]:
    """The site that a field of the JSON body names, or that `read` makes of it. 422 names the field."""

    async def site(request: Request) -> str:
        body = await request.json() if await request.body() else None
        if not isinstance(body, dict) or name not in body:
            raise RequestValidationError([{"type": "missing", "loc": ("body", name), "input": None}])
        if not isinstance(body[name], str):
            raise RequestValidationError([{"type": "string_type", "loc": ("body", name), "input": None}])
        return _read(read, body[name], ("body", name), like)

    return site


def path_field(name: str, read: ReadSite, *, like: str) -> Callable[[Request], str]:
    """The site that `read` makes of a parameter of the path. A malformed one belongs to no site: 422, `like` that."""

    def site(request: Request) -> str:
        return _read(read, request.path_params[name], ("path", name), like)

    return site


def _read(read: ReadSite, text: str, place: tuple[str, str], like: str) -> str:
    try:
        return read(text)
    except ValidationError:
        error = {"type": "string_pattern_mismatch", "loc": place, "ctx": {"pattern": like}}
        raise RequestValidationError([error]) from None
