"""Why safety does not accept a command: one stable code each, with what would make it pass."""

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
    "Safety has not heard of this subject from enrolment.",
    "If enrolment has screened the subject, send the same request again in a moment: word of it is on the way.",
    retry_after=2,
)
CONSENT_NOT_HEARD_OF: Final = Refusal(
    "consent-not-heard-of",
    409,
    "Safety has not heard that this subject signed the consent, and collects nothing before it.",
    "Record the consent at enrolment; if that is done, send the same request again in a moment.",
    retry_after=2,
)
TERM_UNKNOWN: Final = Refusal(
    "adverse-event-term-unknown",
    422,
    "The dictionary has no term under this code.",
    "Use the LLT code of a term that GET /studies/{study}/adverse-event-terms lists.",
)
TERM_NEEDS_NARRATIVE: Final = Refusal(
    "adverse-event-not-specified",
    422,
    "This term says only to which organ class the event belongs; what it was is missing.",
    "Say in the narrative what it was, without names; or use the term of the event, if the dictionary has one.",
)
DICTIONARY_UNKNOWN: Final = Refusal(
    "dictionary-unknown",
    404,
    "No dictionary of this name is loaded.",
    "Use one of those in `loaded`, or none: then it is the one that events are reported under.",
)
SOC_UNKNOWN: Final = Refusal(
    "organ-class-unknown",
    422,
    "The dictionary has no system organ class of this name.",
    "Use one of those in `permitted`.",
)
GRADE_DOES_NOT_EXIST: Final = Refusal(
    "adverse-event-grade-does-not-exist",
    422,
    "This grade does not exist for the term.",
    "Use one of the grades in `exist`, or another term if the event is worse than this one can be.",
)
FATAL_IS_GRADE_5: Final = Refusal(
    "fatal-is-grade-5",
    422,
    "Grade 5 and the seriousness DEATH say the same and must come together.",
    "Report grade 5 with DEATH, or neither; a death belongs on the term that led to it.",
)
FATAL_OUTCOME_IS_GRADE_5: Final = Refusal(
    "fatal-outcome-is-grade-5",
    422,
    "The outcome FATAL and grade 5 say the same and must come together.",
    "Send the outcome that belongs to the grade, or leave it out until it is known.",
)
END_AND_OUTCOME_DIFFER: Final = Refusal(
    "adverse-event-end-and-outcome-differ",
    422,
    "An event that is over has the day on which it ended; one that is not, or of which it is not known, has none.",
    "Send `ended_on` with RECOVERED, RECOVERED_WITH_SEQUELAE or FATAL, and with no other outcome.",
)
END_OUT_OF_ORDER: Final = Refusal(
    "adverse-event-end-out-of-order",
    422,
    "The end lies before the onset, or after the day on which the reporter knew of it.",
    "Correct onset, end or the moment of awareness; the day is that of the study's time zone.",
)
NOTHING_NEW: Final = Refusal(
    "adverse-event-nothing-new",
    422,
    "This says of the event what is known already; nothing was recorded.",
    "Send what has changed, all of it together with what has not; to add to the story, a narrative.",
)
ONSET_BEFORE_CONSENT: Final = Refusal(
    "onset-before-consent",
    422,
    "The event began before the consent: it is medical history, not an adverse event.",
    "Correct the onset, or record the condition as medical history at enrolment.",
)
ONSET_AFTER_AWARENESS: Final = Refusal(
    "onset-after-awareness",
    422,
    "Nobody can have been aware of an event before it began.",
    "Correct the onset or the moment of awareness; the day is that of the study's time zone.",
)
ONSET_AFTER_DEATH: Final = Refusal(
    "onset-after-death",
    422,
    "The event began after the subject's death.",
    "Correct the onset; if the date of death is wrong, correct that at enrolment first.",
)
AWARE_IN_FUTURE: Final = Refusal(
    "aware-in-future",
    422,
    "The moment of awareness has not come yet.",
    "Send the moment at which the reporter knew, with its offset from UTC.",
)
UNIT_NOT_ACCEPTED: Final = Refusal(
    "laboratory-unit-not-accepted",
    422,
    "The unit is not one in which this analyte is accepted; a conversion is never guessed.",
    "Send the value in one of the units in `accepted`, as UCUM writes them.",
)
VALUE_NOT_PLAUSIBLE: Final = Refusal(
    "laboratory-value-not-plausible",
    422,
    "With this unit the number in `field` is outside what can be measured in a living person.",
    "Check the unit: 75 with 10*9/L and 75000 with /mm3 are the same platelet count.",
)
LIMITS_REVERSED: Final = Refusal(
    "laboratory-limits-reversed",
    422,
    "The lower limit is above the upper limit.",
    "Send the limits as the laboratory printed them with this result.",
)
SAMPLED_IN_FUTURE: Final = Refusal(
    "sampled-in-future",
    422,
    "The sample has not been taken yet.",
    "Correct the date; the day is that of the study's time zone.",
)
SAMPLED_BEFORE_CONSENT: Final = Refusal(
    "sampled-before-consent",
    422,
    "The sample was taken before the consent: it is not a result of the study.",
    "Correct the date; an earlier value that a criterion needs is a finding of enrolment.",
)
SAMPLED_AFTER_DEATH: Final = Refusal(
    "sampled-after-death",
    422,
    "The sample was taken after the subject's death.",
    "Correct the date; if the date of death is wrong, correct that at enrolment first.",
)
ADVERSE_EVENT_NOT_FOUND: Final = Refusal(
    "adverse-event-not-found",
    404,
    "The subject has no such adverse event, or had none at that moment.",
    "Take the id from the list of the subject's adverse events.",
)
LABORATORY_RESULT_NOT_FOUND: Final = Refusal(
    "laboratory-result-not-found",
    404,
    "The subject has no such laboratory result, or had none at that moment.",
    "Take the id from the list of the subject's laboratory results.",
)

REPORT_ADVERSE_EVENT: Final = (
    UNKNOWN_STUDY,
    SUBJECT_ERASED,
    SUBJECT_NOT_HEARD_OF,
    CONSENT_NOT_HEARD_OF,
    TERM_UNKNOWN,
    TERM_NEEDS_NARRATIVE,
    GRADE_DOES_NOT_EXIST,
    FATAL_IS_GRADE_5,
    FATAL_OUTCOME_IS_GRADE_5,
    END_AND_OUTCOME_DIFFER,
    END_OUT_OF_ORDER,
    AWARE_IN_FUTURE,
    ONSET_AFTER_AWARENESS,
    ONSET_BEFORE_CONSENT,
    ONSET_AFTER_DEATH,
)
FOLLOW_ADVERSE_EVENT: Final = (*REPORT_ADVERSE_EVENT, ADVERSE_EVENT_NOT_FOUND, NOTHING_NEW)
RECORD_LABORATORY_RESULT: Final = (
    UNKNOWN_STUDY,
    SUBJECT_ERASED,
    SUBJECT_NOT_HEARD_OF,
    CONSENT_NOT_HEARD_OF,
    UNIT_NOT_ACCEPTED,
    VALUE_NOT_PLAUSIBLE,
    LIMITS_REVERSED,
    SAMPLED_IN_FUTURE,
    SAMPLED_BEFORE_CONSENT,
    SAMPLED_AFTER_DEATH,
)
