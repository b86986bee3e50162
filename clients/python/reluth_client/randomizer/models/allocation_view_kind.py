from enum import StrEnum


class AllocationViewKind(StrEnum):
    PRODUCTION = "production"
    TEST = "test"

    def __str__(self) -> str:
        return str(self.value)
