from enum import StrEnum


class Status(StrEnum):
    CONTROLLED = "CONTROLLED"
    DIED = "DIED"
    NOT_EVALUABLE = "NOT_EVALUABLE"
    PENDING = "PENDING"
    PROGRESSED = "PROGRESSED"

    def __str__(self) -> str:
        return str(self.value)
