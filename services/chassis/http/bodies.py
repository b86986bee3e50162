"""Middleware that reads address and body before the application does, and refuses what it should not see."""

import asyncio
from collections.abc import Mapping
from email.message import Message as MimeHeader
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.http.json_input import UnacceptableJson, parse
from services.chassis.http.problem import problem
from services.chassis.http.refusals import BAD_LENGTH, BODY_TOO_LARGE, UNACCEPTABLE_URL, UNSUPPORTED_MEDIA_TYPE
from services.chassis.refusal import Json, Refusal

BODY: Final = "reluth.body"
JSON: Final = "reluth.json"
LINGER_BYTES: Final = 32 * 1024 * 1024
LINGER_SECONDS: Final = 5.0
"""How much of a body that is too large, and how long, is still taken and thrown away before the answer."""


class _Stop(Exception):
    """The request is answered here."""

    def __init__(self, refusal: Refusal, context: Mapping[str, Json] | None = None, *, close: bool = False) -> None:
        super().__init__(refusal.code)
        self.answer: Response = problem(refusal, context, headers={"Connection": "close"} if close else None)


class _Gone(Exception):
    """The caller went away before the body was complete."""


class BodyMiddleware:
    """Pure ASGI: holds the whole body, at most `limit` bytes, then hands it on in one piece.

    The parsed JSON is left in the scope under `JSON` and the bytes under `BODY`, for the idempotency hash.
    `media_types` are those taken besides JSON; they are bounded but not looked into.
    """

    def __init__(self, app: ASGIApp, *, limit: int, max_depth: int, media_types: frozenset[str] = frozenset()) -> None:
        self._app, self._limit, self._max_depth, self._media_types = app, limit, max_depth, media_types

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a problem, or let the request pass with its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _check_address(scope)
            body = await self._read(scope, receive)
            if body:
                self._look_into(scope, body)
        except _Stop as stop:
            await stop.answer(scope, receive, send)
            return
        except UnacceptableJson as error:
            await problem(error.refusal, errors=error.errors)(scope, receive, send)
            return
        except _Gone:
            return
        scope[BODY] = body
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        length = Headers(scope=scope).get("content-length")
        if length is not None:
            if not (length.isascii() and length.isdigit()):
                raise _Stop(BAD_LENGTH, close=True)
            # A text of a thousand digits is longer than any body: do not make a number of it.
            if len(length) > 18 or int(length) > self._limit:
                await self._too_large(scope, receive, announced=True)
        parts, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            part = message.get("body", b"")
            size += len(part)
            if size > self._limit:
                await self._too_large(scope, receive, more=message.get("more_body", False))
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)

    async def _too_large(self, scope: Scope, receive: Receive, *, more: bool = True, announced: bool = False) -> None:
        """Refuse, once the caller has finished sending, within bounds.

        Whoever is cut off while sending sees a broken connection instead of the answer. A caller who waits to be told
        to go on (`Expect`) has sent nothing and is told at once.
        """
        waits = announced and "expect" in Headers(scope=scope)
        ended = not more or (not waits and await _discarded(receive))
        raise _Stop(BODY_TOO_LARGE, {"limit_bytes": self._limit}, close=not ended)

    def _look_into(self, scope: Scope, body: bytes) -> None:
        kind, charset = _media_type(Headers(scope=scope).get("content-type", ""))
        if kind in self._media_types:
            return
        is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
        if not is_json or charset not in ("utf-8", "utf8", "us-ascii"):
            raise _Stop(UNSUPPORTED_MEDIA_TYPE)
        scope[JSON] = parse(body, max_depth=self._max_depth)


@lru_cache(maxsize=64)
def _media_type(header: str) -> tuple[str, str]:
    """Type and charset. Remembered: there are few forms of this header, and each is much to parse."""
    parsed = MimeHeader()
    parsed["content-type"] = header
    kind = parsed.get_content_type() if header else ""
    return kind, (parsed.get_content_charset() or "utf-8").lower()


async def _discarded(receive: Receive) -> bool:
    """Take what is on its way and forget it. False if there is too much of it, or if it takes too long."""
    left = LINGER_BYTES
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while left > 0:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _Gone
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return True
    except TimeoutError:
        return False
    return False


def _check_address(scope: Scope) -> None:
    """A NUL or a broken sequence in an address would reach the database as an error of ours instead of theirs."""
    raw = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape"))
    raw += b" " + unquote_to_bytes(scope.get("query_string", b""))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _Stop(UNACCEPTABLE_URL) from None
    if "\x00" in text:
        raise _Stop(UNACCEPTABLE_URL)


def _replay(body: bytes, receive: Receive) -> Receive:
    handed_on = False

    async def replay() -> Message:
        nonlocal handed_on
        if handed_on:
            return await receive()
        handed_on = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
