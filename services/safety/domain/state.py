"""What decisions about one subject need to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.safety import (
    AdverseEventReported,
    AlertEpisodeClosed,
    AlertRaised,
    LaboratoryGraded,
    LaboratoryResultRecorded,
)
from contracts.vocabulary.grade import Grade


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade as the alert rules see it."""

    event_id: UUID
    term: int
    sampled_on: date
    most: Grade

    @classmethod
    def of(cls, fact: LaboratoryGraded, event_id: UUID, sampled_on: date) -> Self:
        """What a recorded grade says to alert rules. Raises ValueError for a grade that says nothing."""
        if fact.grade_max is None:
            raise ValueError(f"{fact.analyte} of {sampled_on}: ungraded")
        return cls(event_id, fact.term, sampled_on, fact.grade_max)


@dataclass(frozen=True, slots=True)
class Episode:
    """The latest episode of one rule and term. `evidence` is the event that opened it."""

    number: int
    alert: UUID
    evidence: UUID
    raised_at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class SubjectSafety:
    """One subject's stream, folded. `sampled_on` is by result."""

    adverse_events: Mapping[UUID, AdverseEventReported] = field(default_factory=dict)
    """As last reported."""
    sampled_on: Mapping[UUID, date] = field(default_factory=dict)
    graded: tuple[Graded, ...] = ()
    episodes: Mapping[tuple[str, int], Episode] = field(default_factory=dict)

    def graded_since(self, episode: Episode) -> tuple[Graded, ...]:
        """The grades of the episode's term from the one that opened it, in the order of the log."""
        start = next(i for i, graded in enumerate(self.graded) if graded.event_id == episode.evidence)
        term = self.graded[start].term
        return tuple(graded for graded in self.graded[start:] if graded.term == term)


INITIAL = SubjectSafety()


def evolve(state: SubjectSafety, envelope: Envelope[Fact]) -> SubjectSafety:
    """Fold one fact of the subject's stream."""
    match envelope.fact:
        case AdverseEventReported() as fact:
            return replace(state, adverse_events={**state.adverse_events, fact.adverse_event: fact})
        case LaboratoryResultRecorded() as fact:
            return replace(state, sampled_on={**state.sampled_on, fact.result: fact.sampled_on})
        case LaboratoryGraded() as fact if fact.grade_max is not None:
            graded = Graded.of(fact, envelope.event_id, state.sampled_on[fact.result])
            return replace(state, graded=(*state.graded, graded))
        case AlertRaised() as fact:
            before = state.episodes.get((fact.rule, fact.term))
            number = before.number + 1 if before is not None else 1
            episode = Episode(number, fact.alert, fact.evidence, fact.raised_at, open=True)
            return replace(state, episodes={**state.episodes, (fact.rule, fact.term): episode})
        case AlertEpisodeClosed() as fact:
            closed = replace(state.episodes[fact.rule, fact.term], open=False)
            return replace(state, episodes={**state.episodes, (fact.rule, fact.term): closed})
        case _:
            return state


def safety_stream(study: str, subject: str) -> str:
    """The stream of one subject."""
    return f"safety-{study}-{subject}"
