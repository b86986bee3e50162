"""Closed lists of clinical terms that facts use. What a trial may configure is not here but in its protocol file."""

from enum import StrEnum


class Sex(StrEnum):
    """Sex as used by renal formulas and reference ranges (CDISC C66731)."""

    FEMALE = "F"
    MALE = "M"


class Verdict(StrEnum):
    """The outcome of a gate. Only `ELIGIBLE` passes; `PENDING` means that something is not known."""

    ELIGIBLE = "ELIGIBLE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    PENDING = "PENDING"


class RunInExit(StrEnum):
    """Why a subject left between inclusion and randomization. Only `PROGRESSION` is the paper's screen failure."""

    PROGRESSION = "PROGRESSION"
    TOXICITY = "TOXICITY"
    WITHDRAWAL = "WITHDRAWAL"
    PHYSICIAN = "PHYSICIAN"
    DEATH = "DEATH"
    NOT_EVALUABLE = "NOT_EVALUABLE"
    CAP_REACHED = "CAP_REACHED"
    WINDOW_EXPIRED = "WINDOW_EXPIRED"


class DeathCause(StrEnum):
    """Cause of death, as coarse as the digest's catalogue has it (5.1)."""

    TUMOUR = "TUMOUR"
    TREATMENT = "TREATMENT"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


class TherapyClass(StrEnum):
    """Class of a new anticancer therapy; Lutathera outside the protocol is one (digest Q14)."""

    SOMATOSTATIN_ANALOGUE = "SOMATOSTATIN_ANALOGUE"
    CHEMOTHERAPY = "CHEMOTHERAPY"
    EVEROLIMUS = "EVEROLIMUS"
    TYROSINE_KINASE_INHIBITOR = "TYROSINE_KINASE_INHIBITOR"
    LOCOREGIONAL = "LOCOREGIONAL"
    RADIOLIGAND_OFF_PROTOCOL = "RADIOLIGAND_OFF_PROTOCOL"
    OTHER = "OTHER"


class Reader(StrEnum):
    """Who read a scan."""

    INVESTIGATOR = "INVESTIGATOR"


class Modality(StrEnum):
    """Imaging that RECIST 1.1 accepts for measurable disease here."""

    CT = "CT"
    MRI = "MRI"


class Seriousness(StrEnum):
    """Seriousness criteria (ICH E2A II.B)."""

    DEATH = "DEATH"
    LIFE_THREATENING = "LIFE_THREATENING"
    HOSPITALISATION = "HOSPITALISATION"
    DISABILITY = "DISABILITY"
    CONGENITAL_ANOMALY = "CONGENITAL_ANOMALY"
    OTHER_MEDICALLY_IMPORTANT = "OTHER_MEDICALLY_IMPORTANT"


class EventOutcome(StrEnum):
    """What became of an adverse event, as last known (ICH E2B(R3) E.i.7; CDISC OUT)."""

    RECOVERED = "RECOVERED"
    RECOVERED_WITH_SEQUELAE = "RECOVERED_WITH_SEQUELAE"
    RECOVERING = "RECOVERING"
    NOT_RECOVERED = "NOT_RECOVERED"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"

    @property
    def over(self) -> bool:
        """Whether the event has ended, so that it has a day on which it did."""
        return self in (EventOutcome.RECOVERED, EventOutcome.RECOVERED_WITH_SEQUELAE)


class Causality(StrEnum):
    """Relation to the investigational product as the investigator judges it (digest 5.4)."""

    NO = "NO"
    UNLIKELY = "UNLIKELY"
    POSSIBLE = "POSSIBLE"
    PROBABLE = "PROBABLE"
    DEFINITE = "DEFINITE"


class Analyte(StrEnum):
    """Laboratory analytes that are graded so far."""

    PLATELETS = "PLATELETS"
    NEUTROPHILS = "NEUTROPHILS"
    HAEMOGLOBIN = "HAEMOGLOBIN"
