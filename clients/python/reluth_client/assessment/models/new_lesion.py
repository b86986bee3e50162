from enum import StrEnum


class NewLesion(StrEnum):
    EQUIVOCAL = "EQUIVOCAL"
    NONE = "NONE"
    UNEQUIVOCAL = "UNEQUIVOCAL"

    def __str__(self) -> str:
        return str(self.value)
