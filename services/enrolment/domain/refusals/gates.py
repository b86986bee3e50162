"""Why a gate lets nobody through, and why a criterion is not overridden."""

from typing import Final

from services.chassis.refusal import Refusal
from services.enrolment.domain.refusals.common import (
    IN_THE_FUTURE,
)
from services.enrolment.domain.refusals.sites import (
    SITE_NOT_ACTIVE,
    SITE_PAUSED,
)
from services.enrolment.domain.refusals.standing import (
    ALREADY_INCLUDED,
    ALREADY_RANDOMIZED,
    BEFORE_SCREENING,
    CONSENT_WITHDRAWN,
    DEAD,
    NO_CONSENT,
    OF_SUBJECT,
    SCREENING_OVER,
)

NOT_ELIGIBLE: Final = Refusal(
    "not-eligible",
    409,
    "Gate 1 is not passed: a criterion fails, or something that it needs is not known.",
    "Record what is named as missing. A criterion that fails on known values excludes, unless the sponsor overrides it,"
    " which is a major deviation.",
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

STRATA: Final = (*OF_SUBJECT, IN_THE_FUTURE, STRATA_UNKNOWN)
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
AUTHORIZE: Final = (*OF_SUBJECT, RANDOMIZATION_NOT_AUTHORIZED)
