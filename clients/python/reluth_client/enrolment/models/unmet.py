from enum import StrEnum


class Unmet(StrEnum):
    MET_LATER = "MET_LATER"
    NOT_RECORDED = "NOT_RECORDED"
    OTHER_PROTOCOL_VERSION = "OTHER_PROTOCOL_VERSION"

    def __str__(self) -> str:
        return str(self.value)
