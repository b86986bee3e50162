"""Closed lists of terms for what becomes of a subject: withdrawals, deviations, delays, ends."""

from enum import StrEnum


class WithdrawalScope(StrEnum):
    """What a subject withdraws from (digest T20). A wider scope contains the narrower ones before it."""

    TREATMENT = "TREATMENT"
    FOLLOW_UP = "FOLLOW_UP"
    DATA_USE = "DATA_USE"


class EndReason(StrEnum):
    """Why nobody will look at a subject again (digest T23)."""

    FOLLOW_UP_COMPLETED = "FOLLOW_UP_COMPLETED"
    STUDY_CLOSED = "STUDY_CLOSED"


class ContactMeans(StrEnum):
    """How a subject was sought."""

    PHONE = "PHONE"
    LETTER = "LETTER"
    GENERAL_PRACTITIONER = "GENERAL_PRACTITIONER"
    REGISTRY = "REGISTRY"
    OTHER = "OTHER"


class TreatmentStop(StrEnum):
    """Why study treatment after randomization ended before all cycles were given."""

    TOXICITY = "TOXICITY"
    PROGRESSION = "PROGRESSION"
    WITHDRAWAL = "WITHDRAWAL"
    PHYSICIAN = "PHYSICIAN"
    DEATH = "DEATH"
    DELAY_BEYOND_LIMIT = "DELAY_BEYOND_LIMIT"
    OTHER = "OTHER"


class CycleReason(StrEnum):
    """Why a cycle was delayed, reduced or left out."""

    HAEMATOLOGICAL_TOXICITY = "HAEMATOLOGICAL_TOXICITY"
    RENAL_TOXICITY = "RENAL_TOXICITY"
    HEPATIC_TOXICITY = "HEPATIC_TOXICITY"
    OTHER_TOXICITY = "OTHER_TOXICITY"
    SUPPLY = "SUPPLY"
    SUBJECT = "SUBJECT"
    LOGISTICS = "LOGISTICS"
    OTHER = "OTHER"


class DeviationKind(StrEnum):
    """What was not as the protocol has it."""

    ELIGIBILITY_OVERRIDDEN = "ELIGIBILITY_OVERRIDDEN"
    CONSENT_VERSION = "CONSENT_VERSION"
    VISIT_OUTSIDE_WINDOW = "VISIT_OUTSIDE_WINDOW"
    VISIT_MISSED = "VISIT_MISSED"
    VISIT_ORDER = "VISIT_ORDER"
    FORM_MISSING = "FORM_MISSING"
    DOSE_OUTSIDE_TOLERANCE = "DOSE_OUTSIDE_TOLERANCE"
    DOSE_NOT_AS_IN_PROTOCOL = "DOSE_NOT_AS_IN_PROTOCOL"
    AMINO_ACIDS_NOT_GIVEN = "AMINO_ACIDS_NOT_GIVEN"
    CYCLE_LATE = "CYCLE_LATE"
    CYCLE_BEYOND_LATEST_DAY = "CYCLE_BEYOND_LATEST_DAY"
    REPORTED = "REPORTED"
    """Noticed and recorded by a person."""


class Severity(StrEnum):
    """Of a deviation. A major one takes the subject out of the per-protocol set (digest 2, ruling 17)."""

    MINOR = "MINOR"
    MAJOR = "MAJOR"
