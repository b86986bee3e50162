"""Why what was sent of a timepoint is not accepted."""

from typing import Final

from services.assessment.domain.refusals.common import HEARD
from services.chassis.refusal import Refusal

NOT_ACCEPTED: Final = Refusal(
    "timepoint-not-accepted",
    422,
    "Not everything that was sent of the timepoint can be recorded, so nothing was.",
    "Mend each part listed under `errors`: it names its place, and the refusal of its own.",
)

RECORD: Final = (*HEARD, NOT_ACCEPTED)
