"""What may be wrong with any command: its study, and what has been heard of its subject."""

from typing import Final

from services.chassis.refusal import Refusal

UNKNOWN_STUDY: Final = Refusal(
    "unknown-study", 404, "This installation does not run that study.", "Use the study id of a loaded protocol file."
)
SUBJECT_ERASED: Final = Refusal(
    "subject-erased",
    410,
    "The subject withdrew from any use of its data, and was erased.",
    "Nothing: nothing of it is told or recorded any more, of any moment.",
)
SUBJECT_NOT_HEARD_OF: Final = Refusal(
    "subject-not-heard-of",
    409,
    "Assessment has not heard of this subject from enrolment.",
    "If enrolment has screened the subject, send the same request again in a moment: word of it is on the way.",
    retry_after=2,
)
INCLUSION_NOT_HEARD_OF: Final = Refusal(
    "inclusion-not-heard-of",
    409,
    "Assessment has not heard that this subject was included; the timepoints of the protocol come after it.",
    "Include the subject at enrolment; if that is done, send the same request again in a moment.",
    retry_after=2,
)
IN_THE_FUTURE: Final = Refusal(
    "date-in-the-future",
    422,
    "A clinical date lies in the future of the trial's calendar.",
    "Give the date on which it happened, today at the latest.",
)
TOO_EARLY: Final = Refusal(
    "before-consent",
    422,
    "It is dated before the subject could take part in it.",
    "Correct the date: `since` is the first day on which it is data of the study.",
)
AFTER_DEATH: Final = Refusal(
    "after-death",
    422,
    "It is dated after the subject's death.",
    "Correct the date; if the date of death is wrong, correct that at enrolment first.",
)

OF_SUBJECT: Final = (UNKNOWN_STUDY, SUBJECT_ERASED)
"""Of any read of one subject."""
HEARD: Final = (*OF_SUBJECT, SUBJECT_NOT_HEARD_OF, INCLUSION_NOT_HEARD_OF)
"""Of any command about an included subject."""
DATED: Final = (IN_THE_FUTURE, TOO_EARLY, AFTER_DEATH)
"""Of anything that has a day."""
