"""What is shown of errors after the fact. The queue tells no arm, no stratum and nobody's own words about a subject."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.randomization import (
    Annotation,
    DiscrepancyKind,
    DiscrepancyOpened,
    RandomizationAnnotated,
    StrataVerified,
    StratumLevel,
)
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.refusal import Json, Refused
from services.randomizer.domain.discrepancies import Discrepancy, Queue
from services.randomizer.domain.refusals import UNKNOWN_DISCREPANCY


class Standing(StrEnum):
    """Whether somebody still has to look."""

    OPEN = "open"
    RESOLVED = "resolved"


class _View(BaseModel):
    def as_json(self) -> dict[str, Json]:
        """As it is answered and stored with the command."""
        body: dict[str, Json] = self.model_dump(mode="json")
        return body


class AnnotationView(_View):
    """What turned out to be wrong. For readers of the subject's arm: who wrote the reason may know it."""

    annotation: Annotation
    discovered_on: date
    other_subject: SubjectId | None = Field(
        default=None, description="the same person's other number, or the person who was meant"
    )
    reason: str | None
    event_id: UUID

    @classmethod
    def of(cls, fact: RandomizationAnnotated, event_id: UUID, reason: str | None) -> Self:
        """The view of an annotation."""
        return cls(
            annotation=fact.annotation,
            discovered_on=fact.discovered_on,
            other_subject=fact.other_subject,
            reason=reason,
            event_id=event_id,
        )


class AnnotationRecorded(AnnotationView):
    """The answer to who annotates."""

    study: StudyId
    subject: SubjectId
    discrepancy: UUID = Field(description="opened with it")


class VerificationView(_View):
    """The strata as verified, for sensitivity analyses. Those as randomized are the primary ones."""

    stratum: Sequence[StratumLevel] = Field(description="as enrolment derived it on that day")
    differs: Sequence[str] = Field(description="factors whose level is another one than as randomized")
    verified_on: date
    criteria_version: str
    sources: Sequence[UUID] = Field(description="enrolment's facts behind the levels")
    event_id: UUID

    @classmethod
    def of(cls, fact: StrataVerified, event_id: UUID) -> Self:
        """The view of a verification."""
        return cls(
            stratum=fact.stratum,
            differs=fact.differs,
            verified_on=fact.verified_on,
            criteria_version=fact.criteria_version,
            sources=fact.sources,
            event_id=event_id,
        )


class VerificationRecorded(VerificationView):
    """The answer to who has strata verified."""

    study: StudyId
    subject: SubjectId
    discrepancy: UUID | None = Field(default=None, description="opened with it, if it found a new difference")


class DiscrepancyView(_View):
    """Something to look at. Levels and reasons of annotations stand elsewhere, for fewer readers."""

    study: StudyId
    discrepancy: UUID
    number: int = Field(description="in the order of opening, from 1", examples=[3])
    subject: SubjectId
    kind: DiscrepancyKind
    opened_on: date
    because: UUID | None = Field(description="the fact that raised it: ours, or for STRATUM_TO_VERIFY enrolment's")
    status: Standing
    resolved_on: date | None = None
    resolution: str | None = Field(default=None, description="what came of it")

    @classmethod
    def of(cls, one: Discrepancy) -> Self:
        """The view of a discrepancy."""
        came_of_it = one.resolution
        return cls(
            study=one.fact.study,
            discrepancy=one.fact.discrepancy,
            number=one.number,
            subject=one.fact.subject,
            kind=one.fact.kind,
            opened_on=one.fact.opened_on,
            because=one.fact.because,
            status=Standing.OPEN if came_of_it is None else Standing.RESOLVED,
            resolved_on=came_of_it.resolved_on if came_of_it else None,
            resolution=came_of_it.reason if came_of_it else None,
        )


def annotated(
    fact: RandomizationAnnotated, event_id: UUID, reason: str, opening: DiscrepancyOpened
) -> AnnotationRecorded:
    """The answer to an annotation just decided."""
    said = AnnotationView.of(fact, event_id, reason)
    return AnnotationRecorded(**dict(said), study=fact.study, subject=fact.subject, discrepancy=opening.discrepancy)


def verified(fact: StrataVerified, event_id: UUID, opening: DiscrepancyOpened | None) -> VerificationRecorded:
    """The answer to a verification just decided."""
    found = VerificationView.of(fact, event_id)
    opened = opening.discrepancy if opening is not None else None
    return VerificationRecorded(**dict(found), study=fact.study, subject=fact.subject, discrepancy=opened)


def annotations(queue: Queue, subject: str) -> list[AnnotationView]:
    """What was said of a subject's randomization, the oldest first."""
    return [AnnotationView.of(said.fact, said.event_id, said.reason) for said in queue.annotations.get(subject, ())]


def as_verified(queue: Queue, subject: str) -> VerificationView | None:
    """The last verification of a subject's strata."""
    last = queue.verified.get(subject)
    return VerificationView.of(last.fact, last.event_id) if last is not None else None


def discrepancies(
    queue: Queue, covers: Callable[[str], bool], *, status: Standing | None, subject: str | None, after: int
) -> list[DiscrepancyView]:
    """Those of subjects of these sites with a number past `after`, by number."""
    found = [
        DiscrepancyView.of(one)
        for one in queue.discrepancies.values()
        if one.number > after and covers(site_of(one.fact.subject)) and subject in (None, one.fact.subject)
    ]
    return [view for view in found if status in (None, view.status)]


def discrepancy(queue: Queue, covers: Callable[[str], bool], which: UUID) -> DiscrepancyView:
    """One of them. That of another site cannot be told from one that does not exist: 404 for both."""
    one = queue.discrepancies.get(which)
    if one is None or not covers(site_of(one.fact.subject)):
        raise Refused(UNKNOWN_DISCREPANCY, discrepancy=which)
    return DiscrepancyView.of(one)
