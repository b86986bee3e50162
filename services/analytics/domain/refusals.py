"""Why a figure is not given, and what would make it."""

from typing import Final

from services.chassis.refusal import Refusal

UNKNOWN_STUDY: Final = Refusal(
    "unknown-study",
    404,
    "This installation does not run that study.",
    "Use the study id of a loaded protocol file.",
)
NO_SUCH_ENDPOINT: Final = Refusal(
    "endpoint-not-in-protocol",
    404,
    "The protocol of this study has no such endpoint.",
    "Ask for an endpoint that the protocol file defines.",
)
CUT_OFF_IN_FUTURE: Final = Refusal(
    "cut-off-in-future",
    422,
    "The cut-off date has not come yet: who is pending today would be counted as missing.",
    "Give a date up to today in the time zone of the trial, or none.",
)
OPEN_ROLE_BESIDE_CLOSED: Final = Refusal(
    "open-role-beside-closed",
    403,
    "Figures by arm are for people who take no other part in the trial, and your token names another role too.",
    "Use a token with the closed role alone.",
)

STUDY: Final = (UNKNOWN_STUDY,)
AT_A_CUT_OFF: Final = (UNKNOWN_STUDY, CUT_OFF_IN_FUTURE)
ENDPOINT: Final = (UNKNOWN_STUDY, NO_SUCH_ENDPOINT, CUT_OFF_IN_FUTURE)
CLOSED: Final = (OPEN_ROLE_BESIDE_CLOSED,)
