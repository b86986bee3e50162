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
    "This version of the allocation is in force already; it was committed to before it allocated anybody.",
    "Nothing: a version is activated once. An amendment is a new draft.",
)
NOT_ACTIVE: Final = Refusal(
    "allocation-not-active",
    409,
    "The allocation of this study is not active.",
    "Two persons sign the draft and the sponsor activates it; then repeat the request.",
)
RECRUITMENT_PAUSED: Final = Refusal(
    "recruitment-paused",
    409,
    "The sponsor has paused recruitment.",
    "The sponsor resumes recruitment; then repeat the request.",
)
NOT_PAUSED: Final = Refusal(
    "recruitment-not-paused",
    409,
    "Recruitment is not paused.",
    "Nothing: only what is paused is resumed.",
)
ALLOCATION_OVER: Final = Refusal(
    "allocation-over",
    409,
    "The allocation of this study is closed.",
    "Nothing: a closed allocation is never opened again.",
)
UNKNOWN_VERSION: Final = Refusal(
    "unknown-version",
    404,
    "No such version of the configuration was drafted.",
    "Use a version that is named here, or draft one.",
)
VERSION_SUPERSEDED: Final = Refusal(
    "version-superseded",
    409,
    "A newer version of the configuration was drafted.",
    "Sign and activate the newest version.",
)
OTHER_TEXT: Final = Refusal(
    "other-configuration",
    409,
    "The hash is not that of this version: what you read is not what you would sign.",
    "Read the draft, compare its hash, and sign that one.",
)
SIGNED_ALREADY: Final = Refusal(
    "signed-already",
    409,
    "You have signed this version.",
    "Somebody else signs: two different persons are needed.",
)
SIGNATURES_MISSING: Final = Refusal(
    "signatures-missing",
    409,
    "Fewer than two persons have signed this version.",
    "Have another person sign it; then activate it.",
)
NO_AUTHORITY: Final = Refusal(
    "no-time-stamping-authority",
    503,
    "No time stamping authority is configured; without its stamp nothing is activated.",
    "Set RELUTH_TIMESTAMP_URL and RELUTH_TIMESTAMP_CA_FILE for the randomizer and restart it; then repeat the request.",
)
SEED_TOO_WEAK: Final = Refusal(
    "seed-too-weak",
    503,
    "The seed is not what a sound generator of random numbers gives; it is not used.",
    "Have the generator of the machine examined; then repeat the request. Nothing was recorded.",
)
STAMP_NOT_BELIEVED: Final = Refusal(
    "stamp-not-believed",
    502,
    "What the time stamping authority answered does not show that it saw the commitment now.",
    "Compare RELUTH_TIMESTAMP_CA_FILE with the authority's certificates, and the clocks; then repeat the request.",
)
AMENDMENT_TOO_DEEP: Final = Refusal(
    "amendment-too-deep",
    409,
    "Subjects are allocated by other arms or factors than this version has.",
    "Keep arms, ratio and factors with their levels; another comparison is another study.",
)
PROTOCOL_CHANGED: Final = Refusal(
    "protocol-changed",
    409,
    "The version was drafted from another protocol file than the one that is loaded now.",
    "Draft it again from this file and have it signed, or restart the service with the file that was signed.",
)
LIST_UNKNOWN: Final = Refusal(
    "list-unknown",
    409,
    "No list with this hash was imported in this study.",
    "Import the list first, and name the hash that was answered.",
)
LIST_DEFECTIVE: Final = Refusal(
    "list-defective",
    422,
    "The list is not one that subjects may be allocated by.",
    "Have it made again, with everything that `defects` names put right; nothing of it was kept.",
)
LIST_UNFIT: Final = Refusal(
    "list-unfit",
    409,
    "The list was made for other arms, another ratio or other strata than the protocol file has now.",
    "Import a list that is made for this file, and draft with its hash.",
)
LIST_EXHAUSTED: Final = Refusal(
    "list-exhausted",
    409,
    "The list has no row left for this subject's stratum.",
    "The statistician imports a longer list; then the allocation is amended to it: drafted, signed, activated.",
)
NOT_CLOSED: Final = Refusal(
    "allocation-not-closed",
    409,
    "Only a closed allocation can be locked.",
    "The sponsor closes the allocation; then sign the lock.",
)
LOCK_SIGNED_ALREADY: Final = Refusal(
    "lock-signed-already",
    409,
    "You have signed the lock.",
    "Somebody else signs: two different persons are needed.",
)
LOCKED_ALREADY: Final = Refusal(
    "allocation-locked-already",
    409,
    "The allocation is locked already.",
    "Nothing: two persons have locked it, and its seeds are revealed.",
)
NOT_LOCKED: Final = Refusal(
    "allocation-not-locked",
    409,
    "The allocation is not locked: its seeds are secret.",
    "Close the allocation and have two persons sign the lock.",
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
IN_THE_FUTURE: Final = Refusal(
    "date-in-the-future",
    422,
    "A date lies in the future of the trial's calendar.",
    "Give the date on which it happened, today at the latest.",
)
BEFORE_RANDOMIZATION: Final = Refusal(
    "before-randomization",
    409,
    "An error of a randomization is not discovered before it.",
    "Give the day on which the error was discovered, that of the randomization at the earliest.",
)
OTHER_SUBJECT_UNUSABLE: Final = Refusal(
    "other-subject-unusable",
    422,
    "The annotation needs the number of another subject, or none at all.",
    "RANDOMIZED_TWICE: the same person's other number; WRONG_PERSON: the person who was meant, if known; else none.",
)
OTHER_NOT_RANDOMIZED: Final = Refusal(
    "other-subject-not-randomized",
    409,
    "The other number was not randomized: then nobody was randomized twice.",
    "Check the other number.",
)
ANNOTATED_ALREADY: Final = Refusal(
    "annotated-already",
    409,
    "The randomization bears this annotation already.",
    "Nothing: read the annotations of the randomization.",
)
STRATA_NOT_COMPARABLE: Final = Refusal(
    "strata-not-comparable",
    409,
    "What enrolment derives does not name one known level for each factor of the allocation.",
    "Run enrolment and randomizer with a protocol file that has the factors of the allocation.",
)
UNKNOWN_DISCREPANCY: Final = Refusal(
    "unknown-discrepancy",
    404,
    "There is no such discrepancy.",
    "Use an id from the list of discrepancies.",
)
RESOLVED_ALREADY: Final = Refusal(
    "resolved-already",
    409,
    "Somebody has resolved this discrepancy.",
    "Nothing: what is found later opens another one.",
)
OPEN_ROLE_BESIDE_CLOSED: Final = Refusal(
    "open-role-beside-closed",
    403,
    "Arms of all sites are for people who take no other part in the trial, and your token names another role too.",
    "Use a token with the closed role alone.",
)

IMPORT_LIST: Final = (UNKNOWN_STUDY, DESIGN_UNUSABLE, LIST_DEFECTIVE, ALLOCATION_OVER, OPEN_ROLE_BESIDE_CLOSED)
DRAFT: Final = (UNKNOWN_STUDY, DESIGN_UNUSABLE, ALLOCATION_OVER, LIST_UNKNOWN, LIST_UNFIT, AMENDMENT_TOO_DEEP)
SIGN: Final = (
    UNKNOWN_STUDY,
    ALLOCATION_OVER,
    UNKNOWN_VERSION,
    VERSION_SUPERSEDED,
    ALREADY_ACTIVE,
    OTHER_TEXT,
    SIGNED_ALREADY,
)
ACTIVATE: Final = (
    UNKNOWN_STUDY,
    DESIGN_UNUSABLE,
    ALLOCATION_OVER,
    UNKNOWN_VERSION,
    VERSION_SUPERSEDED,
    ALREADY_ACTIVE,
    SIGNATURES_MISSING,
    SEED_TOO_WEAK,
    NO_AUTHORITY,
    STAMP_NOT_BELIEVED,
)
PAUSE: Final = (UNKNOWN_STUDY, NOT_ACTIVE, RECRUITMENT_PAUSED, ALLOCATION_OVER)
RESUME: Final = (UNKNOWN_STUDY, NOT_PAUSED)
CLOSE: Final = (UNKNOWN_STUDY, NOT_ACTIVE, ALLOCATION_OVER)
LOCK: Final = (UNKNOWN_STUDY, NOT_CLOSED, LOCK_SIGNED_ALREADY, LOCKED_ALREADY)
EXPORT: Final = (UNKNOWN_STUDY, NOT_LOCKED, OPEN_ROLE_BESIDE_CLOSED)
BALANCE: Final = (UNKNOWN_STUDY, OPEN_ROLE_BESIDE_CLOSED)
CHANGE_CAP: Final = (UNKNOWN_STUDY, NOT_ACTIVE, ALLOCATION_OVER, CAP_UNCHANGED, CAP_BELOW_RANDOMIZED)
RANDOMIZE: Final = (
    UNKNOWN_STUDY,
    NOT_ACTIVE,
    RECRUITMENT_PAUSED,
    ALLOCATION_OVER,
    ALREADY_RANDOMIZED,
    CAP_REACHED,
    AUTHORIZATION_UNUSABLE,
    STRATA_INCOMPLETE,
    LIST_EXHAUSTED,
)
READ: Final = (UNKNOWN_STUDY,)
READ_ONE: Final = (UNKNOWN_STUDY, NOT_RANDOMIZED, OPEN_ROLE_BESIDE_CLOSED)
ANNOTATE: Final = (
    UNKNOWN_STUDY,
    NOT_RANDOMIZED,
    IN_THE_FUTURE,
    BEFORE_RANDOMIZATION,
    OTHER_SUBJECT_UNUSABLE,
    OTHER_NOT_RANDOMIZED,
    ANNOTATED_ALREADY,
)
VERIFY_STRATA: Final = (UNKNOWN_STUDY, NOT_RANDOMIZED, STRATA_NOT_COMPARABLE)
RESOLVE: Final = (UNKNOWN_STUDY, UNKNOWN_DISCREPANCY, RESOLVED_ALREADY)
READ_DISCREPANCY: Final = (UNKNOWN_STUDY, UNKNOWN_DISCREPANCY)
