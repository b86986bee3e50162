"""Who may do what in safety. What is not in the table is denied; the arm is nowhere in this service."""

from typing import Final

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.auth.policy import Action, Policy, Scope
from services.chassis.quarantine.routes import READ_QUARANTINE, RESOLVE_QUARANTINE

REPORT_ADVERSE_EVENT: Final = Action("report-adverse-event")
RECORD_LABORATORY_RESULT: Final = Action("record-laboratory-result")
READ_SAFETY: Final = Action("read-safety")
READ_NARRATIVE: Final = Action("read-adverse-event-narrative")
READ_ALERTS: Final = Action("read-alerts")
READ_TERMS: Final = Action("read-adverse-event-terms")


def _own(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.OWN_SITE)


def _all(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.ALL_SITES)


# Readers of scans are nowhere in this table: toxicity foretells the arm, and they must not guess.
_OVERSIGHT: Final = _all(Role.PV, Role.SAFETY_BOARD, Role.MONITOR, Role.INSPECTOR)

POLICY: Final = Policy(
    {
        REPORT_ADVERSE_EVENT: _own(Role.INVESTIGATOR, Role.COORDINATOR) | _all(Role.PV),
        RECORD_LABORATORY_RESULT: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        READ_SAFETY: _own(*SITE_ROLES) | _OVERSIGHT | _all(Role.STATISTICIAN),
        # What somebody types may tell the arm: only the own site, who knows it, and those who must judge the case.
        READ_NARRATIVE: _own(Role.INVESTIGATOR, Role.COORDINATOR) | _all(Role.PV),
        READ_ALERTS: _own(*SITE_ROLES) | _OVERSIGHT,
        READ_QUARANTINE: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        RESOLVE_QUARANTINE: _own(Role.INVESTIGATOR),
        READ_TERMS: _all(*SITE_ROLES, Role.STATISTICIAN) | _OVERSIGHT,
    }
)
