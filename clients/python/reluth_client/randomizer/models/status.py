from enum import StrEnum


class Status(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"
    LOCKED = "locked"
    NOT_ACTIVATED = "not-activated"
    PAUSED = "paused"

    def __str__(self) -> str:
        return str(self.value)
