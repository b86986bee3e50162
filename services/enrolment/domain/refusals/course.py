"""Why the end of a run-in, a withdrawal, a loss, a death or word of a subject is not accepted."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.common import (
    IN_THE_FUTURE,
)
from services.enrolment.domain.refusals.standing import (
    ALREADY_RANDOMIZED,
    CONSENT_WITHDRAWN,
    DATA_USE_WITHDRAWN,
    DEAD,
    FOLLOWED,
    LATER_RECORDS,
    NO_CONSENT,
    NOT_INCLUDED,
    OF_SUBJECT,
    RUN_IN_OVER,
    STUDY_OVER,
)

ALREADY_WITHDRAWN: Final = Refusal(
    "already-withdrawn",
    409,
    "The subject has withdrawn from this or from more.",
    "Nothing to do, or record a wider withdrawal.",
)
ALREADY_LOST: Final = Refusal(
    "already-lost", 409, "The subject is lost to follow-up already.", "Nothing to do until it is found again."
)
ATTEMPTS_NOT_SUFFICIENT: Final = Refusal(
    "attempts-not-sufficient",
    409,
    "The attempts since the subject was last known to be alive do not suffice to call it lost.",
    "Try again, on further days, until there are as many over as many months as the protocol asks for.",
)
NOT_LOST: Final = Refusal("not-lost", 409, "The subject is not lost to follow-up.", "Nothing to do.")
FOUND_BEFORE_LOST: Final = Refusal(
    "found-before-lost",
    409,
    "The subject was declared lost after that day.",
    "Give the day on which it was found again, on or after that of the loss.",
)
NO_FOLLOW_UP_LEFT: Final = Refusal(
    "no-follow-up-left",
    409,
    "The subject is not followed any more.",
    "Nothing to do: what ended its participation is on record.",
)
EXIT_BEFORE_CYCLE: Final = Refusal(
    "exit-before-cycle",
    409,
    "A cycle was given after that day.",
    "Give the day on which the run-in ended, on or after the last cycle.",
)
DEATH_ALREADY_RECORDED: Final = Refusal(
    "death-already-recorded", 409, "A death of this subject is recorded.", "Nothing to do: a death has one date."
)
DEATH_BEFORE_LAST_CONTACT: Final = Refusal(
    "death-before-last-contact",
    409,
    "Something was recorded of the living subject on a later day.",
    "Check the date of death against the last day on which the subject was known to be alive.",
)

END_RUN_IN: Final = (
    *OF_SUBJECT,
    *FOLLOWED,
    IN_THE_FUTURE,
    NOT_INCLUDED,
    ALREADY_RANDOMIZED,
    RUN_IN_OVER,
    EXIT_BEFORE_CYCLE,
    DEAD,
)
RECORD_DEATH: Final = (
    *OF_SUBJECT,
    IN_THE_FUTURE,
    DATA_USE_WITHDRAWN,
    DEATH_ALREADY_RECORDED,
    DEATH_BEFORE_LAST_CONTACT,
)
START_NEW_THERAPY: Final = (*OF_SUBJECT, *FOLLOWED, IN_THE_FUTURE, NOT_INCLUDED, DEAD)
RECORD_SURVIVAL_CONTACT: Final = (*OF_SUBJECT, *FOLLOWED, IN_THE_FUTURE, NOT_INCLUDED, DEAD)
WITHDRAW_CONSENT: Final = (
    *OF_SUBJECT,
    DATA_USE_WITHDRAWN,
    IN_THE_FUTURE,
    NO_CONSENT,
    DEAD,
    STUDY_OVER,
    ALREADY_WITHDRAWN,
    LATER_RECORDS,
)
DECLARE_LOST: Final = (
    *OF_SUBJECT,
    *FOLLOWED,
    IN_THE_FUTURE,
    NOT_INCLUDED,
    DEAD,
    ALREADY_LOST,
    LATER_RECORDS,
    ATTEMPTS_NOT_SUFFICIENT,
)
FIND_AGAIN: Final = (
    *OF_SUBJECT,
    DATA_USE_WITHDRAWN,
    CONSENT_WITHDRAWN,
    STUDY_OVER,
    IN_THE_FUTURE,
    DEAD,
    NOT_LOST,
    FOUND_BEFORE_LOST,
)
END_STUDY: Final = (*OF_SUBJECT, DATA_USE_WITHDRAWN, IN_THE_FUTURE, NO_FOLLOW_UP_LEFT, LATER_RECORDS)
