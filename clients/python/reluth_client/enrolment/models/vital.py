from enum import StrEnum


class Vital(StrEnum):
    ALIVE = "ALIVE"
    DEAD = "DEAD"

    def __str__(self) -> str:
        return str(self.value)
