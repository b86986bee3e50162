from enum import StrEnum


class QueryEnd(StrEnum):
    READ_AGAIN = "READ_AGAIN"
    STATED_STANDS = "STATED_STANDS"

    def __str__(self) -> str:
        return str(self.value)
