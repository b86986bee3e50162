"""What a site sent of one visit, as commands with their places in the request."""

from collections.abc import Iterator

from services.enrolment.bodies.visits import VisitBody
from services.enrolment.domain.subject.entry import RecordFindings
from services.enrolment.domain.subject.followup import RecordSurvivalContact, StartNewTherapy
from services.enrolment.handlers.entries import Entry


def entries_of(study: str, subject: str, body: VisitBody) -> tuple[Entry, ...]:
    """The entries in the order in which they are decided."""
    return tuple(_entries(study, subject, body))


def _entries(study: str, subject: str, body: VisitBody) -> Iterator[Entry]:
    yield Entry(body.command(study, subject), "/visit", body.note)
    if body.findings:
        submissions = tuple(finding.submission() for finding in body.findings)
        yield Entry(RecordFindings(study, subject, submissions), "/findings")
    if (cycle := body.cycle) is not None:
        yield Entry(cycle.command(study, subject), "/cycle")
    if (contact := body.survival_contact) is not None:
        yield Entry(RecordSurvivalContact(study, subject, contact.last_alive_on), "/survival_contact")
    if (started := body.new_therapy) is not None:
        yield Entry(StartNewTherapy(study, subject, started.started_on, started.therapy), "/new_therapy")
