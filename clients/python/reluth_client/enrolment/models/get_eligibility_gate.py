from enum import StrEnum


class GetEligibilityGate(StrEnum):
    INCLUSION = "inclusion"
    RANDOMIZATION = "randomization"

    def __str__(self) -> str:
        return str(self.value)
