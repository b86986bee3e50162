from enum import StrEnum


class CaseViewTaskType0(StrEnum):
    ADJUDICATE = "ADJUDICATE"
    CHOOSE_LESIONS = "CHOOSE_LESIONS"
    READ = "READ"

    def __str__(self) -> str:
        return str(self.value)
