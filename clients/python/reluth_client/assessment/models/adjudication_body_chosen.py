from enum import StrEnum


class AdjudicationBodyChosen(StrEnum):
    FIRST = "FIRST"
    SECOND = "SECOND"

    def __str__(self) -> str:
        return str(self.value)
