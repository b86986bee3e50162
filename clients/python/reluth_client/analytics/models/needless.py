from enum import StrEnum


class Needless(StrEnum):
    DATA_WITHDRAWN = "DATA_WITHDRAWN"
    DEATH = "DEATH"
    LEFT_RUN_IN = "LEFT_RUN_IN"
    LOST = "LOST"
    PROGRESSION = "PROGRESSION"
    STUDY_ENDED = "STUDY_ENDED"
    WITHDRAWAL = "WITHDRAWAL"

    def __str__(self) -> str:
        return str(self.value)
