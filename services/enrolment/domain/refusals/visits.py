"""Why a visit or a deviation is not accepted, and what would make it pass."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.common import (
    IN_THE_FUTURE,
)
from services.enrolment.domain.refusals.standing import (
    DEAD,
    FOLLOWED,
    NO_CONSENT,
    OF_SUBJECT,
)

UNKNOWN_VISIT: Final = Refusal(
    "unknown-visit",
    422,
    "The protocol in force at the site has no such visit.",
    "Use the id of a visit as `GET /subjects/{subject}/visits` shows it.",
)
VISIT_NOT_SCHEDULED: Final = Refusal(
    "visit-not-scheduled",
    409,
    "The visit follows from something that is not recorded for this subject.",
    "Record first what is named under `anchor`.",
)
VISIT_ALREADY_RECORDED: Final = Refusal(
    "visit-already-recorded",
    409,
    "The visit is recorded already.",
    "Nothing to do; correct the record if it is wrong.",
)
FORM_NOT_OF_VISIT: Final = Refusal(
    "form-not-of-visit",
    422,
    "The protocol has no such form at this visit, or a form is named twice.",
    "Name each of those listed under `forms` at most once.",
)
VISIT_NOT_ACCEPTED: Final = Refusal(
    "visit-not-accepted",
    422,
    "Not everything that was sent with the visit can be recorded, so nothing was.",
    "Mend each entry listed under `errors`: it names its place, and the refusal of its own.",
)

PERFORM_VISIT: Final = (
    *OF_SUBJECT,
    *FOLLOWED,
    IN_THE_FUTURE,
    DEAD,
    NO_CONSENT,
    UNKNOWN_VISIT,
    VISIT_NOT_SCHEDULED,
    VISIT_ALREADY_RECORDED,
    FORM_NOT_OF_VISIT,
)
RECORD_VISIT: Final = (*OF_SUBJECT, VISIT_NOT_ACCEPTED)
REPORT_DEVIATION: Final = (*OF_SUBJECT, *FOLLOWED, IN_THE_FUTURE, UNKNOWN_VISIT)
