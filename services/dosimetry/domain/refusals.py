"""Why dosimetry does not accept a command: one stable code each, with what would make it pass."""

from typing import Final

from services.chassis.refusal import Refusal

UNKNOWN_STUDY: Final = Refusal(
    "unknown-study", 404, "This installation does not run that study.", "Use the study id of a loaded protocol file."
)
NO_DOSIMETRY: Final = Refusal(
    "study-without-dosimetry",
    404,
    "The protocol of this study has no dosimetry.",
    "Nothing: what its protocol file does not describe is not recorded here.",
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
    "Dosimetry has not heard of this subject from enrolment.",
    "If enrolment has screened the subject, send the same request again in a moment: word of it is on the way.",
    retry_after=2,
)
INCLUSION_NOT_HEARD_OF: Final = Refusal(
    "inclusion-not-heard-of",
    409,
    "Dosimetry has not heard that this subject was included, and nobody is treated before it.",
    "Include the subject at enrolment; if that is done, send the same request again in a moment.",
    retry_after=2,
)
OPEN_ROLE_BESIDE_CLOSED: Final = Refusal(
    "open-role-beside-closed",
    403,
    "Somebody who takes part in the open trial is not shown what tells the arms of all sites.",
    "Ask with an account that has the closed role alone.",
)
UNKNOWN_CYCLE: Final = Refusal(
    "unknown-cycle", 422, "The protocol has no such cycle.", "Use the number of a cycle of the protocol."
)
DATE_NOT_POSSIBLE: Final = Refusal(
    "date-not-possible",
    422,
    "It cannot have happened then: before the inclusion, after the death, or in the future.",
    "Correct the moment under `field`; the day is that of the study's time zone.",
)
INFUSION_ALREADY_RECORDED: Final = Refusal(
    "infusion-already-recorded",
    409,
    "The infusion of this cycle is recorded.",
    "If it is wrong, annul the record under `event_id` first.",
)
INFUSION_OUT_OF_ORDER: Final = Refusal(
    "infusion-out-of-order",
    422,
    "The infusions of the cycles would not follow each other.",
    "Check cycle and moment; an earlier cycle begins earlier.",
)
INFUSION_MISSING: Final = Refusal(
    "infusion-missing",
    409,
    "The infusion of this cycle is not recorded, so a scan has no time after it.",
    "Record activity and start of the infusion under dosimetry-infusions first.",
)
CENTRE_NOT_QUALIFIED: Final = Refusal(
    "centre-not-qualified",
    409,
    "The site has no qualification for this camera and acquisition that is valid on the day of the scan.",
    "Record the calibration that was valid that day under dosimetry-qualifications, then send the scan again.",
)
QUALIFICATION_NOT_ACCEPTED: Final = Refusal(
    "qualification-not-accepted",
    422,
    "The qualification contradicts itself or the protocol; nothing was recorded.",
    "See `errors`: each names its place and what is wrong there.",
)
QUALIFICATION_NOT_FOUND: Final = Refusal(
    "qualification-not-found",
    404,
    "No such qualification of this site stands.",
    "Take the event id from the list of the site's qualifications.",
)
SCAN_NOT_ACCEPTED: Final = Refusal(
    "dosimetry-scan-not-accepted",
    422,
    "The scan or one of its regions cannot be so; nothing was recorded.",
    "See `errors`: correct every place and send the scan with all its regions again.",
)
NOTHING_TO_COMPUTE: Final = Refusal(
    "absorbed-dose-not-computable",
    422,
    "From what stands, no dose of this cycle can be computed.",
    "See `not_computed`: for each organ what is missing. Nothing was recorded.",
)
UNKNOWN_RECORD: Final = Refusal(
    "unknown-record",
    404,
    "No such record of this subject stands.",
    "Use the event id of an infusion, a scan or a dose that was not annulled before.",
)
REGION_WITH_ITS_SCAN: Final = Refusal(
    "region-stands-with-scan",
    409,
    "A region is not annulled alone: its scan was measured as a whole.",
    "Annul the scan under `event_id`, and send it with all its regions again.",
)
RECORD_STOOD_ON: Final = Refusal(
    "record-stood-on",
    409,
    "A later record that stands makes no sense without this one.",
    "Annul the scan under `event_id` first, then this one.",
)

OF_STUDY: Final = (UNKNOWN_STUDY, NO_DOSIMETRY)
OF_SUBJECT: Final = (*OF_STUDY, SUBJECT_ERASED)
READ: Final = (*OF_SUBJECT, OPEN_ROLE_BESIDE_CLOSED)
_STANDING: Final = (*OF_SUBJECT, SUBJECT_NOT_HEARD_OF, INCLUSION_NOT_HEARD_OF)
QUALIFY: Final = (*OF_STUDY, QUALIFICATION_NOT_ACCEPTED)
ANNUL_QUALIFICATION: Final = (*OF_STUDY, QUALIFICATION_NOT_FOUND)
RECORD_INFUSION: Final = (
    *_STANDING,
    UNKNOWN_CYCLE,
    DATE_NOT_POSSIBLE,
    INFUSION_ALREADY_RECORDED,
    INFUSION_OUT_OF_ORDER,
)
RECORD_SCAN: Final = (*_STANDING, UNKNOWN_CYCLE, INFUSION_MISSING, CENTRE_NOT_QUALIFIED, SCAN_NOT_ACCEPTED)
COMPUTE: Final = (*_STANDING, UNKNOWN_CYCLE, INFUSION_MISSING, NOTHING_TO_COMPUTE)
ANNUL: Final = (*OF_SUBJECT, UNKNOWN_RECORD, REGION_WITH_ITS_SCAN, RECORD_STOOD_ON)
