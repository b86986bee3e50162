from enum import StrEnum


class Reader(StrEnum):
    INVESTIGATOR = "INVESTIGATOR"

    def __str__(self) -> str:
        return str(self.value)
