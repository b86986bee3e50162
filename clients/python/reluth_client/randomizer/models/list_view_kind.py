from enum import StrEnum


class ListViewKind(StrEnum):
    PRODUCTION = "production"
    TEST = "test"

    def __str__(self) -> str:
        return str(self.value)
