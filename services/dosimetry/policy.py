"""Who may do what in dosimetry. What is not in the table is denied; what tells the arm is for few."""

from typing import Final

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.auth.policy import Action, Policy, Scope

QUALIFY_CENTRE: Final = Action("qualify-dosimetry-centre")
READ_QUALIFICATIONS: Final = Action("read-dosimetry-qualifications")
RECORD_DOSIMETRY: Final = Action("record-dosimetry")
COMPUTE_DOSE: Final = Action("compute-absorbed-dose")
READ_DOSIMETRY: Final = Action("read-dosimetry")


def _own(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.OWN_SITE)


def _all(*roles: Role) -> dict[str, Scope]:
    return dict.fromkeys(roles, Scope.ALL_SITES)


_RECORDING: Final = _own(Role.INVESTIGATOR, Role.PHARMACIST)

POLICY: Final = Policy(
    {
        QUALIFY_CENTRE: _RECORDING,
        # Of cameras, not of subjects: they tell no arm.
        READ_QUALIFICATIONS: _own(*SITE_ROLES)
        | _all(Role.SPONSOR, Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD),
        RECORD_DOSIMETRY: _RECORDING,
        COMPUTE_DOSE: _RECORDING,
        # Cycles 3 and 4 tell the arm: to those to whom enrolment shows treatment, and to nobody else.
        READ_DOSIMETRY: _own(*SITE_ROLES) | _all(Role.STATISTICIAN, Role.SAFETY_BOARD),
    }
)
