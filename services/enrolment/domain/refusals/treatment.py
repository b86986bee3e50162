"""Why a cycle, its delay or the end of treatment is not accepted, and what would make it pass."""

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
    NO_CONSENT,
    NOT_INCLUDED,
    OF_SUBJECT,
    RUN_IN_OVER,
    STUDY_OVER,
    SUBJECT_LOST,
)

CYCLE_OUT_OF_ORDER: Final = Refusal(
    "cycle-out-of-order",
    409,
    "Cycles are given once each and in order.",
    "Record the cycle named as expected; there is none when the run-in is complete.",
)
CYCLE_TOO_EARLY: Final = Refusal(
    "cycle-too-early",
    409,
    "The interval since the event before this cycle is shorter than the protocol allows.",
    "Give the cycle on or after the earliest day.",
)
_NEW_THERAPY: Final = (
    " Lutathera given outside the protocol is no cycle of the study: record it as a new anticancer therapy."
)
NOT_RANDOMIZED: Final = Refusal(
    "not-randomized",
    409,
    "This cycle follows a randomization, and the subject is not randomized.",
    "Randomize the subject first." + _NEW_THERAPY,
)
ARM_NOT_HEARD: Final = Refusal(
    "arm-not-heard",
    409,
    "Word of the subject's allocation has not arrived here yet.",
    "Repeat the request after the seconds in `Retry-After`.",
    retry_after=2,
)
UNKNOWN_ARM: Final = Refusal(
    "unknown-arm",
    409,
    "The allocation speaks of an arm that the protocol file does not have.",
    "Give enrolment and the randomizer the same protocol files, then requeue the subject.",
)
ARM_HAS_NO_CYCLE: Final = Refusal(
    "arm-has-no-cycle",
    409,
    "The protocol has no such cycle for the subject's arm.",
    "Nothing: the allocation is final." + _NEW_THERAPY,
)
ARM_HAS_CYCLES: Final = Refusal(
    "arm-has-cycles",
    409,
    "The subject's arm is treated: it has no surveillance that could start.",
    "Record the cycles, or the end of the treatment.",
)
SURVEILLANCE_STARTED: Final = Refusal(
    "surveillance-started", 409, "The subject is under surveillance already.", "Nothing to do."
)
BEFORE_RANDOMIZATION: Final = Refusal(
    "before-randomization",
    409,
    "The day lies before the randomization.",
    "Give a day on or after the randomization.",
)
TREATMENT_OVER: Final = Refusal(
    "treatment-over",
    409,
    "Study treatment of this subject has ended.",
    "Nothing: no cycle follows the end of the treatment." + _NEW_THERAPY,
)
STOP_BEFORE_CYCLE: Final = Refusal(
    "stop-before-cycle",
    409,
    "A cycle was given after that day.",
    "Give the day on which the treatment ended, on or after the last cycle.",
)
NO_TREATMENT_TO_STOP: Final = Refusal(
    "no-treatment-to-stop",
    409,
    "No cycle of this subject's treatment is left.",
    "Nothing to do: the treatment is complete, or the arm has none.",
)
PROGRESSED: Final = Refusal(
    "subject-progressed",
    409,
    "A progression is on record, dated before that day.",
    "Nothing: no study treatment follows a progression. If the reading is wrong, have it corrected." + _NEW_THERAPY,
)
LIFETIME_REACHED: Final = Refusal(
    "lifetime-reached",
    409,
    "The subject has had as many cycles as anybody may have in a lifetime.",
    "Nothing, unless the number of cycles of the First PRRT was recorded wrongly: then correct it.",
)
EARLIER_CYCLES_UNKNOWN: Final = Refusal(
    "earlier-cycles-unknown",
    409,
    "It is not known how many cycles the subject had before the study.",
    "Record the number of cycles of the First PRRT.",
)
DRUG_NOT_DESCRIBED: Final = Refusal(
    "drug-not-described",
    409,
    "The protocol of this study says no half-life to calculate with.",
    "State the administered activity itself.",
)
ACTIVITY_MISSING: Final = Refusal(
    "activity-missing",
    422,
    "Neither the administered activity nor what it is calculated from was given.",
    "State `administered_mbq`, or the measurements under `dose`, or both.",
)
ACTIVITIES_DISAGREE: Final = Refusal(
    "activities-disagree",
    422,
    "The stated activity is not the one that the measurements lead to.",
    "Check the activities and their times; `calculated_mbq` is what they lead to.",
)
DOSE_TIMES_OUT_OF_ORDER: Final = Refusal(
    "dose-times-out-of-order",
    422,
    "The times of the dose do not follow each other.",
    "Measured before the infusion started, which ended later; the rest measured after it ended.",
)
INFUSED_ON_ANOTHER_DAY: Final = Refusal(
    "infused-on-another-day",
    422,
    "The infusion started on another day than that of the cycle.",
    "Correct the day or the time; days are those of the trial's time zone.",
)
NOTHING_ADMINISTERED: Final = Refusal(
    "nothing-administered",
    422,
    "Decayed to the start of the infusion, as much was left over as there was before it.",
    "Check the two activities and their times. A cycle that was not given is not recorded as given.",
)
DELAY_NOT_LATER: Final = Refusal(
    "delay-not-later",
    409,
    "A cycle is put off to a later day than the one it is planned for.",
    "Give a day after the one named here.",
)
DELAY_BEYOND_LATEST: Final = Refusal(
    "delay-beyond-latest",
    409,
    "The protocol allows no cycle as late as that.",
    "Record that the cycle is left out, or the end of the treatment.",
)
RUN_IN_CYCLE_NOT_OMITTED: Final = Refusal(
    "run-in-cycle-not-omitted",
    409,
    "A cycle of the run-in cannot be left out.",
    "Who does not get all of them is not randomized: record the end of the run-in.",
)

