from enum import StrEnum


class Phase(StrEnum):
    ASSESSMENT = "ASSESSMENT"
    AWAITED = "AWAITED"
    ON_TREATMENT = "ON_TREATMENT"

    def __str__(self) -> str:
        return str(self.value)
