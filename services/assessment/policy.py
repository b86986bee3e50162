"""Who may do what in assessment. What is not in the table is denied; the arm is nowhere in this service."""

from typing import Final

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.auth.policy import Action, Policy, Scope
from services.chassis.quarantine.routes import READ_QUARANTINE, RESOLVE_QUARANTINE

RECORD_ASSESSMENT: Final = Action("record-tumour-assessment")
READ_ASSESSMENTS: Final = Action("read-tumour-assessments")
READ_COMMENT: Final = Action("read-tumour-assessment-comment")

SUBMIT_SCAN: Final = Action("submit-review-scan")
READ_REVIEW: Final = Action("read-central-review")
READ_CENTRAL: Final = Action("read-central-responses")
READ_AGREEMENT: Final = Action("read-review-agreement")
REQUEST_RE_READ: Final = Action("request-re-read")
READ_SCANS: Final = Action("read-scans-blind")
RECORD_QUESTIONNAIRE: Final = Action("record-questionnaire")
READ_QUESTIONNAIRES: Final = Action("read-questionnaires")
RECORD_BIOMARKER: Final = Action("record-biomarker")
READ_BIOMARKERS: Final = Action("read-biomarkers")


def _own(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.OWN_SITE)


def _all(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.ALL_SITES)


POLICY: Final = Policy(
    {
        RECORD_ASSESSMENT: _own(Role.INVESTIGATOR),
        # A central reader must not know what the investigator read.
        READ_ASSESSMENTS: _own(*SITE_ROLES) | _all(Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD),
        # What somebody types may tell the arm ("after the third cycle"): only those who know it already read it.
        READ_COMMENT: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        READ_QUARANTINE: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        RESOLVE_QUARANTINE: _own(Role.INVESTIGATOR),
        SUBMIT_SCAN: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        READ_REVIEW: _own(*SITE_ROLES)
        | _all(Role.SPONSOR, Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD),
        # Whoever treats would read the next scan by what others made of the last one.
        READ_CENTRAL: _all(Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD),
        READ_AGREEMENT: _all(Role.SPONSOR, Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN),
        REQUEST_RE_READ: _all(Role.MONITOR),
        READ_SCANS: _all(Role.READER),
        RECORD_QUESTIONNAIRE: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        RECORD_BIOMARKER: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        READ_BIOMARKERS: _own(*SITE_ROLES) | _all(Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD),
        READ_QUESTIONNAIRES: _own(Role.INVESTIGATOR, Role.COORDINATOR)
        | _all(Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD),
    }
)
