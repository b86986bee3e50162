from enum import StrEnum


class FollowUpKind(StrEnum):
    NONE = "NONE"
    SURVIVAL = "SURVIVAL"
    TUMOUR = "TUMOUR"

    def __str__(self) -> str:
        return str(self.value)
