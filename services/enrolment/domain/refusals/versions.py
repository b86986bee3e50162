"""Why a site does not adopt a version of the protocol or of the consent."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.common import (
    UNKNOWN_SITE,
    UNKNOWN_STUDY,
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
