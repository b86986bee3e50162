from enum import StrEnum


class WithdrawalScope(StrEnum):
    DATA_USE = "DATA_USE"
    FOLLOW_UP = "FOLLOW_UP"
    TREATMENT = "TREATMENT"

    def __str__(self) -> str:
        return str(self.value)
