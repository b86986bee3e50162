"""What is shown of visits and deviations."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.protocol.calendar import Standing, VisitStatus
from contracts.protocol.model import Protocol
from contracts.vocabulary.course import DeviationKind, Severity
from contracts.vocabulary.identifiers import SiteId, SubjectId
from services.enrolment.domain.records import Deviation
from services.enrolment.domain.visit_book import Book


class FormView(BaseModel):
    """A form of a visit."""

    form: str = Field(examples=["CLINICAL"])
    label: str
    owner: str = Field(description="the service that keeps its data")
    required: bool
    done: bool


class VisitView(BaseModel):
    """A visit with its window and what has become of it. Outside its window is a deviation, not a lost visit."""

    visit: str = Field(examples=["V7"])
    name: str
    anchor: str = Field(examples=["randomization"])
    anchor_on: date
    target_on: date
    earliest_on: date
    latest_on: date
    status: VisitStatus
    done_on: date | None
    forms: list[FormView]

    @classmethod
    def of(cls, standing: Standing, book: Book, protocol: Protocol) -> Self:
        """The view of a visit, in the words of the protocol."""
        slot, done = standing.slot, book.performed.get(standing.slot.visit)
        filled = done.forms if done else ()
        required, applicable = protocol.forms_at.get(slot.visit, ((), ()))
        rule = protocol.visit.get(slot.visit)
        return cls(
            visit=slot.visit,
            name=rule.name if rule else slot.visit,
            anchor=slot.anchor,
            anchor_on=slot.anchor_on,
            target_on=slot.target_on,
            earliest_on=slot.earliest_on,
            latest_on=slot.latest_on,
            status=standing.status,
            done_on=standing.done_on,
            forms=[
                FormView(form=f.id, label=f.label, owner=f.owner, required=needed, done=f.id in filled)
                for needed, forms in ((True, required), (False, applicable))
                for f in forms
            ],
        )


class SubjectVisits(BaseModel):
    """The visits of one subject on a day, by target date."""

    subject: SubjectId
    site: SiteId
    on: date = Field(description="the clinical day of which the statuses are")
    visits: list[VisitView]


class DeviationView(BaseModel):
    """A deviation as recorded. `about` is the event that it is about."""

    deviation: DeviationKind
    severity: Severity
    occurred_on: date
    visit: str | None
    criterion: str | None
    about: UUID | None
    event_id: UUID

    @classmethod
    def of(cls, found: Deviation) -> Self:
        """The view of a deviation."""
        return cls(
            deviation=found.kind,
            severity=found.severity,
            occurred_on=found.occurred_on,
            visit=found.visit,
            criterion=found.criterion,
            about=found.about,
            event_id=found.event_id,
        )


class SubjectDeviation(DeviationView):
    """A deviation in the list of all subjects."""

    subject: SubjectId
    site: SiteId


class SubjectDeviations(BaseModel):
    """The deviations of one subject, oldest first."""

    subject: SubjectId
    site: SiteId
    deviations: list[DeviationView]
