from enum import StrEnum


class ContactMeans(StrEnum):
    GENERAL_PRACTITIONER = "GENERAL_PRACTITIONER"
    LETTER = "LETTER"
    OTHER = "OTHER"
    PHONE = "PHONE"
    REGISTRY = "REGISTRY"

    def __str__(self) -> str:
        return str(self.value)
