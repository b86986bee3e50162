"""Who may see which figure. What is not in the table is denied; only the closed actions answer by arm."""

from typing import Final

from contracts.vocabulary.roles import CLOSED_ROLES, SITE_ROLES, Role
from services.chassis.auth.policy import Action, Policy, Scope

READ_FLOW: Final = Action("read-participant-flow")
READ_STATUS: Final = Action("read-disease-status")
READ_COMPLETION: Final = Action("read-questionnaire-completion")
READ_ENDPOINT: Final = Action("read-endpoint-pooled")
READ_BY_ARM: Final = Action("read-figures-by-arm")
READ_ALERTS: Final = Action("read-alerts")
READ_POSITIONS: Final = Action("read-positions")


def _all(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.ALL_SITES)


_OWN_SITE: Final[dict[str, Scope]] = dict.fromkeys(SITE_ROLES, Scope.OWN_SITE)
_TRIAL_TEAM: Final = (Role.SPONSOR, Role.MONITOR)

POLICY: Final = Policy(
    {
        READ_FLOW: _OWN_SITE | _all(*_TRIAL_TEAM, *CLOSED_ROLES, Role.INSPECTOR),
        READ_STATUS: _OWN_SITE | _all(*_TRIAL_TEAM, *CLOSED_ROLES),
        READ_COMPLETION: _OWN_SITE | _all(*_TRIAL_TEAM, *CLOSED_ROLES),
        # One figure for the whole study: per site it would be a handful of subjects whose arms their site knows.
        READ_ENDPOINT: _all(*_TRIAL_TEAM, *CLOSED_ROLES),
        READ_BY_ARM: _all(*CLOSED_ROLES),
        READ_ALERTS: _OWN_SITE | _all(Role.PV, Role.SAFETY_BOARD),
        # Positions count facts and say nothing about any of them.
        READ_POSITIONS: _all(*Role),
    }
)
