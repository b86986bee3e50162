"""Who somebody is to the trial. What a role may do is decided by each service's policy, default deny."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Roles of a token. The value is what stands in the token and in the log."""

    INVESTIGATOR = "investigator"
    COORDINATOR = "coordinator"
    RANDOMIZER = "randomizer"
    PHARMACIST = "pharmacist"
    SPONSOR = "sponsor"
    MONITOR = "monitor"
    PV = "pv"
    READER = "reader"
    STATISTICIAN = "statistician"
    SAFETY_BOARD = "safety_board"
    OPS = "ops"
    INSPECTOR = "inspector"


SITE_ROLES: Final = frozenset({Role.INVESTIGATOR, Role.COORDINATOR, Role.RANDOMIZER, Role.PHARMACIST})
"""Roles that exist only at a site: a token with one of them and without a site grants nothing."""

CLOSED_ROLES: Final = frozenset({Role.STATISTICIAN, Role.SAFETY_BOARD})
"""Roles that may see the arms of all sites, for people who take no other part in the trial (ruling 20).

Beside an open role they open nothing: who can enrol and knows every arm can foretell the next ones of a block.
"""

OPEN_ROLES: Final = frozenset(Role) - CLOSED_ROLES
"""Every other role of the trial. What else a token says, such as an identity provider's own roles, is no role here."""
