from enum import StrEnum


class Kind(StrEnum):
    BIRTH_DATE = "BIRTH_DATE"
    EMAIL = "EMAIL"
    HOSPITAL_NUMBER = "HOSPITAL_NUMBER"
    INITIALS = "INITIALS"
    NAME = "NAME"
    NIR = "NIR"
    PHONE = "PHONE"

    def __str__(self) -> str:
        return str(self.value)
