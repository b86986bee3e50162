from enum import StrEnum


class Organ(StrEnum):
    ADRENAL = "ADRENAL"
    BONE = "BONE"
    BRAIN = "BRAIN"
    COLON = "COLON"
    LIVER = "LIVER"
    LUNG = "LUNG"
    LYMPH_NODE = "LYMPH_NODE"
    MESENTERY = "MESENTERY"
    OTHER = "OTHER"
    OVARY = "OVARY"
    PANCREAS = "PANCREAS"
    PERITONEUM = "PERITONEUM"
    SMALL_BOWEL = "SMALL_BOWEL"
    SOFT_TISSUE = "SOFT_TISSUE"
    SPLEEN = "SPLEEN"

    def __str__(self) -> str:
        return str(self.value)
