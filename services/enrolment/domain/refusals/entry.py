"""Why a screening, a consent or findings are not accepted, and what would make them pass."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.common import (
    IN_THE_FUTURE,
    UNKNOWN_STUDY,
)
from services.enrolment.domain.refusals.sites import (
    SITE_NOT_ACTIVE,
    SITE_PAUSED,
)
from services.enrolment.domain.refusals.standing import (
    ALREADY_INCLUDED,
    BEFORE_SCREENING,
    DATA_USE_WITHDRAWN,
    DEAD,
    FOLLOWED,
    NO_CONSENT,
    OF_SUBJECT,
    SCREENING_OVER,
)

BEFORE_BIRTH: Final = Refusal(
    "date-before-birth", 422, "A clinical date lies before the subject's month of birth.", "Correct the date."
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
FINDINGS_NOT_ACCEPTED: Final = Refusal(
    "findings-not-accepted",
    422,
    "At least one finding does not fit the protocol's dictionary; none was recorded.",
    "Correct every finding listed under `errors` and send the whole set again.",
)

SCREEN: Final = (UNKNOWN_STUDY, IN_THE_FUTURE, SITE_NOT_ACTIVE, SITE_PAUSED, BEFORE_BIRTH)
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
END_SCREENING: Final = (*OF_SUBJECT, IN_THE_FUTURE, ALREADY_INCLUDED, SCREENING_OVER, BEFORE_SCREENING)
