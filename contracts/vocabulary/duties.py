"""What a principal investigator can entrust to a person at the site (the delegation log of ICH E6)."""

from enum import StrEnum


class Duty(StrEnum):
    """A duty of the trial. A role says what an account can do in this system, a duty what the person may do at a site.

    Only `RANDOMIZE` is a condition of a command; the others are kept for the site's file and stop nobody here.
    """

    OBTAIN_CONSENT = "OBTAIN_CONSENT"
    ASSESS_ELIGIBILITY = "ASSESS_ELIGIBILITY"
    RANDOMIZE = "RANDOMIZE"
    GIVE_TREATMENT = "GIVE_TREATMENT"
    ASSESS_TUMOURS = "ASSESS_TUMOURS"
    ASSESS_SAFETY = "ASSESS_SAFETY"
    ENTER_DATA = "ENTER_DATA"
