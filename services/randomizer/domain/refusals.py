"""Why the randomizer does not do what it is asked, and what would make it."""

from typing import Final

from services.chassis.refusal import Refusal

UNKNOWN_STUDY: Final = Refusal(
    "unknown-study",
    404,
    "This installation does not run that study.",
    "Use the study id of a loaded protocol file.",
)
DESIGN_UNUSABLE: Final = Refusal(
    "design-unusable",
    409,
    "The protocol does not describe an allocation.",
    "Correct the protocol file at the fault named here and restart the service.",
)
ALREADY_ACTIVE: Final = Refusal(
    "allocation-already-active",
    409,
    "The allocation of this study is active; it was committed to before its first subject.",
    "Nothing: an allocation is activated once.",
)
NOT_ACTIVE: Final = Refusal(
    "allocation-not-active",
    409,
    "The allocation of this study is not active.",
    "The sponsor activates the allocation; then repeat the request.",
)
ALREADY_RANDOMIZED: Final = Refusal(
    "already-randomized",
    409,
    "The subject is randomized already; the answer is final.",
    "Nothing: read the subject's randomization instead.",
)
CAP_REACHED: Final = Refusal(
    "cap-reached",
    409,
    "As many subjects are randomized as the protocol allows.",
    "The sponsor may raise the cap, with a reason; then repeat the request.",
)
AUTHORIZATION_UNUSABLE: Final = Refusal(
    "authorization-unusable",
    409,
    "Enrolment's authorization does not cover this request.",
    "Repeat the request; if the fault stays, enrolment and randomizer do not run the same protocol file.",
)
STRATA_INCOMPLETE: Final = Refusal(
    "strata-incomplete",
    409,
    "The authorization does not name one known level for each stratification factor.",
    "Record the findings that the missing factors are derived from; then repeat the request.",
)
CAP_BELOW_RANDOMIZED: Final = Refusal(
    "cap-below-randomized",
    409,
    "More subjects are randomized already than this cap allows.",
    "Give a cap that is at least the number of randomized subjects.",
)
CAP_UNCHANGED: Final = Refusal(
    "cap-unchanged",
    409,
    "The cap has this value already.",
    "Give another number.",
)
NOT_RANDOMIZED: Final = Refusal(
    "not-randomized",
    404,
    "The subject is not randomized.",
    "Randomize the subject first.",
)
OPEN_ROLE_BESIDE_CLOSED: Final = Refusal(
    "open-role-beside-closed",
    403,
    "Arms of all sites are for people who take no other part in the trial, and your token names another role too.",
    "Use a token with the closed role alone.",
)

ACTIVATE: Final = (UNKNOWN_STUDY, DESIGN_UNUSABLE, ALREADY_ACTIVE)
CHANGE_CAP: Final = (UNKNOWN_STUDY, NOT_ACTIVE, CAP_UNCHANGED, CAP_BELOW_RANDOMIZED)
RANDOMIZE: Final = (
    UNKNOWN_STUDY,
    NOT_ACTIVE,
    ALREADY_RANDOMIZED,
    CAP_REACHED,
    AUTHORIZATION_UNUSABLE,
    STRATA_INCOMPLETE,
)
READ: Final = (UNKNOWN_STUDY,)
READ_ONE: Final = (UNKNOWN_STUDY, NOT_RANDOMIZED, OPEN_ROLE_BESIDE_CLOSED)
