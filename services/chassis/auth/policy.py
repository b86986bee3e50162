"""What a role may do, as a table that a test can walk: action x role -> scope. What is not in it is denied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from services.chassis.auth.who import Who


class Scope(Enum):
    """How far a role reaches with an action."""

    OWN_SITE = "own site"
    ALL_SITES = "all sites"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be permitted, by name. Routes name one; so can a part of an answer."""

    name: str


class Decision(Enum):
    """The answer of a policy, with its reason."""

    ALLOWED = "allowed"
    NO_ROLE = "no-role"
    OTHER_SITE = "other-site"

    @property
    def allowed(self) -> bool:
        """True for `ALLOWED` alone."""
        return self is Decision.ALLOWED


class Policy:
    """The decision table of one service."""

    def __init__(self, table: Mapping[Action, Mapping[str, Scope]]) -> None:
        self.table: Mapping[Action, Mapping[str, Scope]] = MappingProxyType(
            {
                action: MappingProxyType({str(role): scope for role, scope in roles.items()})
                for action, roles in table.items()
            }
        )

    def scope(self, who: Who, action: Action) -> Scope | None:
        """The widest scope that one of the caller's roles gives, or None."""
        roles = self.table.get(action, {})
        scopes = {roles[role] for role in who.roles if role in roles}
        if Scope.ALL_SITES in scopes:
            return Scope.ALL_SITES
        return Scope.OWN_SITE if scopes else None

    def decide(self, who: Who, action: Action, site: str | None = None) -> Decision:
        """Decide for something at `site`. None: it belongs to no site, or nobody knows which: `OWN_SITE` is denied."""
        match self.scope(who, action):
            case None:
                return Decision.NO_ROLE
            case Scope.ALL_SITES:
                return Decision.ALLOWED
            case Scope.OWN_SITE:
                return Decision.ALLOWED if site is not None and site in who.sites else Decision.OTHER_SITE

    def unknown(self, actions: Iterable[Action]) -> set[Action]:
        """Actions that nobody is permitted: a slip of the pen, since a route that nobody may call need not exist."""
        return {action for action in actions if not self.table.get(action)}
