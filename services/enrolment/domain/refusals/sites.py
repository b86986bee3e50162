"""Why a site is not opened, paused or resumed."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.common import (
    IN_THE_FUTURE,
    UNKNOWN_SITE,
    UNKNOWN_STUDY,
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

MEET_REQUIREMENT: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, UNKNOWN_REQUIREMENT, VERSION_NEEDED)
ACTIVATE_SITE: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, SITE_ALREADY_ACTIVE, SITE_NOT_READY)
PAUSE_SITE: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, UNKNOWN_SITE, SITE_PAUSED, PAUSE_OUT_OF_ORDER)
RESUME_SITE: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, UNKNOWN_SITE, SITE_NOT_PAUSED, PAUSE_OUT_OF_ORDER)
