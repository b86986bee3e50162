"""Why the central review does not accept something. What a reader is told names no subject and no site."""

from typing import Final

from services.assessment.domain.refusals.common import HEARD, OF_SUBJECT, UNKNOWN_STUDY
from services.assessment.domain.refusals.lesions import (
    LESION_TWICE,
    LESION_UNKNOWN,
    NEW_LESION_INCOMPLETE,
    NO_LESIONS,
    NOT_MEASURABLE,
    TOO_MANY_IN_ORGAN,
    TOO_MANY_TARGETS,
)
from services.assessment.domain.refusals.readings import SCAN_AFTER_DEATH, SCAN_IN_FUTURE
from services.chassis.refusal import Refusal

NO_REVIEW: Final = Refusal(
    "no-central-review", 404, "The protocol of this study has no central review.", "Read the investigator's readings."
)
NOT_OF_THE_REVIEW: Final = Refusal(
    "timepoint-not-reviewed",
    422,
    "The central review has no such timepoint: it begins with its baseline.",
    "Use one of the timepoints in `permitted`.",
)
UID_NAMES_SITE: Final = Refusal(
    "study-uid-not-pseudonymous",
    422,
    "The UID is not one of the roots that the protocol permits: a hospital's own would tell readers where it is.",
    "Pseudonymise the series, and send the UID that it got then.",
)
SUBMITTED_ALREADY: Final = Refusal(
    "review-scan-already-submitted",
    409,
    "A scan of this timepoint is in the central review already.",
    "Nothing: read the subject's review.",
)
BASELINE_FIRST: Final = Refusal(
    "review-baseline-first",
    409,
    "The central review of a subject begins with its baseline scan.",
    "Submit the scan of the timepoint in `baseline` first.",
)
LATER_SUBMITTED: Final = Refusal(
    "review-scans-out-of-order",
    409,
    "A scan of a later timepoint is in the review, or one that is not later by its day.",
    "Correct the day or the timepoint. A scan that was left out cannot be put between those that are read.",
)
CASE_UNKNOWN: Final = Refusal(
    "case-unknown", 404, "There is no such case, or none that you may see.", "Take a case of the reading queue."
)
PLACES_TAKEN: Final = Refusal(
    "case-taken", 409, "Both readers of this case are found.", "Take another case of the reading queue."
)
HOLDS_PLACE: Final = Refusal(
    "case-held-already",
    409,
    "You have a place in this case, and nobody has two.",
    "Read it in the place that you have.",
)
NOTHING_TO_ADJUDICATE: Final = Refusal(
    "nothing-to-adjudicate",
    409,
    "No scan of this case waits for an adjudicator, or the case has one.",
    "Take another case of the reading queue.",
)
NOT_YOUR_TURN: Final = Refusal(
    "scan-not-due",
    409,
    "This is not the scan that you are to read now: each is read once, in the order in which they were made.",
    "Read the scan in `next`; if it is null, there is none now.",
)
STATED_DIFFERS: Final = Refusal(
    "stated-response-differs",
    422,
    "The stated response is not what follows from the lesions.",
    "Correct one of them, or send the reason in `stated_stands`.",
)
NOT_READ_YET: Final = Refusal(
    "not-read-yet", 409, "There is no locked read that could be made again.", "Wait until the scan has been read."
)

OF_CASE: Final = (UNKNOWN_STUDY, NO_REVIEW, CASE_UNKNOWN)
OF_REVIEW: Final = (*OF_SUBJECT, NO_REVIEW)
SUBMIT: Final = (
    *HEARD,
    NO_REVIEW,
    NOT_OF_THE_REVIEW,
    UID_NAMES_SITE,
    SUBMITTED_ALREADY,
    BASELINE_FIRST,
    LATER_SUBMITTED,
    SCAN_IN_FUTURE,
    SCAN_AFTER_DEATH,
)
CLAIM: Final = (*OF_CASE, PLACES_TAKEN, HOLDS_PLACE, NOTHING_TO_ADJUDICATE)
CHOOSE: Final = (
    *OF_CASE,
    NOT_YOUR_TURN,
    LESION_TWICE,
    NO_LESIONS,
    TOO_MANY_TARGETS,
    TOO_MANY_IN_ORGAN,
    NOT_MEASURABLE,
    LESION_UNKNOWN,
)
READ: Final = (*OF_CASE, NOT_YOUR_TURN, STATED_DIFFERS, LESION_UNKNOWN, NEW_LESION_INCOMPLETE)
ADJUDICATE: Final = (*OF_CASE, NOT_YOUR_TURN)
REOPEN: Final = (*OF_CASE, NOT_READ_YET)
