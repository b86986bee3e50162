"""Who may do what with an allocation. The arm of a subject is for its own site and the closed roles; default deny."""

from collections.abc import Mapping
from typing import Final

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.auth.policy import Action, Policy, Scope

ACTIVATE: Final = Action("activate-allocation")
CHANGE_CAP: Final = Action("change-cap")
RANDOMIZE: Final = Action("randomize-subject")
READ_ALLOCATION: Final = Action("read-allocation")
READ_RANDOMIZATIONS: Final = Action("read-randomizations")
READ_ARM: Final = Action("read-arm")


def _own(*roles: Role) -> Mapping[str, Scope]:
    return dict.fromkeys(roles, Scope.OWN_SITE)


def _all(*roles: Role) -> Mapping[str, Scope]:
    return dict.fromkeys(roles, Scope.ALL_SITES)


POLICY: Final = Policy(
    {
        ACTIVATE: _all(Role.SPONSOR),
        CHANGE_CAP: _all(Role.SPONSOR),
        RANDOMIZE: _own(Role.RANDOMIZER),
        READ_ALLOCATION: _all(
            *SITE_ROLES, Role.SPONSOR, Role.MONITOR, Role.INSPECTOR, Role.OPS, Role.STATISTICIAN, Role.SAFETY_BOARD
        ),
        READ_RANDOMIZATIONS: {**_own(*SITE_ROLES), **_all(Role.SPONSOR, Role.MONITOR, Role.INSPECTOR)},
        # A role that is not here learns the arm from no answer of this service (digest 5.5, invariant 11).
        READ_ARM: {**_own(*SITE_ROLES), **_all(Role.STATISTICIAN, Role.SAFETY_BOARD)},
    }
)
