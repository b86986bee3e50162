"""ETag, If-Match, If-None-Match: a strong tag begins with the version of the stream that a resource is folded from."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.http.refusals import PRECONDITION_FAILED, PRECONDITION_REQUIRED
from services.chassis.refusal import Refused

_TAG: Final = re.compile(r'\s*(W/)?"([\x21\x23-\x7e]*)"\s*')
_VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,17})(?:-[0-9a-f]{16})?")
_OF_THE_BODY: Final = ("content-length", "content-type", "content-encoding")


def etag(version: int, shown: BaseModel | None = None) -> str:
    """The tag of a resource at that version of its stream.

    Give what is `shown` where it depends on more than the stream, such as today's date: the tag of a stream that rests
    would otherwise say that nothing has changed. `If-Match` reads the version and passes over the rest.
    """
    return f'"{version}"' if shown is None else f'"{version}-{_digest(shown)}"'


def weak_etag(position: int, shown: BaseModel) -> str:
    """The tag of a page of a list, folded up to that position. It names no version: no command depends on a list."""
    return f'W/"{position}-{_digest(shown)}"'


def _digest(shown: BaseModel) -> str:
    return sha256(shown.model_dump_json().encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The versions that the caller has read. None: the caller named none, or any (`*`)."""

    versions: frozenset[int] | None = None

    @property
    def expected(self) -> int | None:
        """The version to load with, when exactly one was named."""
        return next(iter(self.versions)) if self.versions is not None and len(self.versions) == 1 else None

    def require(self, actual: int) -> None:
        """Raise `Refused` (412) unless the present version is one of those."""
        if self.versions is not None and actual not in self.versions:
            raise Refused(PRECONDITION_FAILED, actual=actual)


_HEADER: Final = Header(
    alias="If-Match", description="The ETag of the state that this command was decided on.", examples=['"3"']
)


async def if_match(request: Request, _: Annotated[str | None, _HEADER] = None) -> IfMatch:
    """The header `If-Match`, if there is one. Weak and foreign tags match nothing (RFC 9110, 13.1.1): 412 at once."""
    values = request.headers.getlist("if-match")
    if not values:
        return IfMatch()
    listed = ",".join(values)
    if listed.strip() == "*":
        return IfMatch()
    versions = set()
    for part in listed.split(","):
        tag = _TAG.fullmatch(part)
        if tag and tag[1] is None and (version := _VERSION.fullmatch(tag[2])):
            versions.add(int(version[1]))
    if not versions:
        raise Refused(PRECONDITION_FAILED)
    return IfMatch(frozenset(versions))


async def if_match_required(given: Annotated[IfMatch, Depends(if_match)], request: Request) -> IfMatch:
    """The header `If-Match`, which this route insists on. Raises `Refused` (428)."""
    if "if-match" not in request.headers:
        raise Refused(PRECONDITION_REQUIRED)
    return given


Conditional = Annotated[IfMatch, Depends(if_match)]
"""`when: Conditional` in a route that may be told which state it changes."""
ConditionRequired = Annotated[IfMatch, Depends(if_match_required)]
"""The same, insisted on."""


class NotModifiedMiddleware:
    """Answers a read with 304 when the caller holds what it would be answered (RFC 9110, 13.1.2).

    The read is made all the same, so that who may not read gets no 304, and a tag is never older than its answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the answer on, or the head of it."""
        held = Headers(scope=scope).getlist("if-none-match") if scope["type"] == "http" else []
        if not held or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        same = False

        async def send_if_changed(message: Message) -> None:
            nonlocal same
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                same = message["status"] == 200 and _held(headers.get("etag"), ",".join(held))
                if same:
                    message["status"] = 304
                    for name in _OF_THE_BODY:
                        del headers[name]
            elif same:
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self._app(scope, receive, send_if_changed)


def _held(tag: str | None, listed: str) -> bool:
    """Whether a tag is among those listed, weak or strong."""
    if tag is None:
        return False
    found = {match[2] for match in _TAG.finditer(listed)}
    return listed.strip() == "*" or tag.removeprefix("W/").strip('"') in found
