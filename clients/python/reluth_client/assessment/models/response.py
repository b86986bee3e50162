from enum import StrEnum


class Response(StrEnum):
    CR = "CR"
    NE = "NE"
    NON_CR_NON_PD = "NON_CR_NON_PD"
    PD = "PD"
    PR = "PR"
    SD = "SD"

    def __str__(self) -> str:
        return str(self.value)
