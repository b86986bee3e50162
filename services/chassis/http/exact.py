"""Numbers of a body as they were written: 74.95 stays 74.95 and never passes through binary floating point."""

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response


class _ExactRequest(Request):
    async def json(self) -> Any:
        """The body with every fraction as a Decimal. `BodyMiddleware` has looked into it before."""
        if not hasattr(self, "_exact"):
            self._exact = json.loads(await self.body(), parse_float=Decimal)
        return self._exact


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
