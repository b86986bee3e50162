"""What a site sent of one visit, as commands with their places in the request."""

from collections.abc import Iterator

from contracts.events.treatment import FormDone
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.entry import RecordFindings
from services.enrolment.domain.subject.followup import RecordSurvivalContact, StartNewTherapy
from services.enrolment.domain.subject.visits import PerformVisit
from services.enrolment.handlers.entries import Entry
from services.enrolment.visit_bodies import VisitBody


def entries_of(study: str, subject: str, body: VisitBody) -> tuple[Entry, ...]:
    """The entries in the order in which they are decided."""
    return tuple(_entries(study, subject, body))


def _entries(study: str, subject: str, body: VisitBody) -> Iterator[Entry]:
    forms = tuple(FormDone(form=one.form, done=one.done) for one in body.forms)
    yield Entry(PerformVisit(study, subject, body.visit, body.performed_on, forms), "/visit")
    if body.findings:
        submissions = tuple(finding.submission() for finding in body.findings)
        yield Entry(RecordFindings(study, subject, submissions), "/findings")
    if (cycle := body.cycle) is not None:
        given = AdministerCycle(
            study,
            subject,
            cycle.cycle,
            cycle.given_on,
            cycle.prescribed_mbq,
            cycle.administered_mbq,
            cycle.dose.measured() if cycle.dose else None,
            cycle.reduction_reason,
        )
        yield Entry(given, "/cycle")
    if (contact := body.survival_contact) is not None:
        yield Entry(RecordSurvivalContact(study, subject, contact.last_alive_on), "/survival_contact")
    if (started := body.new_therapy) is not None:
        yield Entry(StartNewTherapy(study, subject, started.started_on, started.therapy), "/new_therapy")
