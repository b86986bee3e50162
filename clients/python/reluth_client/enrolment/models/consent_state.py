from enum import StrEnum


class ConsentState(StrEnum):
    NONE = "NONE"
    SIGNED = "SIGNED"
    TREATMENT_STOPPED = "TREATMENT_STOPPED"
    WITHDRAWN = "WITHDRAWN"

    def __str__(self) -> str:
        return str(self.value)
