"""Middleware around every request: correlation id, trace, one log line, one metric, and the last resort for errors."""

import time
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.auth.guard import actor_of
from services.chassis.http.failures import answer_to
from services.chassis.http.routing import UNMATCHED, Templates
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.context import (
    RequestContext,
    correlation_id_from,
    enter_request,
    leave_request,
)
from services.chassis.telemetry.tracing import SpanKind

CORRELATION_HEADER: Final = "X-Correlation-Id"
_WENT_AWAY: Final = 499  # the caller closed the connection before there was an answer


class RequestMiddleware:
    """Pure ASGI, the outermost layer of ours: whatever is raised below it becomes a problem, once, here."""

    def __init__(self, app: ASGIApp, *, telemetry: Telemetry) -> None:
        self._app, self._telemetry = app, telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, then write it down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        context = RequestContext(correlation_id_from(headers.get(CORRELATION_HEADER)), headers.get("authorization"))
        token = enter_request(context)
        try:
            await self._watched(scope, receive, send, context, headers)
        finally:
            leave_request(token)

    async def _watched(
        self, scope: Scope, receive: Receive, send: Send, context: RequestContext, headers: Headers
    ) -> None:
        started, status = time.perf_counter(), _WENT_AWAY
        method = scope["method"]

        async def send_signed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer[CORRELATION_HEADER] = context.correlation_id
                answer.setdefault("Cache-Control", "no-store")
                answer.setdefault("X-Content-Type-Options", "nosniff")
            await send(message)

        with self._telemetry.tracing.span("HTTP", headers=headers, kind=SpanKind.SERVER) as span:
            try:
                await self._app(scope, receive, send_signed)
            except Exception as error:
                if status != _WENT_AWAY:
                    self._telemetry.log.error("answer-broken-off", exc_info=error)
                    raise
                answer = answer_to(error, scope)
                if answer.status_code >= 500:
                    self._telemetry.log.error("request-failed", status=answer.status_code, exc_info=error)
                await answer(scope, receive, send_signed)
            finally:
                templates: Templates = scope["app"].state.templates
                route = templates.told(scope)
                seconds = time.perf_counter() - started
                span.update_name(f"{method} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status})
                self._telemetry.metrics.request(method, route, status, seconds)
                self._write_down(scope, method, route, status, seconds)

    def _write_down(self, scope: Scope, method: str, route: str, status: int, seconds: float) -> None:
        log = self._telemetry.log
        write = log.debug if route.startswith(("/health", "/metrics")) and status < 400 else log.info
        actor = actor_of(scope)
        write(
            "request-answered",
            method=method if method.isalpha() and len(method) < 10 else UNMATCHED,
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 2),
            **({"actor": actor} if actor else {}),
        )
