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
    "This version of the consent is not approved at the subject's site.",
    "Use a version that the site was activated with.",
)
CONSENT_ALREADY_SIGNED: Final = Refusal(
    "consent-already-signed", 409, "A consent of this subject is in force.", "Nothing to do."
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
    "Record what is named as missing. A criterion that fails on known values excludes; there is no waiver.",
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
PAUSE_SITE: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, UNKNOWN_SITE, SITE_PAUSED, PAUSE_OUT_OF_ORDER)
RESUME_SITE: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, UNKNOWN_SITE, SITE_NOT_PAUSED, PAUSE_OUT_OF_ORDER)
SCREEN: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, SITE_NOT_ACTIVE, SITE_PAUSED, BEFORE_BIRTH)
OF_SUBJECT: Final = (UNKNOWN_STUDY, UNKNOWN_SUBJECT)
STRATA: Final = (*OF_SUBJECT, IN_THE_FUTURE, STRATA_UNKNOWN)
SIGN_CONSENT: Final = (
    *OF_SUBJECT,
    IN_THE_FUTURE,
    DEAD,
    CONSENT_ALREADY_SIGNED,
    SITE_NOT_ACTIVE,
    CONSENT_VERSION_NOT_APPROVED,
)
RECORD_FINDINGS: Final = (*OF_SUBJECT, NO_CONSENT, FINDINGS_NOT_ACCEPTED)
INCLUDE: Final = (
    *OF_SUBJECT,
    IN_THE_FUTURE,
    DEAD,
    ALREADY_INCLUDED,
    BEFORE_SCREENING,
    NO_CONSENT,
    SITE_NOT_ACTIVE,
    SITE_PAUSED,
    NOT_ELIGIBLE,
    UNKNOWN_GATE,
)
ADMINISTER_CYCLE: Final = (
    *OF_SUBJECT,
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
    IN_THE_FUTURE,
    NOT_INCLUDED,
    ALREADY_RANDOMIZED,
    RUN_IN_OVER,
    EXIT_BEFORE_CYCLE,
    DEAD,
)
RECORD_DEATH: Final = (*OF_SUBJECT, IN_THE_FUTURE, DEATH_ALREADY_RECORDED, DEATH_BEFORE_LAST_CONTACT)
START_NEW_THERAPY: Final = (*OF_SUBJECT, IN_THE_FUTURE, NOT_INCLUDED, DEAD)
RECORD_SURVIVAL_CONTACT: Final = (*OF_SUBJECT, IN_THE_FUTURE, NOT_INCLUDED, DEAD)
AUTHORIZE: Final = (*OF_SUBJECT, RANDOMIZATION_NOT_AUTHORIZED, UNKNOWN_GATE)
