from enum import StrEnum


class DiscrepancyKind(StrEnum):
    INELIGIBLE = "INELIGIBLE"
    RANDOMIZED_TWICE = "RANDOMIZED_TWICE"
    STRATUM_TO_VERIFY = "STRATUM_TO_VERIFY"
    WRONG_PERSON = "WRONG_PERSON"
    WRONG_STRATUM = "WRONG_STRATUM"

    def __str__(self) -> str:
        return str(self.value)
