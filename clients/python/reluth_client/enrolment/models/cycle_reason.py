from enum import StrEnum


class CycleReason(StrEnum):
    HAEMATOLOGICAL_TOXICITY = "HAEMATOLOGICAL_TOXICITY"
    HEPATIC_TOXICITY = "HEPATIC_TOXICITY"
    LOGISTICS = "LOGISTICS"
    OTHER = "OTHER"
    OTHER_TOXICITY = "OTHER_TOXICITY"
    RENAL_TOXICITY = "RENAL_TOXICITY"
    SUBJECT = "SUBJECT"
    SUPPLY = "SUPPLY"

    def __str__(self) -> str:
        return str(self.value)
