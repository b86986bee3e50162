from enum import StrEnum


class Verdict(StrEnum):
    ELIGIBLE = "ELIGIBLE"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    PENDING = "PENDING"

    def __str__(self) -> str:
        return str(self.value)
