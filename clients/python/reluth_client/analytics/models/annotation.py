from enum import StrEnum


class Annotation(StrEnum):
    INELIGIBLE = "INELIGIBLE"
    RANDOMIZED_TWICE = "RANDOMIZED_TWICE"
    WRONG_PERSON = "WRONG_PERSON"
    WRONG_STRATUM = "WRONG_STRATUM"

    def __str__(self) -> str:
        return str(self.value)
