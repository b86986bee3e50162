from enum import StrEnum


class EventOutcome(StrEnum):
    FATAL = "FATAL"
    NOT_RECOVERED = "NOT_RECOVERED"
    RECOVERED = "RECOVERED"
    RECOVERED_WITH_SEQUELAE = "RECOVERED_WITH_SEQUELAE"
    RECOVERING = "RECOVERING"
    UNKNOWN = "UNKNOWN"

    def __str__(self) -> str:
        return str(self.value)
