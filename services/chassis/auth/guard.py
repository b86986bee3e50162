"""Guards of routes: `may` names the action a route performs, `public` says that it needs no caller.

Nothing is open by omission: `require_named_actions` refuses to start an application with a route that names none.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final, Protocol

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from services.chassis.auth.policy import Action, Policy, Scope
from services.chassis.auth.refusals import NOT_PERMITTED, TOKEN_MISSING
from services.chassis.auth.who import Who
from services.chassis.refusal import Refused


class Verifier(Protocol):
    """Turns a bearer token into a caller, or raises `Refused` (401) or `Unavailable` (503)."""

    async def verify(self, token: str) -> Who:
        """The caller whom the token names."""
        ...


@dataclass(frozen=True, slots=True)
class Auth:
    """What an application needs to know about its callers."""

    verifier: Verifier
    policy: Policy


class Each(Enum):
    """`site_from=EACH`: the handler itself asks `who.covers` or `who.require_site` for each thing it touches."""

    EACH = "each"


EACH: Final = Each.EACH
SiteOf = Callable[[Request], Awaitable[str | None] | str | None]
SiteFrom = str | SiteOf | Each | None
_CALLER: Final = "reluth.caller"


def actor_of(scope: Mapping[str, Any]) -> str | None:
    """Who was found to be calling, if anybody was."""
    who: Who | None = scope.get(_CALLER)
    return who.actor if who is not None else None


async def authenticated(request: Request) -> Who:
    """The caller of this request, verified once. Raises `Refused` (401).

    Called, not depended on: FastAPI would walk all that a dependency depends on again wherever it is named.
    """
    known: Who | None = request.scope.get(_CALLER)
    if known is not None:
        return known
    values = request.headers.getlist("authorization")
    scheme, _, token = (values[0] if len(values) == 1 else "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(TOKEN_MISSING)
    auth: Auth = request.app.state.auth
    who = await auth.verifier.verify(token.strip())
    request.scope[_CALLER] = who
    return who


@dataclass(frozen=True)
class Guard:
    """The dependency behind `may`."""

    action: Action
    site_from: SiteFrom

    async def __call__(self, request: Request) -> Who:
        """Let the caller pass, or raise `Refused` (403). The role is looked at before anything is looked up."""
        who = await authenticated(request)
        auth: Auth = request.app.state.auth
        match auth.policy.scope(who, self.action):
            case None:
                raise Refused(NOT_PERMITTED, action=self.action.name, because="no-role")
            case Scope.ALL_SITES:
                return replace(who, everywhere=True)
            case Scope.OWN_SITE:
                if self.site_from is EACH and who.sites:
                    return who
                if not auth.policy.decide(who, self.action, await self._site(request)).allowed:
                    raise Refused(NOT_PERMITTED, action=self.action.name, because="other-site")
                return who

    async def _site(self, request: Request) -> str | None:
        match self.site_from:
            case None | Each():
                return None
            case str() as parameter:
                site: str | None = request.path_params[parameter]
                return site
            case site_of:
                found = site_of(request)
                return await found if inspect.isawaitable(found) else found


def may(action: Action, *, site_from: SiteFrom = None) -> Any:
    """Depend on permission: `who: Annotated[Who, may(ACTION, site_from="site")]`.

    `site_from` says where the site stands that the action touches: the name of a path parameter, a function of the
    request (None: unknown), or `EACH` when there are many. Without it the action belongs to no site and roles that
    reach their own site alone are denied.
    """
    return Depends(Guard(action, site_from))


def public() -> Any:
    """Mark a route that needs no caller: `dependencies=[public()]`."""
    return Depends(_public)


async def _public() -> None:
    """Nothing to check."""


class UnguardedRoute(Exception):
    """An application has a route that names no action."""


def require_named_actions(routes: Sequence[BaseRoute], policy: Policy, *, open_paths: frozenset[str]) -> set[Action]:
    """Refuse routes without an action, and actions that the policy gives to nobody. Returns the actions.

    `open_paths` are those of the framework's own pages, which cannot carry a dependency.
    """
    actions: set[Action] = set()
    for route in iter_route_contexts(routes):
        if route.path in open_paths:
            continue
        dependant = getattr(route, "dependant", None)
        calls = list(dependencies_of(dependant)) if isinstance(dependant, Dependant) else []
        named = {call.action for call in calls if isinstance(call, Guard)}
        if not named and _public not in calls:
            raise UnguardedRoute(
                f"{route.path} names no action: depend on may(...), or on public() if it needs no caller"
            )
        actions |= named
    if unknown := policy.unknown(actions):
        names = ", ".join(sorted(action.name for action in unknown))
        raise UnguardedRoute(f"the policy permits nobody: {names}")
    return actions


def dependencies_of(dependant: Dependant) -> Iterator[object]:
    """Every function that a route depends on, however deep, and its endpoint."""
    yield dependant.call
    for inner in dependant.dependencies:
        yield from dependencies_of(inner)
