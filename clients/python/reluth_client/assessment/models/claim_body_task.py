from enum import StrEnum


class ClaimBodyTask(StrEnum):
    ADJUDICATE = "ADJUDICATE"
    READ = "READ"

    def __str__(self) -> str:
        return str(self.value)
