from enum import StrEnum


class Severity(StrEnum):
    MAJOR = "MAJOR"
    MINOR = "MINOR"

    def __str__(self) -> str:
        return str(self.value)
