from enum import StrEnum


class NotIncluded(StrEnum):
    DIED = "DIED"
    NOT_CONSENTED = "NOT_CONSENTED"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    NOT_YET_DECIDED = "NOT_YET_DECIDED"

    def __str__(self) -> str:
        return str(self.value)
