from enum import StrEnum


class Basis(StrEnum):
    ADJUDICATED = "ADJUDICATED"
    AGREED = "AGREED"

    def __str__(self) -> str:
        return str(self.value)
