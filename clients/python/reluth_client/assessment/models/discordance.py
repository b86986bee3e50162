from enum import StrEnum


class Discordance(StrEnum):
    IMAGE_QUALITY = "IMAGE_QUALITY"
    MEASUREMENT = "MEASUREMENT"
    NEW_LESION = "NEW_LESION"
    NON_TARGET = "NON_TARGET"
    OTHER = "OTHER"
    TARGET_SELECTION = "TARGET_SELECTION"

    def __str__(self) -> str:
        return str(self.value)
