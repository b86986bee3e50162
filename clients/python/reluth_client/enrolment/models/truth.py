from enum import StrEnum


class Truth(StrEnum):
    FALSE = "FALSE"
    TRUE = "TRUE"
    UNKNOWN = "UNKNOWN"

    def __str__(self) -> str:
        return str(self.value)
