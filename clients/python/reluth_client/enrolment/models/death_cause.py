from enum import StrEnum


class DeathCause(StrEnum):
    OTHER = "OTHER"
    TREATMENT = "TREATMENT"
    TUMOUR = "TUMOUR"
    UNKNOWN = "UNKNOWN"

    def __str__(self) -> str:
        return str(self.value)
