from enum import StrEnum


class Duty(StrEnum):
    ASSESS_ELIGIBILITY = "ASSESS_ELIGIBILITY"
    ASSESS_SAFETY = "ASSESS_SAFETY"
    ASSESS_TUMOURS = "ASSESS_TUMOURS"
    ENTER_DATA = "ENTER_DATA"
    GIVE_TREATMENT = "GIVE_TREATMENT"
    OBTAIN_CONSENT = "OBTAIN_CONSENT"
    RANDOMIZE = "RANDOMIZE"

    def __str__(self) -> str:
        return str(self.value)
