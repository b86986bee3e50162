from enum import StrEnum


class CurveModel(StrEnum):
    BI_EXPONENTIAL = "BI_EXPONENTIAL"
    MONO_EXPONENTIAL = "MONO_EXPONENTIAL"
    TRAPEZOID = "TRAPEZOID"

    def __str__(self) -> str:
        return str(self.value)
