"""Read your own writes: `?consistency=17` waits until the read model holds position 17.

A read model of several sources names them: `?consistency=randomizer:17,enrolment:40`.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from services.chassis.auth.guard import Guard, UnguardedRoute, dependencies_of
from services.chassis.http.recorded import POSITION_HEADER
from services.chassis.http.refusals import NOT_YET_CONSISTENT
from services.chassis.refusal import Refused
from services.chassis.settings import Settings

_TERM: Final = re.compile(r"(?:([a-z][a-z0-9_.-]{0,63}):)?(0|[1-9][0-9]{0,17})")
MAX_TERMS: Final = 16


class Positions(Protocol):
    """Something that follows a log and knows how far it is."""

    async def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until `position` is held, at most `timeout` seconds. True if it is."""
        ...


PositionsOf = Callable[[Request], Positions | Mapping[str, Positions]]


class Consistency:
    """The dependency behind `consistent`."""

    def __init__(self, positions_of: PositionsOf) -> None:
        self._positions_of = positions_of

    async def __call__(
        self,
        request: Request,
        consistency: Annotated[
            str | None,
            Query(
                description="Wait until the answer holds this log position (`17`, or `source:17` for a read model of "
                f"several sources, parted by commas). The position of a write is in its header `{POSITION_HEADER}`.",
                examples=["0"],
                json_schema_extra={"pattern": f"^{_TERM.pattern}(?:,{_TERM.pattern})*$", "maxLength": 512},
            ),
        ] = None,
    ) -> None:
        """Wait for all named positions together. Raises `Refused` (503) when the deadline passes first."""
        if consistency is None:
            return
        given = self._positions_of(request)
        sources: Mapping[str, Positions] = given if isinstance(given, Mapping) else {"": given}
        wanted = _terms(consistency, sources)
        settings: Settings = request.app.state.settings
        deadline = settings.consistency_timeout
        held = await asyncio.gather(*(sources[source].wait_for(at, deadline) for source, at in wanted.items()))
        missing = {name or "position": at for (name, at), ok in zip(wanted.items(), held, strict=True) if not ok}
        if missing:
            raise Refused(NOT_YET_CONSISTENT, **missing)


def consistent(positions_of: PositionsOf) -> Any:
    """Let a read wait: `_: Annotated[None, consistent(lambda request: ...)]` in the signature.

    Give one `Positions`, or a mapping of them by source. It stands after the guard, or the application does not start:
    who may not read may not make us wait either.
    """
    return Depends(Consistency(positions_of))


def require_guard_before_waiting(routes: Sequence[BaseRoute]) -> None:
    """Refuse a route on which a caller could wait before being authorised."""
    for route in iter_route_contexts(routes):
        dependant = getattr(route, "dependant", None)
        calls = list(dependencies_of(dependant)) if isinstance(dependant, Dependant) else []
        waits = next((place for place, call in enumerate(calls) if isinstance(call, Consistency)), None)
        if waits is not None and not any(isinstance(call, Guard) for call in calls[:waits]):
            raise UnguardedRoute(f"{route.path} waits before it asks who is calling: put may(...) first")


def _terms(text: str, sources: Mapping[str, Positions]) -> dict[str, int]:
    wanted: dict[str, int] = {}
    parts = text.split(",")
    for part in parts:
        term = _TERM.fullmatch(part)
        source = (term[1] or "") if term else ""
        if term is None or source not in sources or len(parts) > MAX_TERMS:
            raise RequestValidationError(
                [{"type": "reluth_form", "loc": ("query", "consistency"), "ctx": {"form": _form(sources)}}]
            )
        wanted[source] = max(int(term[2]), wanted.get(source, 0))
    return wanted


def _form(sources: Mapping[str, Positions]) -> str:
    return " or ".join(f"`{source}:17`" if source else "`17`" for source in sources)
