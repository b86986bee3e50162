"""Which route a request took, as its template: the only form of an address that logs, metrics and keys may use."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi.routing import iter_route_contexts
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute
from starlette.types import Scope

UNMATCHED: Final = "unmatched"


class Templates:
    """The templates of an application by endpoint and method.

    Raises ValueError when one function serves two addresses: a key or a metric could not tell them apart.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._by_endpoint: dict[tuple[Callable[..., Any], str], str] = {}
        for route in iter_route_contexts(routes):
            if route.endpoint is None or route.path_format is None:
                continue
            for method in route.methods or ():
                known = self._by_endpoint.setdefault((route.endpoint, method), route.path_format)
                if known != route.path_format:
                    raise ValueError(f"one endpoint serves {known} and {route.path_format}: write a function for each")

    def of(self, scope: Scope) -> str:
        """The template of the route that was taken, or `UNMATCHED`."""
        return self._by_endpoint.get((scope.get("endpoint"), scope["method"]), UNMATCHED)  # type: ignore[arg-type]


def template_of(request: HTTPConnection) -> str:
    """The template of the route that answers this request."""
    templates: Templates = request.app.state.templates
    return templates.of(request.scope)
