"""Where the disease of one subject stands: the last thing that was read, and what overrides it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.vocabulary.clinical import Reader, RunInExit
from contracts.vocabulary.response import Response
from services.analytics.domain.dossier import Dossier


class Status(StrEnum):
    """In order of precedence. `PENDING`: included, and no scan after the run-in cycles is recorded yet."""

    DIED = "DIED"
    PROGRESSED = "PROGRESSED"
    CONTROLLED = "CONTROLLED"
    NOT_EVALUABLE = "NOT_EVALUABLE"
    PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class DiseaseStatus:
    """The status of a subject and the days it follows from. `since` is the day that made the status."""

    status: Status
    since: date | None
    last_response: Response | None
    last_scan_on: date | None
    progressed_on: date | None


def status_of(dossier: Dossier, reader: Reader, as_of: date) -> DiseaseStatus:
    """The disease status up to and including a day, as one reader sees it.

    Progression is dated by the first scan that shows it; a subject who left the run-in because of progression
    counts from the end of the run-in where no scan says so earlier. Once progressed, always progressed.
    """
    scans = [s for s in dossier.scans if s.reader is reader and s.scan_on <= as_of]
    last = max(enumerate(scans), key=lambda place: (place[1].scan_on, place[0]), default=(0, None))[1]
    progressed_on = min(
        [
            *(s.scan_on for s in scans if s.response is Response.PD),
            *([left] if (left := _left_progressing(dossier)) and left <= as_of else []),
        ],
        default=None,
    )
    died_on = dossier.died_on if dossier.died_on is not None and dossier.died_on <= as_of else None
    if died_on is not None:
        status, since = Status.DIED, died_on
    elif progressed_on is not None:
        status, since = Status.PROGRESSED, progressed_on
    elif last is None:
        return DiseaseStatus(Status.PENDING, None, None, None, None)
    else:
        status = Status.CONTROLLED if last.response.controls_disease else Status.NOT_EVALUABLE
        since = last.scan_on
    return DiseaseStatus(status, since, last.response if last else None, last.scan_on if last else None, progressed_on)


def t(day_0: date, day: date) -> int:
    """Time from randomization in whole days, the day of randomization being 1 (ruling 15)."""
    return (day - day_0).days + 1


def _left_progressing(dossier: Dossier) -> date | None:
    return dossier.run_in_ended_on if dossier.run_in_exit is RunInExit.PROGRESSION else None
