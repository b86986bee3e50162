from enum import StrEnum


class Reason(StrEnum):
    DEATH = "DEATH"
    MISSING = "MISSING"
    NEW_THERAPY = "NEW_THERAPY"
    NE_AT_6M = "NE_AT_6M"
    PD = "PD"

    def __str__(self) -> str:
        return str(self.value)
