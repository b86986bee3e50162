"""Why the reading of a scan is not accepted."""

from typing import Final

from services.assessment.domain.refusals.common import HEARD, OF_SUBJECT
from services.assessment.domain.refusals.lesions import CHOSEN, NOTHING_TO_READ_AGAIN, SEEN
from services.chassis.refusal import Refusal

TIMEPOINT_UNKNOWN: Final = Refusal(
    "timepoint-unknown",
    422,
    "The protocol has no such timepoint.",
    "Use one of the timepoints in `permitted`.",
)
SCAN_IN_FUTURE: Final = Refusal(
    "scan-in-future",
    422,
    "The scan has not been made yet.",
    "Correct the date; the day is that of the study's time zone.",
)
SCAN_BEFORE_CONSENT: Final = Refusal(
    "scan-before-consent",
    422,
    "The scan was made before the consent.",
    "Correct the date; a scan of before the study is a finding of enrolment.",
)
SCAN_BEFORE_INCLUSION: Final = Refusal(
    "scan-before-inclusion",
    422,
    "The scan was made before the inclusion, and every timepoint of the protocol comes after it.",
    "Correct the date; a scan of the screening is a finding of enrolment.",
)
SCAN_AFTER_DEATH: Final = Refusal(
    "scan-after-death",
    422,
    "The scan was made after the subject's death.",
    "Correct the date; if the date of death is wrong, correct that at enrolment first.",
)
ALREADY_ASSESSED: Final = Refusal(
    "timepoint-already-assessed",
    409,
    "This reader has assessed the timepoint already.",
    "Read what is recorded; nothing replaces it silently.",
)
SCANS_OUT_OF_ORDER: Final = Refusal(
    "scans-out-of-order",
    422,
    "The scan of a later timepoint is not later than that of an earlier one.",
    "Correct the date or the timepoint: `other` and `other_scan_on` say what it contradicts.",
)
ASSESSMENT_NOT_FOUND: Final = Refusal(
    "tumour-assessment-not-found",
    404,
    "There is no investigator assessment of this subject at this timepoint, or there was none at that moment.",
    "Record the assessment first; the list of the subject's assessments shows what there is.",
)

RECORD_TUMOUR_ASSESSMENT: Final = (
    *HEARD,
    TIMEPOINT_UNKNOWN,
    SCAN_IN_FUTURE,
    SCAN_BEFORE_CONSENT,
    SCAN_BEFORE_INCLUSION,
    SCAN_AFTER_DEATH,
    ALREADY_ASSESSED,
    SCANS_OUT_OF_ORDER,
    *SEEN,
)
READ_AGAIN: Final = (*RECORD_TUMOUR_ASSESSMENT, NOTHING_TO_READ_AGAIN)
READ_BASELINE: Final = (*HEARD, SCAN_IN_FUTURE, SCAN_AFTER_DEATH, *CHOSEN)
READ: Final = (*OF_SUBJECT, ASSESSMENT_NOT_FOUND)
