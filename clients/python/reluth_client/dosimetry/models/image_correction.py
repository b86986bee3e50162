from enum import StrEnum


class ImageCorrection(StrEnum):
    ATTENUATION = "ATTENUATION"
    DEAD_TIME = "DEAD_TIME"
    RESOLUTION = "RESOLUTION"
    SCATTER = "SCATTER"

    def __str__(self) -> str:
        return str(self.value)
