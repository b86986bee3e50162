from enum import StrEnum


class MeasuredBodyStateType0(StrEnum):
    ABSENT = "ABSENT"
    NOT_MEASURED = "NOT_MEASURED"
    TOO_SMALL = "TOO_SMALL"

    def __str__(self) -> str:
        return str(self.value)
