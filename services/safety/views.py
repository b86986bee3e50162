"""What safety shows, folded from its own log."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Self, cast
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.safety import AdverseEventReported, AlertRaised, LaboratoryGraded, LaboratoryResultRecorded
from contracts.vocabulary.clinical import Analyte, Causality, EventOutcome, Seriousness
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.identifiers import StudyId, SubjectId
from services.chassis.refusal import Refused
from services.safety.alert_list import Alert
from services.safety.domain.refusals import (
    ADVERSE_EVENT_NOT_FOUND,
    DICTIONARY_UNKNOWN,
    LABORATORY_RESULT_NOT_FOUND,
    SOC_UNKNOWN,
)
from services.safety.domain.terms import Terms
from services.safety.rulebook import Rulebook


class AdverseEventView(BaseModel):
    """One adverse event. The narrative is not in it."""

    study: StudyId
    subject: SubjectId
    adverse_event: UUID
    dictionary: str = Field(examples=["CTCAE-5.0"])
    term: int = Field(description="MedDRA LLT code as the NCI publishes it with CTCAE", examples=[10028813])
    term_name: str | None = Field(description="absent when this program has another dictionary", examples=["Nausea"])
    soc: str | None = Field(description="system organ class", examples=["Gastrointestinal disorders"])
    grade: Grade
    onset_on: date
    aware_at: datetime
    seriousness: tuple[Seriousness, ...]
    causality: Causality
    ended_on: date | None
    outcome: EventOutcome | None = Field(description="as last known; absent: not told yet")
    has_narrative: bool
    event_id: UUID

    @classmethod
    def of(cls, fact: AdverseEventReported, event_id: UUID, terms: Terms) -> Self:
        """The view of a fact under its event id."""
        term = terms.by_code.get(fact.term) if fact.dictionary == terms.dictionary else None
        return cls(
            study=fact.study,
            subject=fact.subject,
            adverse_event=fact.adverse_event,
            dictionary=fact.dictionary,
            term=fact.term,
            term_name=term.term if term else None,
            soc=term.soc if term else None,
            grade=fact.grade,
            onset_on=fact.onset_on,
            aware_at=fact.aware_at,
            seriousness=fact.seriousness,
            causality=fact.causality,
            ended_on=fact.ended_on,
            outcome=fact.outcome,
            has_narrative=fact.narrative is not None,
            event_id=event_id,
        )


class StandingAdverseEvent(AdverseEventView):
    """An adverse event with its place in the log."""

    version: int = Field(description="how often it has been told of so far", examples=[2])
    position: int = Field(description="place in safety's log", examples=[17])
    recorded_at: datetime

    @classmethod
    def standing(cls, envelope: Envelope[AdverseEventReported], version: int, terms: Terms) -> Self:
        """The view of a recorded event."""
        view = AdverseEventView.of(envelope.fact, envelope.event_id, terms)
        return cls(**dict(view), version=version, position=envelope.position, recorded_at=envelope.recorded_at)


class NarratedAdverseEvent(StandingAdverseEvent):
    """An adverse event with the narrative, for those who may read it."""

    narrative: str | None = Field(
        default=None, description="absent for roles that may not read it, and if there is none"
    )


class GradeView(BaseModel):
    """The grade that a value establishes. The two ends differ while something that decides is missing."""

    dictionary: str = Field(examples=["CTCAE-5.0"])
    rules_sha256: str = Field(description="which table of thresholds gave it")
    term: int
    canonical_value: Decimal
    canonical_unit: str
    grade_min: Grade | None
    grade_max: Grade | None
    event_id: UUID

    @classmethod
    def of(cls, fact: LaboratoryGraded, event_id: UUID) -> Self:
        """The view of a fact under its event id."""
        return cls(
            dictionary=fact.dictionary,
            rules_sha256=fact.rules_sha256,
            term=fact.term,
            canonical_value=fact.canonical_value,
            canonical_unit=fact.canonical_unit,
            grade_min=fact.grade_min,
            grade_max=fact.grade_max,
            event_id=event_id,
        )


class LaboratoryResultView(BaseModel):
    """One result as reported, its grade, and the alert that it raised, if any."""

    study: StudyId
    subject: SubjectId
    result: UUID
    analyte: Analyte
    value: Decimal = Field(examples=["74.95"])
    unit: str = Field(examples=["10*9/L"])
    lower_limit: Decimal | None
    upper_limit: Decimal | None
    sampled_on: date
    grade: GradeView
    alerts: tuple[UUID, ...]
    event_id: UUID

    @classmethod
    def of(cls, fact: LaboratoryResultRecorded, event_id: UUID, grade: GradeView, alerts: Sequence[UUID] = ()) -> Self:
        """The view of a fact under its event id."""
        return cls(
            study=fact.study,
            subject=fact.subject,
            result=fact.result,
            analyte=fact.analyte,
            value=fact.value,
            unit=fact.unit,
            lower_limit=fact.lower_limit,
            upper_limit=fact.upper_limit,
            sampled_on=fact.sampled_on,
            grade=grade,
            alerts=tuple(alerts),
            event_id=event_id,
        )


class StandingResult(LaboratoryResultView):
    """A result with its place in the log."""

    position: int = Field(description="place in safety's log", examples=[17])
    recorded_at: datetime


class TermView(BaseModel):
    """One term that can be reported, and the grades that exist for it."""

    code: int = Field(examples=[10028813])
    term: str = Field(examples=["Nausea"])
    soc: str = Field(examples=["Gastrointestinal disorders"])
    grades: tuple[Grade, ...]
    specify: bool = Field(description="what the event was has to be said in the narrative")


class TermsView(BaseModel):
    """Terms of a dictionary."""

    dictionary: str = Field(examples=["CTCAE-5.0"])
    reported_under: bool = Field(description="whether events are reported under this dictionary")
    loaded: list[str] = Field(description="the dictionaries that can be looked into", examples=[["CTCAE-5.0"]])
    source: str
    sha256: str = Field(description="digest of the whole table")
    organ_classes: list[str] = Field(description="of the whole table")
    terms: list[TermView]


class AlertView(BaseModel):
    """One alert. `open`: the condition still holds, or has not been shown to be over."""

    alert: UUID
    study: StudyId
    subject: SubjectId
    rule: str = Field(examples=["A10"])
    rule_version: int
    term_name: str | None = Field(examples=["Platelet count decreased"])
    priority: int = Field(description="1 now, 2 the same day, 3 work-list, 4 digest", examples=[1])
    term: int
    grade: Grade = Field(description="of the result that raised it")
    evidence: UUID = Field(description="the event that raised it")
    raised_at: datetime
    open: bool
    closed_by: UUID | None = Field(description="the event after which the episode was over")
    position: int = Field(description="place of the alert in safety's log", examples=[19])

    @classmethod
    def of(cls, alert: Alert, terms: Terms) -> Self:
        """The view of a row. Every rule so far reads the dictionary that is loaded."""
        term = terms.by_code.get(alert.term)
        shown = {name: value for name, value in asdict(alert).items() if name != "site"}
        return cls(**shown, term_name=term.term if term else None)


def adverse_events(history: Sequence[Envelope[Fact]], terms: Terms) -> list[StandingAdverseEvent]:
    """All adverse events of a subject as last reported, by onset."""
    found = [StandingAdverseEvent.standing(told[-1], len(told), terms) for told in _told(history).values()]
    return sorted(found, key=lambda view: (view.onset_on, view.position))


def adverse_event(history: Sequence[Envelope[Fact]], wanted: UUID) -> Sequence[Envelope[AdverseEventReported]]:
    """All that was told of one adverse event, the first report first. Raises `Refused` (404)."""
    told = _told(history).get(wanted)
    if told is None:
        raise Refused(ADVERSE_EVENT_NOT_FOUND, adverse_event=wanted)
    return told


def adverse_event_versions(history: Sequence[Envelope[Fact]], wanted: UUID, terms: Terms) -> list[StandingAdverseEvent]:
    """One adverse event as it was told of, time after time. Raises `Refused` (404)."""
    told = adverse_event(history, wanted)
    return [StandingAdverseEvent.standing(one, version, terms) for version, one in enumerate(told, start=1)]


def _told(history: Sequence[Envelope[Fact]]) -> dict[UUID, list[Envelope[AdverseEventReported]]]:
    found: dict[UUID, list[Envelope[AdverseEventReported]]] = {}
    for envelope in history:
        if isinstance(envelope.fact, AdverseEventReported):
            one = cast(Envelope[AdverseEventReported], envelope)
            found.setdefault(one.fact.adverse_event, []).append(one)
    return found


def laboratory_results(history: Sequence[Envelope[Fact]]) -> list[StandingResult]:
    """All results of a subject with their grades, by sampling day."""
    grades: dict[UUID, GradeView] = {}
    alerts: dict[UUID, list[UUID]] = {}
    for envelope in history:
        match envelope.fact:
            case LaboratoryGraded() as graded:
                grades[graded.result] = GradeView.of(graded, envelope.event_id)
            case AlertRaised() as raised:
                alerts.setdefault(raised.evidence, []).append(raised.alert)
    found = []
    for envelope in history:
        if isinstance(envelope.fact, LaboratoryResultRecorded):
            grade = grades[envelope.fact.result]
            view = LaboratoryResultView.of(envelope.fact, envelope.event_id, grade, alerts.get(grade.event_id, ()))
            found.append(StandingResult(**dict(view), position=envelope.position, recorded_at=envelope.recorded_at))
    return sorted(found, key=lambda view: (view.sampled_on, view.position))


def laboratory_result(history: Sequence[Envelope[Fact]], wanted: UUID) -> StandingResult:
    """One result. Raises `Refused` (404)."""
    for view in laboratory_results(history):
        if view.result == wanted:
            return view
    raise Refused(LABORATORY_RESULT_NOT_FOUND, result=wanted)


def terms_view(rules: Rulebook, dictionary: str | None, words: str, soc: str | None) -> TermsView:
    """What a search finds in a dictionary. Raises `Refused` (404, 422)."""
    terms = rules.dictionaries.get(dictionary or rules.terms.dictionary)
    if terms is None:
        raise Refused(DICTIONARY_UNKNOWN, loaded=list(rules.dictionaries))
    if soc is not None and soc not in terms.socs:
        raise Refused(SOC_UNKNOWN, permitted=terms.socs)
    found = terms.search(words, soc)
    return TermsView(
        dictionary=terms.dictionary,
        reported_under=terms is rules.terms,
        loaded=list(rules.dictionaries),
        source=terms.source,
        sha256=terms.sha256,
        organ_classes=list(terms.socs),
        terms=[TermView(code=t.code, term=t.term, soc=t.soc, grades=t.grades, specify=t.specify) for t in found],
    )
