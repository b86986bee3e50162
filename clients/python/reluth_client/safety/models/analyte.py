from enum import StrEnum


class Analyte(StrEnum):
    HAEMOGLOBIN = "HAEMOGLOBIN"
    NEUTROPHILS = "NEUTROPHILS"
    PLATELETS = "PLATELETS"

    def __str__(self) -> str:
        return str(self.value)