OPEN_ROLE_BESIDE_CLOSED: Final = Refusal(
    "open-role-beside-closed",
    403,
    "Arms of all sites are for people who take no other part in the trial, and your token names another role too.",
    "Use a token with the closed role alone.",
)

READ: Final = (*OF_SUBJECT, OPEN_ROLE_BESIDE_CLOSED)
_TREATABLE: Final = (
    *OF_SUBJECT,
    DATA_USE_WITHDRAWN,
    IN_THE_FUTURE,
    DEAD,
    NO_CONSENT,
    NOT_INCLUDED,
    PROGRESSED,
    CONSENT_WITHDRAWN,
    SUBJECT_LOST,
    STUDY_OVER,
)
_AFTER_RANDOMIZATION: Final = (NOT_RANDOMIZED, ARM_NOT_HEARD, BEFORE_RANDOMIZATION)
_NEXT: Final = (
    ALREADY_RANDOMIZED,
    RUN_IN_OVER,
    *_AFTER_RANDOMIZATION,
    ARM_HAS_NO_CYCLE,
    TREATMENT_OVER,
    CYCLE_OUT_OF_ORDER,
)
ADMINISTER_CYCLE: Final = (
    *_TREATABLE,
    *_NEXT,
    CYCLE_TOO_EARLY,
    LIFETIME_REACHED,
    DRUG_NOT_DESCRIBED,
    ACTIVITY_MISSING,
    ACTIVITIES_DISAGREE,
    DOSE_TIMES_OUT_OF_ORDER,
    INFUSED_ON_ANOTHER_DAY,
    NOTHING_ADMINISTERED,
)
DELAY_CYCLE: Final = (*_TREATABLE, *_NEXT, DELAY_NOT_LATER, DELAY_BEYOND_LATEST)
OMIT_CYCLE: Final = (*_TREATABLE, *_NEXT, RUN_IN_CYCLE_NOT_OMITTED)
DISCONTINUE: Final = (
    *OF_SUBJECT,
    DATA_USE_WITHDRAWN,
    CONSENT_WITHDRAWN,
    SUBJECT_LOST,
    STUDY_OVER,
    IN_THE_FUTURE,
    DEAD,
    *_AFTER_RANDOMIZATION,
    TREATMENT_OVER,
    NO_TREATMENT_TO_STOP,
    STOP_BEFORE_CYCLE,
)
START_SURVEILLANCE: Final = (
    *OF_SUBJECT,
    DATA_USE_WITHDRAWN,
    IN_THE_FUTURE,
    DEAD,
    *_AFTER_RANDOMIZATION,
    ARM_HAS_CYCLES,
    SURVEILLANCE_STARTED,
    CONSENT_WITHDRAWN,
    SUBJECT_LOST,
    STUDY_OVER,
)
