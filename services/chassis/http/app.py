"""The application factory: every service is made here, so every service refuses, checks and reports alike."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.chassis.auth.guard import Auth, require_named_actions
from services.chassis.health import HealthChecks
from services.chassis.http import operations
from services.chassis.http.bodies import BodyMiddleware
from services.chassis.http.conditional import NotModifiedMiddleware
from services.chassis.http.consistency import require_guard_before_waiting
from services.chassis.http.examples import read_examples
from services.chassis.http.failures import answer_to
from services.chassis.http.idempotency import require_idempotent_posts
from services.chassis.http.openapi import document
from services.chassis.http.paging import Cursors
from services.chassis.http.request import RequestMiddleware
from services.chassis.http.routing import Templates
from services.chassis.settings import Mode, Settings
from services.chassis.telemetry import Telemetry

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[object]]
"""Builds what the routes work with, yields it (it becomes `app.state.services`), and takes it down again."""

_OWN_PAGES: Final = frozenset({"/openapi.json", "/docs", "/docs/oauth2-redirect"})


def create_app(
    *,
    title: str,
    version: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    settings: Settings,
    auth: Auth,
    health: HealthChecks,
    telemetry: Telemetry,
    description: str = "",
    media_types: frozenset[str] = frozenset(),
    examples: Path | None = None,
) -> FastAPI:
    """A service's HTTP side.

    Refuses to start (`UnguardedRoute`, `UnrepeatableRoute`, ValueError) with a route that names no action, an action
    that nobody may do, a POST that could create a fact twice, or an endpoint with two addresses. `media_types` are
    request bodies taken besides JSON; `examples` is the file with those of the API document.
    """

    @asynccontextmanager
    async def whole_life(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app) as services:
            app.state.services = services
            try:
                yield
            finally:
                telemetry.close()

    app = FastAPI(
        title=title,
        version=version,
        description=description,
        lifespan=whole_life,
        redirect_slashes=False,  # a redirected POST is a second request with the first one's key
        docs_url="/docs" if settings.mode is Mode.EMBEDDED else None,  # it loads its scripts from the internet
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        # The framework's own telemetry records validation errors and exceptions with what people typed.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.settings, app.state.auth = settings, auth
    app.state.health, app.state.telemetry = health, telemetry
    app.state.cursors = Cursors(_cursor_key(settings))
    for router in (operations.router, *routers):
        app.include_router(router)
    require_named_actions(app.routes, auth.policy, open_paths=_OWN_PAGES)
    require_idempotent_posts(app.routes)
    require_guard_before_waiting(app.routes)
    app.state.templates = Templates(app.routes)
    _require_own_names(app)

    app.add_middleware(
        BodyMiddleware, limit=settings.body_limit, max_depth=settings.json_depth, media_types=media_types
    )
    app.add_middleware(NotModifiedMiddleware)
    app.add_middleware(RequestMiddleware, telemetry=telemetry)  # added last: the outermost
    app.add_exception_handler(HTTPException, _rendered)
    app.add_exception_handler(RequestValidationError, _rendered)

    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not made:
            made.update(document(app, read_examples(examples)))
        return made

    app.openapi = openapi  # type: ignore[method-assign]
    return app


async def _rendered(request: Request, error: Exception) -> Response:
    """The framework answers these two itself unless told otherwise; everything else reaches `RequestMiddleware`."""
    return answer_to(error, request.scope)


def _operation_id(route: APIRoute) -> str:
    """The name of the function: clients are generated with it, and it does not change with an address."""
    return route.name


def _require_own_names(app: FastAPI) -> None:
    """Refuse two operations of one name: a client could have only one of them."""
    seen: dict[str, str] = {}
    for route in iter_route_contexts(app.routes):
        path = route.path_format
        if path is not None and path.startswith("/studies") and seen.setdefault(route.name or path, path) != path:
            raise ValueError(f"{route.name} answers at {seen[route.name or path]} and at {path}: rename one")


def _cursor_key(settings: Settings) -> bytes | None:
    key = settings.cursor_key
    return sha256(key.get_secret_value().encode()).digest() if key is not None else None
