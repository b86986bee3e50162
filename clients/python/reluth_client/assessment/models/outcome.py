from enum import StrEnum


class Outcome(StrEnum):
    ALREADY = "ALREADY"
    RECORDED = "RECORDED"
    REFUSED = "REFUSED"

    def __str__(self) -> str:
        return str(self.value)
