from enum import StrEnum


class ReleaseReason(StrEnum):
    EPONYM = "EPONYM"
    NO_NAME = "NO_NAME"
    NUMBER_OF_NOBODY = "NUMBER_OF_NOBODY"
    PLACE = "PLACE"
    PRODUCT = "PRODUCT"

    def __str__(self) -> str:
        return str(self.value)
