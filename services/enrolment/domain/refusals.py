"""Why enrolment does not accept a command, and what would make it pass."""

from typing import Final

from services.chassis.refusal import Refusal

UNKNOWN_STUDY: Final = Refusal(
    "unknown-study", 404, "This installation does not run that study.", "Use the study id of a loaded protocol file."
)
SITE_NOT_ACTIVE: Final = Refusal(
    "site-not-active",
    409,
    "The site is not activated on that day.",
    "Have the sponsor activate the site, or use a date on or after its activation.",
)
SITE_ALREADY_ACTIVE: Final = Refusal(
    "site-already-active", 409, "The site is activated already.", "Nothing to do: a site is activated once."
)
SITE_NOT_READY: Final = Refusal(
    "site-not-ready",
    409,
    "The opening checklist of the site is not complete on that day.",
    "Record each requirement listed under `missing` as met, for this version of the protocol, or activate from a later"
    " day on.",
)
UNKNOWN_REQUIREMENT: Final = Refusal(
    "unknown-requirement",
    422,
    "The opening checklist of this study has no such requirement.",
    "Use one of those listed under `requirements`.",
)
VERSION_NEEDED: Final = Refusal(
    "version-needed",
    422,
    "This requirement is met for one version of the protocol, and none was given.",
    "Say which version of the protocol was approved.",
)
SITE_PAUSED: Final = Refusal(
    "site-paused",
    409,
    "The site is paused on that day and takes nobody in.",
    "Have the sponsor resume the site. What happened before the pause can be recorded with its own day.",
)
SITE_NOT_PAUSED: Final = Refusal("site-not-paused", 409, "The site is not paused.", "Nothing to do.")
PAUSE_OUT_OF_ORDER: Final = Refusal(
    "pause-out-of-order",
    409,
    "A pause begins after the site was opened or last resumed, and ends after it began.",
    "Give a day on or after the one named here.",
)
UNKNOWN_PROTOCOL_VERSION: Final = Refusal(
    "unknown-protocol-version",
    422,
    "No protocol file of this study has that version.",
    "Use one of those listed under `versions`, or have the file of the new version loaded.",
)
NOT_A_LATER_VERSION: Final = Refusal(
    "not-a-later-version",
    409,
    "The site works by this version of the protocol already, or has adopted a later one.",
    "Adopt one of those listed under `later`, if any.",
)
AMENDMENT_NOT_APPROVED: Final = Refusal(
    "amendment-not-approved",
    409,
    "The checklist of the site does not say that this version of the protocol is approved by that day.",
    "Record each requirement listed under `missing` as met for this version, or adopt it from a later day on.",
)
VERSION_OUT_OF_ORDER: Final = Refusal(
    "version-out-of-order",
    409,
    "A version takes effect no earlier than the one before it.",
    "Give the day named under `since` or a later one.",
)
CONSENT_VERSION_KNOWN: Final = Refusal(
    "consent-version-known",
    409,
    "The site has this version of the consent already.",
    "Nothing to do: the day from which a version is used, and until when it is to be signed, are recorded once.",
)
RECONSENT_REVERSED: Final = Refusal(
    "reconsent-reversed",
    422,
    "The version would have to be signed before it may be used.",
    "Correct one of the two days.",
)
UNKNOWN_SITE: Final = Refusal(
    "unknown-site", 404, "No such site is known in this study.", "Check the site number, or have the site activated."
)
UNKNOWN_SUBJECT: Final = Refusal(
    "unknown-subject", 404, "No such subject was screened in this study.", "Check the subject number."
)
IN_THE_FUTURE: Final = Refusal(
    "date-in-the-future",
    422,
    "A clinical date lies in the future of the trial's calendar.",
    "Give the date on which it happened, today at the latest.",
)
BEFORE_BIRTH: Final = Refusal(
    "date-before-birth", 422, "A clinical date lies before the subject's month of birth.", "Correct the date."
)
BEFORE_SCREENING: Final = Refusal(
    "before-screening",
    409,
    "The date lies before the subject entered the screening log.",
    "Give a date on or after the screening.",
)
CONSENT_VERSION_NOT_APPROVED: Final = Refusal(
    "consent-version-not-approved",
    409,
    "This version of the consent is not in use at the subject's site on that day.",
    "Use one of those listed under `approved`, or have the sponsor record the approval of this one.",
)
CONSENT_ALREADY_SIGNED: Final = Refusal(
    "consent-already-signed", 409, "The subject has signed this version of the consent.", "Nothing to do."
)
CONSENT_OUT_OF_ORDER: Final = Refusal(
    "consent-out-of-order",
    409,
    "The subject has signed a later version, or signed on a later day.",
    "A further consent is of a later version than the last, and not dated before it.",
)
NO_CONSENT: Final = Refusal(
    "no-consent",
    409,
    "No signed consent covers that day.",
    "Record the signed consent first; nothing of the study may be dated before it.",
)
FINDINGS_NOT_ACCEPTED: Final = Refusal(
    "findings-not-accepted",
    422,
    "At least one finding does not fit the protocol's dictionary; none was recorded.",
    "Correct every finding listed under `errors` and send the whole set again.",
)
NOT_ELIGIBLE: Final = Refusal(
    "not-eligible",
    409,
    "Gate 1 is not passed: a criterion fails, or something that it needs is not known.",
    "Record what is named as missing. A criterion that fails on known values excludes, unless the sponsor overrides it,"
    " which is a major deviation.",
)
SCREENING_OVER: Final = Refusal(
    "screening-over",
    409,
    "The screening has ended without inclusion.",
    "Nothing: that decision is final. A new screening gives a new number.",
)
NOT_OVERRIDABLE: Final = Refusal(
    "not-overridable",
    409,
    "The protocol does not let this criterion be overridden.",
    "Nothing: see which criteria the protocol file marks as overridable.",
)
ALREADY_OVERRIDDEN: Final = Refusal(
    "already-overridden", 409, "The criterion is overridden for this subject.", "Nothing to do: the gate can be asked."
)
NOTHING_TO_OVERRIDE: Final = Refusal(
    "nothing-to-override",
    409,
    "The criterion stands in nobody's way on that day: an override would be a deviation without a cause.",
    "Ask the gate itself.",
)
UNKNOWN_CRITERION: Final = Refusal(
    "unknown-criterion", 422, "That gate has no such criterion.", "Use one that the gate's evaluation lists."
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
ALREADY_WITHDRAWN: Final = Refusal(
    "already-withdrawn",
    409,
    "The subject has withdrawn from this or from more.",
    "Nothing to do, or record a wider withdrawal.",
)
LATER_RECORDS: Final = Refusal(
    "later-records",
    409,
    "Something of the study is recorded of the subject on a later day.",
    "Check the day, or correct first what is recorded after it.",
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
ALREADY_INCLUDED: Final = Refusal("already-included", 409, "The subject is included already.", "Nothing to do.")
NOT_INCLUDED: Final = Refusal(
    "not-included", 409, "The subject is not included on that day.", "Include the subject first."
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
RUN_IN_OVER: Final = Refusal(
    "run-in-over",
    409,
    "The subject's run-in has ended before that day.",
    "No study treatment follows the end of the run-in; record another therapy as a new anticancer therapy.",
)
EXIT_BEFORE_CYCLE: Final = Refusal(
    "exit-before-cycle",
    409,
    "A cycle was given after that day.",
    "Give the day on which the run-in ended, on or after the last cycle.",
)
ALREADY_RANDOMIZED: Final = Refusal(
    "already-randomized", 409, "The subject is randomized.", "Nothing reverts a randomization."
)
DEAD: Final = Refusal(
    "subject-dead", 409, "The subject died before that day.", "Correct the date: nothing clinical follows a death."
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
RANDOMIZATION_NOT_AUTHORIZED: Final = Refusal(
    "randomization-not-authorized",
    409,
    "Gate 2 is not passed.",
    "`reasons` names what stands in the way, `rows` the criteria and what is missing for them.",
)
STRATA_UNKNOWN: Final = Refusal(
    "strata-unknown",
    409,
    "At least one stratification factor has no level on that day.",
    "Record what is named as missing for each factor.",
)
UNKNOWN_EVENT: Final = Refusal(
    "unknown-event",
    422,
    "A webhook was asked for facts that nobody is told, or twice for the same.",
    "Name facts of the list in the API document, each once.",
)
UNKNOWN_GATE: Final = Refusal(
    "unknown-gate", 404, "The protocol of this study has no such gate.", "See the criteria of the protocol file."
)
DELEGATION_REVERSED: Final = Refusal(
    "delegation-reversed", 422, "The delegation would end before it begins.", "Correct one of the two days."
)
ALREADY_DELEGATED: Final = Refusal(
    "already-delegated",
    409,
    "The person has this duty at this site on a day of that period.",
    "Nothing to do, or end the delegation named here first, or begin after its last day.",
)
UNKNOWN_DELEGATION: Final = Refusal(
    "unknown-delegation", 404, "The site has no such delegation.", "Use the event id under which it was recorded."
)
END_BEFORE_START: Final = Refusal(
    "end-before-start",
    409,
    "The delegation begins after that day.",
    "Give its first day at the earliest: ended on that day it was in force on none.",
)
DELEGATION_OVER: Final = Refusal(
    "delegation-over", 409, "The delegation is over by that day.", "Nothing to do: it has one end."
)

DELEGATE: Final = (UNKNOWN_STUDY, UNKNOWN_SITE, IN_THE_FUTURE, DELEGATION_REVERSED, ALREADY_DELEGATED)
END_DELEGATION: Final = (
    UNKNOWN_STUDY,
    UNKNOWN_SITE,
    UNKNOWN_DELEGATION,
    DELEGATION_OVER,
    END_BEFORE_START,
    IN_THE_FUTURE,
)
MEET_REQUIREMENT: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, UNKNOWN_REQUIREMENT, VERSION_NEEDED)
ACTIVATE_SITE: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, SITE_ALREADY_ACTIVE, SITE_NOT_READY)
ADOPT_AMENDMENT: Final = (
    UNKNOWN_STUDY,
    UNKNOWN_SITE,
    UNKNOWN_PROTOCOL_VERSION,
    NOT_A_LATER_VERSION,
    VERSION_OUT_OF_ORDER,
    AMENDMENT_NOT_APPROVED,
)
APPROVE_CONSENT: Final = (
    UNKNOWN_STUDY,
    UNKNOWN_SITE,
    CONSENT_VERSION_KNOWN,
    VERSION_OUT_OF_ORDER,
    RECONSENT_REVERSED,
)
PAUSE_SITE: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, UNKNOWN_SITE, SITE_PAUSED, PAUSE_OUT_OF_ORDER)
RESUME_SITE: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, UNKNOWN_SITE, SITE_NOT_PAUSED, PAUSE_OUT_OF_ORDER)
SCREEN: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, SITE_NOT_ACTIVE, SITE_PAUSED, BEFORE_BIRTH)
OF_SUBJECT: Final = (UNKNOWN_STUDY, UNKNOWN_SUBJECT, SUBJECT_ERASED)
FOLLOWED: Final = (DATA_USE_WITHDRAWN, CONSENT_WITHDRAWN, STUDY_OVER, SUBJECT_LOST)
STRATA: Final = (*OF_SUBJECT, IN_THE_FUTURE, STRATA_UNKNOWN)
SIGN_CONSENT: Final = (
    *OF_SUBJECT,
    *FOLLOWED,
    IN_THE_FUTURE,
    DEAD,
    CONSENT_ALREADY_SIGNED,
    CONSENT_OUT_OF_ORDER,
    SITE_NOT_ACTIVE,
    CONSENT_VERSION_NOT_APPROVED,
)
RECORD_FINDINGS: Final = (*OF_SUBJECT, DATA_USE_WITHDRAWN, NO_CONSENT, FINDINGS_NOT_ACCEPTED)
INCLUDE: Final = (
    *OF_SUBJECT,
    IN_THE_FUTURE,
    DEAD,
    ALREADY_INCLUDED,
    SCREENING_OVER,
    BEFORE_SCREENING,
    CONSENT_WITHDRAWN,
    NO_CONSENT,
    SITE_NOT_ACTIVE,
    SITE_PAUSED,
    NOT_ELIGIBLE,
    UNKNOWN_GATE,
)
OVERRIDE: Final = (
    *OF_SUBJECT,
    IN_THE_FUTURE,
    DEAD,
    ALREADY_INCLUDED,
    ALREADY_RANDOMIZED,
    SCREENING_OVER,
    BEFORE_SCREENING,
    CONSENT_WITHDRAWN,
    NO_CONSENT,
    UNKNOWN_CRITERION,
    NOT_OVERRIDABLE,
    ALREADY_OVERRIDDEN,
    NOTHING_TO_OVERRIDE,
)
END_SCREENING: Final = (*OF_SUBJECT, IN_THE_FUTURE, ALREADY_INCLUDED, SCREENING_OVER, BEFORE_SCREENING)
ADMINISTER_CYCLE: Final = (
    *OF_SUBJECT,
    *FOLLOWED,
    IN_THE_FUTURE,
    DEAD,
    NO_CONSENT,
    NOT_INCLUDED,
    ALREADY_RANDOMIZED,
    RUN_IN_OVER,
    CYCLE_OUT_OF_ORDER,
    CYCLE_TOO_EARLY,
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
CORRECT: Final = (
    *OF_SUBJECT,
    DATA_USE_WITHDRAWN,
    UNKNOWN_RECORD,
    NOT_CORRECTABLE,
    CORRECTION_NOT_ACCEPTED,
    CORRECTION_BREAKS,
)
AUTHORIZE: Final = (*OF_SUBJECT, RANDOMIZATION_NOT_AUTHORIZED)
