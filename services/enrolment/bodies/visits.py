"""What is sent of visits and deviations."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from contracts.events.enrolment import Code
from contracts.events.treatment import FormDone
from contracts.vocabulary.course import Severity
from services.chassis.http.written import Day
from services.enrolment.bodies.body import MAX_FINDINGS, Body
from services.enrolment.bodies.cycles import CycleBody
from services.enrolment.bodies.subjects import FindingBody, SurvivalContactBody, TherapyBody
from services.enrolment.domain.subject.visits import PerformVisit, ReportDeviation

MAX_FORMS: Final = 50
Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    Field(description="kept sealed; nothing that could identify a person", examples=["Came a day late: snow"]),
]


class FormBody(Body):
    """A form of the visit: filled in or not."""

    form: Code = Field(examples=["CLINICAL"])
    done: bool = True


class PerformedBody(Body):
    """A visit that took place, with its forms."""

    visit: Code = Field(examples=["V5"])
    performed_on: Day = Field(examples=["2026-09-10"])
    forms: Annotated[tuple[FormBody, ...], Field(max_length=MAX_FORMS)] = ()
    note: Note | None = None

    def command(self, study: str, subject: str) -> PerformVisit:
        """As the domain decides it; the note is sealed later."""
        forms = tuple(FormDone(form=one.form, done=one.done) for one in self.forms)
        return PerformVisit(study, subject, self.visit, self.performed_on, forms)


class VisitBody(PerformedBody):
    """Everything that a site records of one visit: all of it is recorded, or nothing."""

    findings: Annotated[tuple[FindingBody, ...], Field(max_length=MAX_FINDINGS)] = ()
    cycle: CycleBody | None = None
    survival_contact: SurvivalContactBody | None = None
    new_therapy: TherapyBody | None = None


class DeviationBody(Body):
    """What a person noticed. `tells_arm`: it is about what only one arm has, and shown to its readers alone."""

    severity: Severity
    occurred_on: Day = Field(examples=["2026-09-10"])
    visit: Code | None = Field(default=None, examples=["V5"])
    tells_arm: bool = False
    note: Note | None = None

    def command(self, study: str, subject: str) -> ReportDeviation:
        """As the domain decides it; the note is sealed later."""
        return ReportDeviation(study, subject, self.severity, self.occurred_on, self.visit, self.tells_arm)
