"""Who may do what in assessment. What is not in the table is denied; the arm is nowhere in this service."""

from typing import Final

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.auth.policy import Action, Policy, Scope

RECORD_ASSESSMENT: Final = Action("record-tumour-assessment")
READ_ASSESSMENTS: Final = Action("read-tumour-assessments")
READ_COMMENT: Final = Action("read-tumour-assessment-comment")


def _own(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.OWN_SITE)


def _all(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.ALL_SITES)


POLICY: Final = Policy(
    {
        RECORD_ASSESSMENT: _own(Role.INVESTIGATOR),
        # A central reader must not know what the investigator read, and has nothing to read here yet.
        READ_ASSESSMENTS: _own(*SITE_ROLES) | _all(Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD),
        # What somebody types may tell the arm ("after the third cycle"): only those who know it already read it.
        READ_COMMENT: _own(Role.INVESTIGATOR, Role.COORDINATOR),
    }
)
