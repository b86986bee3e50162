"""The investigator's readings, folded from the write side, with what follows from the lesions beside them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.assessment import QueryEnd
from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.vocabulary.clinical import Modality, Reader
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from contracts.vocabulary.lesions import LesionId, Rule
from contracts.vocabulary.response import Response
from services.assessment.domain.readings.decide import Rules
from services.assessment.domain.readings.derived import Beside, derivations
from services.assessment.domain.readings.state import Chosen, Query, Reading, SubjectAssessments
from services.assessment.domain.refusals.lesions import BASELINE_NOT_FOUND, QUERY_NOT_FOUND
from services.assessment.domain.refusals.readings import ASSESSMENT_NOT_FOUND
from services.assessment.shown.derived import DerivedView
from services.chassis.images import Images
from services.chassis.refusal import Refused


class TumourAssessmentView(BaseModel):
    """One reading of one scan. The comment is not in it."""

    study: StudyId
    subject: SubjectId
    timepoint: str = Field(examples=["M6"])
    scan_on: date = Field(examples=["2026-03-31"])
    modality: Modality
    reader: Reader
    response: Response = Field(description="overall response at this timepoint as stated, RECIST 1.1")
    study_uid: str | None
    images: str | None = Field(description="where the site looks at them; null where that was not set up")
    seen: Seen | None = Field(description="as kept: lengths in tenths of a millimetre")
    derived: DerivedView | None = Field(description="null where nothing was measured")
    query: UUID | None = Field(description="the open query about the difference between both, if there is one")
    has_comment: bool
    event_id: UUID

    @classmethod
    def of(cls, reading: Reading, state: SubjectAssessments, derived: Mapping[str, Beside], images: Images) -> Self:
        """The view of a recorded reading, or of one that is about to be."""
        fact = reading.fact
        beside, query = derived.get(fact.timepoint), state.open_query(fact.timepoint, fact.reader)
        return cls(
            study=fact.study,
            subject=fact.subject,
            timepoint=fact.timepoint,
            scan_on=fact.scan_on,
            modality=fact.modality,
            reader=fact.reader,
            response=fact.response,
            study_uid=fact.study_uid,
            images=images.of_site(site_of(fact.subject), fact.study_uid),
            seen=fact.seen,
            derived=DerivedView.of(beside) if beside is not None else None,
            query=query.event.event_id if query is not None else None,
            has_comment=fact.comment is not None,
            event_id=reading.event.event_id,
        )


class ChangedView(BaseModel):
    """A timepoint whose derived response is another one than before."""

    timepoint: str
    before: Response | None
    after: Response | None
    rule: Rule | None


class ReadView(TumourAssessmentView):
    """What was recorded, and what it changed at timepoints that were read before."""

    changed: list[ChangedView]

    @classmethod
    def read(
        cls, before: SubjectAssessments, after: SubjectAssessments, timepoint: str, rules: Rules, images: Images
    ) -> Self:
        """The answer to a reading."""
        now = _derived(after, rules)
        view = TumourAssessmentView.of(reading(after, timepoint), after, now, images)
        return cls(**dict(view), changed=_changed(_derived(before, rules), now))


class StandingAssessment(TumourAssessmentView):
    """A reading with its place in the log."""

    position: int = Field(description="place in assessment's log", examples=[17])
    recorded_at: datetime

    @classmethod
    def standing(
        cls, reading: Reading, state: SubjectAssessments, derived: Mapping[str, Beside], images: Images
    ) -> Self:
        """The view of a recorded reading."""
        view = TumourAssessmentView.of(reading, state, derived, images)
        return cls(**dict(view), position=reading.event.position, recorded_at=reading.event.recorded_at)


class CommentedAssessment(StandingAssessment):
    """A reading with the comment, for those who may read it."""

    comment: str | None = Field(default=None, description="absent for roles that may not read it, and if there is none")


class EvidenceView(BaseModel):
    """What a gate needs of a reading, with the event and the position by which it is found again."""

    event_id: UUID
    position: int = Field(examples=[17])
    scan_on: date
    response: Response
    reader: Reader


class BaselineView(BaseModel):
    """The lesions chosen on a baseline scan. Lengths in tenths of a millimetre."""

    baseline: str = Field(examples=["POST_C2"])
    scan_on: date
    modality: Modality
    reader: Reader
    study_uid: str | None
    images: str | None = Field(description="where the site looks at them; null where that was not set up")
    targets: list[TargetLesion]
    non_targets: list[NonTargetLesion]
    event_id: UUID

    @classmethod
    def of(cls, chosen: Chosen, images: Images) -> Self:
        """The view of a choice."""
        fact = chosen.fact
        return cls(
            baseline=fact.baseline,
            scan_on=fact.scan_on,
            modality=fact.modality,
            reader=fact.reader,
            study_uid=fact.study_uid,
            images=images.of_site(site_of(fact.subject), fact.study_uid),
            targets=list(fact.targets),
            non_targets=list(fact.non_targets),
            event_id=chosen.event.event_id,
        )


class BaselineReadView(BaselineView):
    """What was recorded, and what it changed at timepoints that were read before."""

    changed: list[ChangedView]

    @classmethod
    def read(
        cls, before: SubjectAssessments, after: SubjectAssessments, baseline: str, rules: Rules, images: Images
    ) -> Self:
        """The answer to a choice."""
        view = BaselineView.of(baseline_of(after, baseline), images)
        return cls(**dict(view), changed=_changed(_derived(before, rules), _derived(after, rules)))


class QueryView(BaseModel):
    """A difference between a stated response and the derived one."""

    query: UUID
    timepoint: str
    reader: Reader
    stated: Response
    derived: Response
    rule: Rule
    lesions: list[LesionId]
    closed: QueryEnd | None

    @classmethod
    def of(cls, query: Query) -> Self:
        """The view of a query."""
        fact = query.fact
        return cls(
            query=query.event.event_id,
            timepoint=fact.timepoint,
            reader=fact.reader,
            stated=fact.stated,
            derived=fact.derived,
            rule=fact.rule,
            lesions=list(fact.lesions),
            closed=query.closed.because if query.closed is not None else None,
        )

    @classmethod
    def named(cls, state: SubjectAssessments, query: UUID) -> Self:
        """The view of one of them. Raises `Refused` (404)."""
        for one in state.queries:
            if one.event.event_id == query:
                return cls.of(one)
        raise Refused(QUERY_NOT_FOUND)


def readings(state: SubjectAssessments, rules: Rules, images: Images) -> list[StandingAssessment]:
    """All readings of a subject, by scan date."""
    derived = _derived(state, rules)
    ordered = sorted(state.readings, key=lambda r: (r.scan_on, r.event.position))
    return [StandingAssessment.standing(one, state, derived, images) for one in ordered]


def commented(state: SubjectAssessments, timepoint: str, rules: Rules, images: Images) -> CommentedAssessment:
    """The investigator's reading of a timepoint, its comment left out. Raises `Refused` (404)."""
    return CommentedAssessment.standing(reading(state, timepoint), state, _derived(state, rules), images)


