"""Why what is said of lesions is not accepted."""

from typing import Final

from services.chassis.refusal import Refusal

NOT_BY_LESIONS: Final = Refusal(
    "response-not-derived",
    422,
    "The protocol of this study does not say how responses follow from lesions.",
    "Send the stated response alone.",
)
BASELINE_UNKNOWN: Final = Refusal(
    "baseline-unknown", 422, "The protocol has no such baseline.", "Use one of the baselines in `permitted`."
)
BASELINE_MISSING: Final = Refusal(
    "baseline-missing",
    409,
    "No lesions have been chosen on the baseline scan that this timepoint is compared with.",
    "Record the baseline named in `baseline` first; then send the same request again.",
)
BASELINE_NOT_FOUND: Final = Refusal(
    "baseline-not-found",
    404,
    "No lesions have been chosen on that baseline scan, or had been at that moment.",
    "Record the baseline first.",
)
ALREADY_CHOSEN: Final = Refusal(
    "baseline-already-read",
    409,
    "The lesions of this baseline have been chosen already.",
    "Read what is recorded; to choose them again, send a re-reading with its reason.",
)
NOTHING_TO_READ_AGAIN: Final = Refusal(
    "nothing-to-read-again",
    409,
    "There is nothing yet that could be read again.",
    "Record the first reading without calling it a re-reading.",
)
LESION_TWICE: Final = Refusal(
    "lesion-named-twice", 422, "Two lesions have the same number.", "Give each lesion a number of its own."
)
NO_LESIONS: Final = Refusal(
    "no-lesions", 422, "No lesion was chosen.", "Choose at least one target or non-target lesion."
)
TOO_MANY_TARGETS: Final = Refusal(
    "too-many-targets",
    422,
    "More target lesions were chosen than the protocol permits.",
    "Follow the others as non-target lesions.",
)
TOO_MANY_IN_ORGAN: Final = Refusal(
    "too-many-targets-in-organ",
    422,
    "More target lesions were chosen in one organ than the protocol permits; all lymph nodes are one organ.",
    "Follow the others as non-target lesions.",
)
NOT_MEASURABLE: Final = Refusal(
    "target-not-measurable",
    422,
    "The lesion is too small to be a target: of a lymph node the short axis counts.",
    "Follow it as a non-target lesion, or correct its length.",
)
LESION_UNKNOWN: Final = Refusal(
    "lesion-unknown",
    422,
    "A lesion was not chosen at the baseline, or not in this way.",
    "Use the lesions in `permitted`; what was not there at baseline is a new lesion.",
)
NEW_LESION_INCOMPLETE: Final = Refusal(
    "new-lesion-incomplete",
    422,
    "New lesions and the organs in which they appeared do not agree.",
    "Name the organs if there are new lesions, equivocal ones too, and none if there are not.",
)
MEASURED_DIFFERENTLY: Final = Refusal(
    "lesion-measured-differently",
    422,
    "On the same scan the lesion has one length as part of the reading and another as part of the baseline.",
    "Correct one of the two, or give lesions that are chosen anew numbers of their own.",
)
QUERY_NOT_FOUND: Final = Refusal(
    "response-query-not-found", 404, "There is no such query about this subject.", "Read the subject's queries."
)
QUERY_CLOSED: Final = Refusal(
    "response-query-closed", 409, "The query is closed already.", "Nothing: read how it was closed."
)

SEEN: Final = (NOT_BY_LESIONS, BASELINE_MISSING, LESION_UNKNOWN, NEW_LESION_INCOMPLETE, MEASURED_DIFFERENTLY)
"""Of a reading with lesions."""
CHOSEN: Final = (
    NOT_BY_LESIONS,
    BASELINE_UNKNOWN,
    ALREADY_CHOSEN,
    NOTHING_TO_READ_AGAIN,
    LESION_TWICE,
    NO_LESIONS,
    TOO_MANY_TARGETS,
    TOO_MANY_IN_ORGAN,
    NOT_MEASURABLE,
    LESION_UNKNOWN,
    MEASURED_DIFFERENTLY,
)
"""Of a choice of lesions."""
