"""Questions to other services, asked in the name of the caller: the same person is checked at every hop."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx

from services.chassis.http import refusals as every
from services.chassis.http.recorded import POSITION_HEADER
from services.chassis.refusal import Refusal, Refused
from services.chassis.telemetry.context import current_request
from services.chassis.telemetry.tracing import SpanKind, Tracing, inject
from services.chassis.unavailable import Unavailable

ATTEMPTS: Final = 3
_PAUSES: Final = (0.05, 0.2)  # seconds before the second and third attempt, up to doubled by chance
_PROBLEM: Final = "urn:reluth:problem:"
_LOST: Final = (httpx.TransportError,)
_OUR_FAULT: Final = frozenset(
    refusal.code
    for refusal in (
        every.MALFORMED_JSON,
        every.UNACCEPTABLE_JSON,
        every.JSON_TOO_DEEP,
        every.UNACCEPTABLE_URL,
        every.BAD_LENGTH,
        every.BODY_TOO_LARGE,
        every.UNSUPPORTED_MEDIA_TYPE,
        every.INVALID_REQUEST,
        every.ROUTE_UNKNOWN,
        every.METHOD_NOT_ALLOWED,
        every.KEY_MISSING,
        every.KEY_MALFORMED,
        every.PRECONDITION_REQUIRED,
    )
)
"""What another service says when we asked badly: the caller can do nothing about it and is not told to."""


class UpstreamRefused(Refused):
    """Another service refused, for a reason that concerns the caller. It is passed on as it is.

    Match on `error.refusal.code`; `upstream` names who refused.
    """

    def __init__(self, upstream: str, refusal: Refusal, detail: Mapping[str, object]) -> None:
        super().__init__(refusal, **detail)
        self.upstream = upstream


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer. `position` is the log position it speaks of, if it names one."""

    status: int
    body: Any
    position: int | None


def path(template: str, **values: str) -> str:
    """Fill `{name}` in a path. Values are quoted whole: no identifier can reach another address."""
    return template.format_map({name: quote(value, safe="") for name, value in values.items()})


class Upstream:
    """One other service.

    A question is repeated only when nothing was heard and repeating is safe: reads, and commands under their key.
    `timeout` bounds the whole of it, in seconds.
    """

    def __init__(
        self, name: str, base_url: str, client: httpx.AsyncClient, *, tracing: Tracing, timeout: float = 5.0
    ) -> None:
        self.name, self._base = name, base_url.rstrip("/")
        self._client, self._tracing, self._timeout = client, tracing, timeout

    async def get(self, at: str, *, query: Mapping[str, str] | None = None) -> Reply:
        """Ask. `at` is made with `path`. Raises `UpstreamRefused`, `Unavailable`, `Refused` (502)."""
        return await self._ask("GET", at, params=query)

    async def post(self, at: str, body: object, *, key: str) -> Reply:
        """Command, under an idempotency key that is the same whenever this command is repeated. Raises as `get`."""
        return await self._ask("POST", at, json=body, headers={"Idempotency-Key": key})

    async def _ask(self, method: str, at: str, **given: Any) -> Reply:
        headers: dict[str, str] = dict(given.pop("headers", {}))
        if request := current_request():
            headers["X-Correlation-Id"] = request.correlation_id
            if request.authorization is not None:
                headers["Authorization"] = request.authorization
        with self._tracing.span(f"{method} {self.name}", kind=SpanKind.CLIENT, upstream=self.name):
            inject(headers)
            try:
                async with asyncio.timeout(self._timeout):
                    answer = await self._heard(method, self._base + at, headers=headers, **given)
            except (TimeoutError, *_LOST):
                raise Unavailable(self.name) from None
        return self._understood(answer)

    async def _heard(self, method: str, url: str, **given: Any) -> httpx.Response:
        for pause in _PAUSES:
            try:
                return await self._client.request(method, url, follow_redirects=False, **given)
            except _LOST:
                # Many callers lose a service at once; they must not all come back at once.
                await asyncio.sleep(pause * random.uniform(1, 2))  # noqa: S311
        return await self._client.request(method, url, follow_redirects=False, **given)

    def _understood(self, answer: httpx.Response) -> Reply:
        try:
            body = answer.json() if answer.content else None
        except ValueError:
            raise self._failed(answer) from None
        if answer.is_success:
            position = answer.headers.get(POSITION_HEADER, "")
            return Reply(answer.status_code, body, int(position) if position.isdecimal() else None)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            after = answer.headers.get("retry-after", "")
            raise Unavailable(self.name, retry_after=int(after) if after.isdecimal() else 2)
        refusal = _refusal(answer.status_code, body)
        if refusal is None or refusal.code in _OUR_FAULT:
            raise self._failed(answer)
        raise UpstreamRefused(self.name, refusal, _context(body))

    def _failed(self, answer: httpx.Response) -> Refused:
        return Refused(every.UPSTREAM_FAILED, upstream=self.name, status=answer.status_code)


class NobodyToAsk(Upstream):
    """Stands for a service where there is no caller in whose name it could be asked, as on the command line."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def _ask(self, method: str, at: str, **given: Any) -> Reply:
        raise Unavailable(self.name)


def _refusal(status: int, body: Any) -> Refusal | None:
    """The refusal that a problem document speaks of; None for anything else and for failures of the other side."""
    if not (400 <= status < 500 and isinstance(body, dict)):
        return None
    kind, title, remedy = body.get("type"), body.get("title"), body.get("remedy")
    if not (isinstance(kind, str) and kind.startswith(_PROBLEM) and isinstance(title, str) and isinstance(remedy, str)):
        return None
    try:
        return Refusal(kind.removeprefix(_PROBLEM), status, title, remedy)
    except ValueError:
        return None


def _context(body: Any) -> Mapping[str, object]:
    context = body.get("context") if isinstance(body, dict) else None
    return context if isinstance(context, dict) else {}