def reading(state: SubjectAssessments, timepoint: str) -> Reading:
    """The investigator's reading of a timepoint. Raises `Refused` (404)."""
    found = state.of(timepoint, Reader.INVESTIGATOR)
    if found is None:
        raise Refused(ASSESSMENT_NOT_FOUND, timepoint=timepoint)
    return found


def baseline_of(state: SubjectAssessments, code: str) -> Chosen:
    """The investigator's choice on a baseline scan. Raises `Refused` (404)."""
    found = state.baseline(code, Reader.INVESTIGATOR)
    if found is None:
        raise Refused(BASELINE_NOT_FOUND, baseline=code)
    return found


def evidence(state: SubjectAssessments, timepoint: str) -> EvidenceView:
    """The investigator's reading of a timepoint as evidence. Raises `Refused` (404)."""
    found = reading(state, timepoint)
    return EvidenceView(
        event_id=found.event.event_id,
        position=found.event.position,
        scan_on=found.scan_on,
        response=found.fact.response,
        reader=found.fact.reader,
    )


def _derived(state: SubjectAssessments, rules: Rules) -> Mapping[str, Beside]:
    if rules.response is None:
        return {}
    return derivations(state, Reader.INVESTIGATOR, rules.response, rules.timepoints)


def _changed(before: Mapping[str, Beside], after: Mapping[str, Beside]) -> list[ChangedView]:
    changed = []
    for timepoint, was in before.items():
        now = after[timepoint].derived
        responses = [one.response if one is not None else None for one in (was.derived, now)]
        if responses[0] is not responses[1]:
            rule = now.overall.rule if now is not None else None
            changed.append(ChangedView(timepoint=timepoint, before=responses[0], after=responses[1], rule=rule))
    return changed
