from enum import StrEnum


class Modality(StrEnum):
    CT = "CT"
    MRI = "MRI"

    def __str__(self) -> str:
        return str(self.value)
