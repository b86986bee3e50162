from enum import StrEnum


class TreatmentStop(StrEnum):
    DEATH = "DEATH"
    DELAY_BEYOND_LIMIT = "DELAY_BEYOND_LIMIT"
    OTHER = "OTHER"
    PHYSICIAN = "PHYSICIAN"
    PROGRESSION = "PROGRESSION"
    TOXICITY = "TOXICITY"
    WITHDRAWAL = "WITHDRAWAL"

    def __str__(self) -> str:
        return str(self.value)
