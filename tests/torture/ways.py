"""Where each step of a course goes, as the documents of the API say, and who sends it: the demo has a client for that,
but here a request is written down before it is sent, and sent again as it was.
"""

from collections.abc import Mapping
from typing import Final

from services.cli.demo.cohort import Action

WAYS: Final[Mapping[Action, tuple[str, str, str]]] = {
    Action.CONSENT: ("enrolment", "consents", "investigator"),
    Action.FINDINGS: ("enrolment", "findings", "coordinator"),
    Action.INCLUDE: ("enrolment", "inclusion", "investigator"),
    Action.NON_INCLUSION: ("enrolment", "non-inclusion", "investigator"),
    Action.CYCLE: ("enrolment", "cycles", "investigator"),
    Action.EXIT: ("enrolment", "run-in-exits", "investigator"),
    Action.DEATH: ("enrolment", "deaths", "investigator"),
    Action.NEW_THERAPY: ("enrolment", "new-therapies", "investigator"),
    Action.SURVEILLANCE: ("enrolment", "surveillance", "investigator"),
    Action.LABORATORY: ("safety", "laboratory-results", "coordinator"),
    Action.ADVERSE_EVENT: ("safety", "adverse-events", "investigator"),
    Action.ASSESS: ("assessment", "tumour-assessments", "investigator"),
}
"""Service, what follows the subject in the path, and role. Screening and randomization have no subject in theirs."""
