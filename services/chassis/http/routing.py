"""Which route a request took, as its template: the only form of an address that logs, metrics and keys may use."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from fastapi.routing import iter_route_contexts
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute
from starlette.types import Scope

UNMATCHED: Final = "unmatched"
_TOLD_AS: Final = "_reluth_told_as"
E = TypeVar("E", bound=Callable[..., Any])


def told_as(template: str) -> Callable[[E], E]:
    """`@told_as(...)` below the route: what logs, metrics and traces call it.

    For routes of which one is taken by some subjects alone: that it was taken would tell those who run the service.
    """

    def mark(endpoint: E) -> E:
        setattr(endpoint, _TOLD_AS, template)
        return endpoint

    return mark


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

    def told(self, scope: Scope) -> str:
        """What the route that was taken is called in logs, metrics and traces: its template, or what it was given."""
        return getattr(scope.get("endpoint"), _TOLD_AS, None) or self.of(scope)


def template_of(request: HTTPConnection) -> str:
    """The template of the route that answers this request."""
    templates: Templates = request.app.state.templates
    return templates.of(request.scope)
