"""Who may do what in enrolment. What is not in the table is denied; what tells the arm is for few."""

from typing import Final

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.auth.policy import Action, Policy, Scope
from services.chassis.quarantine.routes import READ_QUARANTINE, RESOLVE_QUARANTINE

ACTIVATE_SITE: Final = Action("activate-site")
MEET_REQUIREMENT: Final = Action("meet-site-requirement")
PAUSE_SITE: Final = Action("pause-site")
ADOPT_AMENDMENT: Final = Action("adopt-amendment")
APPROVE_CONSENT: Final = Action("approve-consent-version")
READ_SITES: Final = Action("read-sites")
DELEGATE: Final = Action("delegate-duty")
READ_DELEGATIONS: Final = Action("read-delegations")
SCREEN: Final = Action("screen-subject")
SIGN_CONSENT: Final = Action("sign-consent")
RECORD_FINDINGS: Final = Action("record-findings")
INCLUDE: Final = Action("include-subject")
OVERRIDE_ELIGIBILITY: Final = Action("override-eligibility")
END_SCREENING: Final = Action("end-screening")
ADMINISTER_CYCLE: Final = Action("administer-cycle")
CHANGE_TREATMENT: Final = Action("change-treatment")
READ_TREATMENT: Final = Action("read-treatment")
PERFORM_VISIT: Final = Action("perform-visit")
REPORT_DEVIATION: Final = Action("report-deviation")
READ_DEVIATIONS: Final = Action("read-deviations")
END_RUN_IN: Final = Action("end-run-in")
RECORD_DEATH: Final = Action("record-death")
START_NEW_THERAPY: Final = Action("start-new-therapy")
RECORD_SURVIVAL_CONTACT: Final = Action("record-survival-contact")
WITHDRAW_CONSENT: Final = Action("withdraw-consent")
DECLARE_LOST: Final = Action("declare-lost")
END_STUDY: Final = Action("end-study")
CORRECT: Final = Action("correct-record")
AUTHORIZE_RANDOMIZATION: Final = Action("authorize-randomization")
MANAGE_WEBHOOKS: Final = Action("manage-webhooks")
READ_STRATA: Final = Action("read-strata")
READ_SUBJECTS: Final = Action("read-subjects")


def _own(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.OWN_SITE)


def _all(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.ALL_SITES)


_OVERSIGHT: Final = _all(Role.SPONSOR, Role.MONITOR, Role.PV, Role.INSPECTOR, Role.STATISTICIAN)
_DATA_ENTRY: Final = _own(Role.INVESTIGATOR, Role.COORDINATOR)

POLICY: Final = Policy(
    {
        ACTIVATE_SITE: _all(Role.SPONSOR),
        MEET_REQUIREMENT: _all(Role.SPONSOR),
        PAUSE_SITE: _all(Role.SPONSOR),
        ADOPT_AMENDMENT: _all(Role.SPONSOR),
        APPROVE_CONSENT: _all(Role.SPONSOR),
        READ_SITES: _all(*SITE_ROLES) | _OVERSIGHT | _all(Role.OPS),
        DELEGATE: _own(Role.INVESTIGATOR),
        READ_DELEGATIONS: _own(*SITE_ROLES) | _all(Role.SPONSOR, Role.MONITOR, Role.INSPECTOR),
        SCREEN: _DATA_ENTRY,
        SIGN_CONSENT: _DATA_ENTRY,
        RECORD_FINDINGS: _DATA_ENTRY,
        INCLUDE: _own(Role.INVESTIGATOR),
        OVERRIDE_ELIGIBILITY: _all(Role.SPONSOR),
        END_SCREENING: _own(Role.INVESTIGATOR),
        ADMINISTER_CYCLE: _own(Role.INVESTIGATOR, Role.PHARMACIST),
        CHANGE_TREATMENT: _own(Role.INVESTIGATOR),
        # It tells the arm: to those whom the randomizer tells it, and to nobody else (digest 5.5, invariant 11).
        READ_TREATMENT: _own(*SITE_ROLES) | _all(Role.STATISTICIAN, Role.SAFETY_BOARD),
        PERFORM_VISIT: _DATA_ENTRY,
        REPORT_DEVIATION: _own(Role.INVESTIGATOR) | _all(Role.MONITOR),
        # Deviations that could tell the arm are left out of it for whoever may not see treatment.
        READ_DEVIATIONS: _own(*SITE_ROLES) | _OVERSIGHT | _all(Role.SAFETY_BOARD),
        END_RUN_IN: _own(Role.INVESTIGATOR),
        RECORD_DEATH: _own(Role.INVESTIGATOR),
        START_NEW_THERAPY: _DATA_ENTRY,
        RECORD_SURVIVAL_CONTACT: _DATA_ENTRY,
        WITHDRAW_CONSENT: _own(Role.INVESTIGATOR),
        DECLARE_LOST: _own(Role.INVESTIGATOR),
        END_STUDY: _all(Role.SPONSOR),
        CORRECT: _own(Role.INVESTIGATOR),
        AUTHORIZE_RANDOMIZATION: _own(Role.RANDOMIZER),
        # They may be told what tells the arm at their own site: who else may not manage one.
        MANAGE_WEBHOOKS: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        READ_QUARANTINE: _own(Role.INVESTIGATOR, Role.COORDINATOR),
        RESOLVE_QUARANTINE: _own(Role.INVESTIGATOR),
        READ_STRATA: _own(*SITE_ROLES) | _all(Role.SPONSOR, Role.MONITOR),
        # Readers of scans see nothing of a subject here: dates of cycles would tell them the arm (digest 1.1, masking).
        READ_SUBJECTS: _own(*SITE_ROLES) | _OVERSIGHT,
    }
)
