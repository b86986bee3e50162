from enum import StrEnum


class Seriousness(StrEnum):
    CONGENITAL_ANOMALY = "CONGENITAL_ANOMALY"
    DEATH = "DEATH"
    DISABILITY = "DISABILITY"
    HOSPITALISATION = "HOSPITALISATION"
    LIFE_THREATENING = "LIFE_THREATENING"
    OTHER_MEDICALLY_IMPORTANT = "OTHER_MEDICALLY_IMPORTANT"

    def __str__(self) -> str:
        return str(self.value)
