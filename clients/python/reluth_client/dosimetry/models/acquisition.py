from enum import StrEnum


class Acquisition(StrEnum):
    PLANAR = "PLANAR"
    SPECT_CT = "SPECT_CT"

    def __str__(self) -> str:
        return str(self.value)
