"""Why randomization is not authorized, and what would change that."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why randomization is not authorized, in the words of the catalogue (digest 5.2) and a few that it lacks."""

    SITE_CLOSED = "SITE_CLOSED"
    NOT_DELEGATED = "NOT_DELEGATED"
    NOT_ALIVE = "NOT_ALIVE"
    NO_CONSENT = "NO_CONSENT"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    NOT_INCLUDED = "NOT_INCLUDED"
    ALREADY_RANDOMIZED = "ALREADY_RANDOMIZED"
    RUN_IN_ENDED = "RUN_IN_ENDED"
    CYCLES_INCOMPLETE = "CYCLES_INCOMPLETE"
    NO_POST_C2 = "NO_POST_C2"
    POST_C2_TOO_OLD = "POST_C2_TOO_OLD"
    PD = "PD"
    NE = "NE"
    STRATA_INCOMPLETE = "STRATA_INCOMPLETE"
    CRITERIA_NOT_MET = "CRITERIA_NOT_MET"

    @property
    def remedy(self) -> str:
        """What would make it pass, or that nothing would."""
        return REMEDIES[self]


REMEDIES: Final[Mapping[Reason, str]] = {
    Reason.SITE_CLOSED: "Have the sponsor activate or resume the site.",
    Reason.NOT_DELEGATED: "Have the investigator of the site delegate randomizing to the account that asks.",
    Reason.NOT_ALIVE: "Nothing: a death is recorded. Survival follow-up is complete.",
    Reason.NO_CONSENT: "Record the signed consent.",
    Reason.CONSENT_WITHDRAWN: "Nothing: the subject withdrew. What it did not withdraw from is recorded as before.",
    Reason.NOT_INCLUDED: "Include the subject by gate 1 first.",
    Reason.ALREADY_RANDOMIZED: "Nothing: the subject is randomized, once and for all. Ask for its allocation.",
    Reason.RUN_IN_ENDED: "Nothing: the run-in has ended without randomization. The subject stays in follow-up.",
    Reason.CYCLES_INCOMPLETE: "Give and record the run-in cycles that are left.",
    Reason.NO_POST_C2: "Record the investigator's reading of a scan made after the last run-in cycle.",
    Reason.POST_C2_TOO_OLD: "Repeat the scan: the one on record is older than the protocol allows on this day.",
    Reason.PD: "Nothing: progression in the run-in excludes. If the reading is wrong, record the corrected one.",
    Reason.NE: "Repeat or read again the scan: a response that decides nothing never passes.",
    Reason.STRATA_INCOMPLETE: "Record the findings that the missing strata are derived from.",
    Reason.CRITERIA_NOT_MET: "See `rows`: each names its criterion and what is missing for it.",
}
