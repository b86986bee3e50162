from enum import StrEnum


class VisitStatus(StrEnum):
    CANCELLED = "CANCELLED"
    DONE = "DONE"
    DONE_OUT_OF_WINDOW = "DONE_OUT_OF_WINDOW"
    DUE = "DUE"
    MISSED = "MISSED"
    OVERDUE = "OVERDUE"
    PLANNED = "PLANNED"

    def __str__(self) -> str:
        return str(self.value)
