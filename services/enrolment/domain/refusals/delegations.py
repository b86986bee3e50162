"""Why a duty is not delegated, or does not end."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.common import (
    IN_THE_FUTURE,
    UNKNOWN_SITE,
    UNKNOWN_STUDY,
)

DELEGATION_REVERSED: Final = Refusal(
    "delegation-reversed", 422, "The delegation would end before it begins.", "Correct one of the two days."
)
ALREADY_DELEGATED: Final = Refusal(
    "already-delegated",
    409,
    "The person has this duty at this site on a day of that period.",
    "Nothing to do, or end the delegation named here first, or begin after its last day.",
)
UNKNOWN_DELEGATION: Final = Refusal(
    "unknown-delegation", 404, "The site has no such delegation.", "Use the event id under which it was recorded."
)
END_BEFORE_START: Final = Refusal(
    "end-before-start",
    409,
    "The delegation begins after that day.",
    "Give its first day at the earliest: ended on that day it was in force on none.",
)
DELEGATION_OVER: Final = Refusal(
    "delegation-over", 409, "The delegation is over by that day.", "Nothing to do: it has one end."
)

DELEGATE: Final = (UNKNOWN_STUDY, UNKNOWN_SITE, IN_THE_FUTURE, DELEGATION_REVERSED, ALREADY_DELEGATED)
END_DELEGATION: Final = (
    UNKNOWN_STUDY,
    UNKNOWN_SITE,
    UNKNOWN_DELEGATION,
    DELEGATION_OVER,
    END_BEFORE_START,
    IN_THE_FUTURE,
)
