"""Who may do what with an allocation. The arm of a subject is for its own site and the closed roles; default deny."""

from collections.abc import Mapping
from typing import Final

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.auth.policy import Action, Policy, Scope

IMPORT_LIST: Final = Action("import-list")
DRAFT: Final = Action("draft-allocation")
SIGN: Final = Action("sign-allocation")
READ_DRAFTS: Final = Action("read-drafts")
ACTIVATE: Final = Action("activate-allocation")
PAUSE: Final = Action("pause-recruitment")
CLOSE: Final = Action("close-allocation")
SIGN_LOCK: Final = Action("sign-lock")
EXPORT: Final = Action("export-allocation")
READ_BALANCE: Final = Action("read-balance")
ANNOTATE: Final = Action("annotate-randomization")
VERIFY_STRATA: Final = Action("verify-strata")
RESOLVE: Final = Action("resolve-discrepancy")
READ_DISCREPANCIES: Final = Action("read-discrepancies")
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
        IMPORT_LIST: _all(Role.STATISTICIAN),
        DRAFT: _all(Role.SPONSOR, Role.STATISTICIAN),
        SIGN: _all(Role.SPONSOR, Role.STATISTICIAN),
        # Block sizes stand in a draft: who enrols may not see them.
        READ_DRAFTS: _all(Role.SPONSOR, Role.STATISTICIAN, Role.INSPECTOR),
        ACTIVATE: _all(Role.SPONSOR),
        PAUSE: _all(Role.SPONSOR),
        CLOSE: _all(Role.SPONSOR),
        SIGN_LOCK: _all(Role.SPONSOR, Role.STATISTICIAN),
        EXPORT: _all(Role.STATISTICIAN, Role.INSPECTOR),
        READ_BALANCE: _all(Role.STATISTICIAN),
        ANNOTATE: {**_own(Role.INVESTIGATOR), **_all(Role.SPONSOR, Role.MONITOR)},
        VERIFY_STRATA: _all(Role.SPONSOR, Role.MONITOR),
        RESOLVE: _all(Role.SPONSOR, Role.MONITOR),
        READ_DISCREPANCIES: {**_own(*SITE_ROLES), **_all(Role.SPONSOR, Role.MONITOR, Role.INSPECTOR)},
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
