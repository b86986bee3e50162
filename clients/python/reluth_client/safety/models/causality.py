from enum import StrEnum


class Causality(StrEnum):
    DEFINITE = "DEFINITE"
    NO = "NO"
    POSSIBLE = "POSSIBLE"
    PROBABLE = "PROBABLE"
    UNLIKELY = "UNLIKELY"

    def __str__(self) -> str:
        return str(self.value)
