"""Why a record is not corrected."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.standing import (
    DATA_USE_WITHDRAWN,
    OF_SUBJECT,
)

UNKNOWN_RECORD: Final = Refusal(
    "unknown-record",
    404,
    "No such record of this subject stands.",
    "Use the event id of a record that was not annulled before.",
)
NOT_CORRECTABLE: Final = Refusal(
    "not-correctable",
    409,
    "The record was not entered by a person as data: it is what was decided, assigned or scheduled.",
    "Correct what it was decided from; a randomization is annotated, never taken back.",
)
RECORD_STOOD_ON: Final = Refusal(
    "record-stood-on",
    409,
    "A later record that stands makes no sense without this one.",
    "Annul that under `event_id` first, then this one, and enter both anew with the correction.",
)
CORRECTION_NOT_ACCEPTED: Final = Refusal(
    "correction-not-accepted",
    422,
    "What should stand instead does not fit what else is recorded; nothing was changed.",
    "See `entry` and `code`: correct that entry and send the whole correction again.",
)
CORRECTION_BREAKS: Final = Refusal(
    "correction-breaks-invariant",
    409,
    "What would be left contradicts itself.",
    "See `invariants`: enter with the correction what should stand instead.",
)

CORRECT: Final = (
    *OF_SUBJECT,
    DATA_USE_WITHDRAWN,
    UNKNOWN_RECORD,
    NOT_CORRECTABLE,
    RECORD_STOOD_ON,
    CORRECTION_NOT_ACCEPTED,
    CORRECTION_BREAKS,
)
