from enum import StrEnum


class NonTarget(StrEnum):
    ABSENT = "ABSENT"
    NOT_ASSESSED = "NOT_ASSESSED"
    PRESENT = "PRESENT"
    PROGRESSED = "PROGRESSED"

    def __str__(self) -> str:
        return str(self.value)
