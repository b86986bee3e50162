"""Numbers of a body as they were written: 74.95 stays 74.95 and never passes through binary floating point."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.http.bodies import JSON


class _ExactRequest(Request):
    async def json(self) -> Any:
        """The body as `BodyMiddleware` has read it, with every fraction as a Decimal."""
        return self.scope[JSON]


class ExactRoute(APIRoute):
    """`APIRouter(route_class=ExactRoute)`: for routes that take measured values.

    Otherwise 74.99999999999999999 would arrive as 75.0, on the other side of a threshold, and its many digits, which
    the model refuses, would be gone.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, on a request that reads numbers exactly."""
        handle = super().get_route_handler()

        async def handle_exactly(request: Request) -> Response:
            return await handle(_ExactRequest(request.scope, request.receive))

        return handle_exactly
