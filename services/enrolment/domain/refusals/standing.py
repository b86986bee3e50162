"""Where a subject stands, when that alone forbids what is asked."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.common import (
    UNKNOWN_STUDY,
)

UNKNOWN_SUBJECT: Final = Refusal(
    "unknown-subject", 404, "No such subject was screened in this study.", "Check the subject number."
)
BEFORE_SCREENING: Final = Refusal(
    "before-screening",
    409,
    "The date lies before the subject entered the screening log.",
    "Give a date on or after the screening.",
)
NO_CONSENT: Final = Refusal(
    "no-consent",
    409,
    "No signed consent covers that day.",
    "Record the signed consent first; nothing of the study may be dated before it.",
)
SCREENING_OVER: Final = Refusal(
    "screening-over",
    409,
    "The screening has ended without inclusion.",
    "Nothing: that decision is final. A new screening gives a new number.",
)
CONSENT_WITHDRAWN: Final = Refusal(
    "consent-withdrawn",
    409,
    "The subject had withdrawn by that day.",
    "Nothing: who has withdrawn goes no further into the study.",
)
SUBJECT_ERASED: Final = Refusal(
    "subject-erased",
    410,
    "The subject withdrew from any use of its data, and was erased.",
    "Nothing: the number, its site and the withdrawal are all that is told of it, of any moment.",
)
DATA_USE_WITHDRAWN: Final = Refusal(
    "data-use-withdrawn",
    409,
    "The subject has withdrawn from any use of its data.",
    "Nothing: nothing more is recorded of this subject.",
)
STUDY_OVER: Final = Refusal(
    "study-over",
    409,
    "The study had ended for the subject by that day.",
    "What happened before its end can be recorded with its own day; a death always can.",
)
SUBJECT_LOST: Final = Refusal(
    "subject-lost",
    409,
    "Nobody could reach the subject by that day.",
    "Record first that the subject was found again, with the day.",
)
LATER_RECORDS: Final = Refusal(
    "later-records",
    409,
    "Something of the study is recorded of the subject on a later day.",
    "Check the day, or correct first what is recorded after it.",
)
ALREADY_INCLUDED: Final = Refusal("already-included", 409, "The subject is included already.", "Nothing to do.")
NOT_INCLUDED: Final = Refusal(
    "not-included", 409, "The subject is not included on that day.", "Include the subject first."
)
RUN_IN_OVER: Final = Refusal(
    "run-in-over",
    409,
    "The subject's run-in has ended before that day.",
    "No study treatment follows the end of the run-in; record another therapy as a new anticancer therapy. If a reading"
    " that ended it is wrong, have it read again, and if the exit is, correct it: the cycle can then be recorded.",
)
ALREADY_RANDOMIZED: Final = Refusal(
    "already-randomized", 409, "The subject is randomized.", "Nothing reverts a randomization."
)
DEAD: Final = Refusal(
    "subject-dead", 409, "The subject died before that day.", "Correct the date: nothing clinical follows a death."
)

OF_SUBJECT: Final = (UNKNOWN_STUDY, UNKNOWN_SUBJECT, SUBJECT_ERASED)
FOLLOWED: Final = (DATA_USE_WITHDRAWN, CONSENT_WITHDRAWN, STUDY_OVER, SUBJECT_LOST)
