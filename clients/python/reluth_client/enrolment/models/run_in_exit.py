from enum import StrEnum


class RunInExit(StrEnum):
    CAP_REACHED = "CAP_REACHED"
    DEATH = "DEATH"
    NOT_EVALUABLE = "NOT_EVALUABLE"
    PHYSICIAN = "PHYSICIAN"
    PROGRESSION = "PROGRESSION"
    TOXICITY = "TOXICITY"
    WINDOW_EXPIRED = "WINDOW_EXPIRED"
    WITHDRAWAL = "WITHDRAWAL"

    def __str__(self) -> str:
        return str(self.value)
