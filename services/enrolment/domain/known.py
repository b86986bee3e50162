"""What the trial itself knows of a subject on a day, in the form of findings, with the facts that say so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.vocabulary.response import Response
from services.enrolment.domain.findings import Observation, supplied
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import Subject


@dataclass(frozen=True, slots=True)
class ScanEvidence:
    """The scan after the second cycle as assessment answered, with its own event and log position to find it by."""

    event_id: UUID
    position: int
    scan_on: date
    response: Response


def known(subject: Subject, site: Site, at: date) -> Iterator[Observation]:
    """What this service itself knows on a day, with the facts that say so."""
    if (screening := subject.screening) is not None:
        yield supplied("birth_month", screening.birth_month, screening.screened_on, screening.event_id)
        yield supplied("sex", screening.sex.value, screening.screened_on, screening.event_id)
    if (consent := subject.consent_on(at) or next(iter(subject.consents), None)) is not None:
        yield supplied("consent_signed_on", consent.signed_on, consent.signed_on, consent.event_id)
    if (withdrawal := subject.withdrawn_by(at)) is not None:
        yield supplied("consent_in_force", False, withdrawal.withdrawn_on, withdrawal.event_id)
    elif consent is not None:
        yield supplied("consent_in_force", True, consent.signed_on, consent.event_id)
    else:
        yield supplied("consent_in_force", False, at)
    if (inclusion := subject.inclusion) is not None:
        yield supplied("included_on", inclusion.included_on, inclusion.included_on, inclusion.event_id)
    for cycle in subject.cycles:
        yield supplied(f"cycle_{cycle.number}_on", cycle.given_on, cycle.given_on, cycle.event_id)
    yield supplied("alive", subject.death is None or at < subject.death.died_on, at)
    yield supplied("study_open", True, at)
    yield supplied("site_open", site.open_on(at), at)


def fields_of_scan(timepoint: str) -> tuple[str, str]:
    """What criteria call the day and the response of the scan of a timepoint: `post_c2_scan_on`, `post_c2_response`."""
    return f"{timepoint.lower()}_scan_on", f"{timepoint.lower()}_response"


def shown(scan: ScanEvidence | None, timepoint: str | None) -> Iterator[Observation]:
    """What assessment told of the scan, if there is one."""
    if scan is not None and timepoint is not None:
        scan_on, response = fields_of_scan(timepoint)
        yield supplied(scan_on, scan.scan_on, scan.scan_on, scan.event_id)
        yield supplied(response, scan.response.value, scan.scan_on, scan.event_id)
