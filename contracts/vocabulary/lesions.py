"""What is said of a lesion at one timepoint (RECIST 1.1)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

LesionId = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$", examples=["T1"])]
"""A number within the subject, such as T1, NT2 or N1: never a word."""
Tenths = Annotated[int, Field(ge=0, le=9_999)]
"""A length in tenths of a millimetre: whole, so that thresholds compare exactly. 0: the lesion is gone."""


class Organ(StrEnum):
    """Where a lesion is. Paired organs are one, and all lymph nodes are one (RECIST 1.1, 3.1.1; EORTC)."""

    LIVER = "LIVER"
    LYMPH_NODE = "LYMPH_NODE"
    MESENTERY = "MESENTERY"
    PERITONEUM = "PERITONEUM"
    SMALL_BOWEL = "SMALL_BOWEL"
    COLON = "COLON"
    PANCREAS = "PANCREAS"
    LUNG = "LUNG"
    BONE = "BONE"
    OVARY = "OVARY"
    ADRENAL = "ADRENAL"
    SPLEEN = "SPLEEN"
    SOFT_TISSUE = "SOFT_TISSUE"
    BRAIN = "BRAIN"
    OTHER = "OTHER"


class NonTarget(StrEnum):
    """State of a non-target lesion at one timepoint."""

    ABSENT = "ABSENT"
    PRESENT = "PRESENT"
    PROGRESSED = "PROGRESSED"
    """Unequivocally."""
    NOT_ASSESSED = "NOT_ASSESSED"


class NewLesion(StrEnum):
    """Whether a lesion appeared. What is equivocal changes nothing until it is confirmed."""

    NONE = "NONE"
    EQUIVOCAL = "EQUIVOCAL"
    UNEQUIVOCAL = "UNEQUIVOCAL"


class Rule(StrEnum):
    """What decided a response (RECIST 1.1, 4.3 and tables 1 and 2)."""

    NO_LESIONS = "NO_LESIONS"
    TARGETS_GONE = "TARGETS_GONE"
    GREW_FROM_NADIR = "GREW_FROM_NADIR"
    PARTIAL_SUM_GREW = "PARTIAL_SUM_GREW"
    NOT_ALL_MEASURED = "NOT_ALL_MEASURED"
    SHRANK_FROM_BASELINE = "SHRANK_FROM_BASELINE"
    RESPONSE_LASTS = "RESPONSE_LASTS"
    NEITHER = "NEITHER"
    NON_TARGET_PROGRESSED = "NON_TARGET_PROGRESSED"
    NON_TARGET_NOT_ASSESSED = "NON_TARGET_NOT_ASSESSED"
    NON_TARGETS_GONE = "NON_TARGETS_GONE"
    NON_TARGETS_REMAIN = "NON_TARGETS_REMAIN"
    NEW_LESION = "NEW_LESION"
    CAME_BACK = "CAME_BACK"
    COMBINED = "COMBINED"
