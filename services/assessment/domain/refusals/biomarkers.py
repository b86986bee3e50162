"""Why the measurement of a biomarker is not accepted."""

from typing import Final

from services.assessment.domain.refusals.common import DATED, HEARD, OF_SUBJECT
from services.chassis.refusal import Refusal

UNKNOWN_MARKER: Final = Refusal(
    "biomarker-unknown", 422, "The protocol does not follow this biomarker.", "Use one of those in `permitted`."
)
UNKNOWN_UNIT: Final = Refusal(
    "biomarker-unit-not-accepted",
    422,
    "The biomarker is not measured in this unit.",
    "Send the value in one of the units in `accepted`, as UCUM writes them.",
)
NO_LIMIT: Final = Refusal(
    "upper-limit-not-accepted", 422, "An upper limit of normal of zero is none.", "Leave it out if it is not known."
)
MEASURED_ALREADY: Final = Refusal(
    "biomarker-already-recorded",
    409,
    "A value of this biomarker is recorded for that day.",
    "Read what is recorded; to replace it, send a correction with its reason.",
)
NOT_FOUND: Final = Refusal(
    "biomarker-not-found",
    404,
    "There is no such measurement of this subject, or none that stands.",
    "Read what there is.",
)

RECORD: Final = (*HEARD, UNKNOWN_MARKER, UNKNOWN_UNIT, NO_LIMIT, MEASURED_ALREADY, *DATED)
CORRECT: Final = (*RECORD, NOT_FOUND)
READ: Final = OF_SUBJECT
