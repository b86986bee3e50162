"""The readings of one subject."""

from dataclasses import dataclass, replace
from datetime import date

from contracts.events.assessment import BaselineRead, ResponseQueried, ResponseQueryClosed, TumourAssessed
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.vocabulary.clinical import Reader


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading, with where it stands in the log: what others take as evidence."""

    event: Envelope[Fact]
    fact: TumourAssessed

    @property
    def scan_on(self) -> date:
        """The date that dates a progression (digest 5.5, 20)."""
        return self.fact.scan_on


@dataclass(frozen=True, slots=True)
class Chosen:
    """The lesions chosen on a baseline scan."""

    event: Envelope[Fact]
    fact: BaselineRead


@dataclass(frozen=True, slots=True)
class Query:
    """A difference between a stated response and the derived one. `closed`: what closed it, if anything did."""

    event: Envelope[Fact]
    fact: ResponseQueried
    closed: ResponseQueryClosed | None = None


@dataclass(frozen=True, slots=True)
class SubjectAssessments:
    """One subject's stream, folded. Of each timepoint, and of each baseline, what was recorded last for a reader."""

    readings: tuple[Reading, ...] = ()
    baselines: tuple[Chosen, ...] = ()
    queries: tuple[Query, ...] = ()

    def of(self, timepoint: str, reader: Reader) -> Reading | None:
        """What this reader said of the timepoint."""
        return next((r for r in self.readings if (r.fact.timepoint, r.fact.reader) == (timepoint, reader)), None)

    def baseline(self, code: str, reader: Reader) -> Chosen | None:
        """The lesions that this reader chose there."""
        return next((c for c in self.baselines if (c.fact.baseline, c.fact.reader) == (code, reader)), None)

    def open_query(self, timepoint: str, reader: Reader) -> Query | None:
        """The difference at a timepoint that nobody has closed."""
        return next((q for q in self.queries if _about(q, timepoint, reader) and q.closed is None), None)

    def last_query(self, timepoint: str, reader: Reader) -> Query | None:
        """The difference at a timepoint that was found last, closed or not."""
        return next((q for q in reversed(self.queries) if _about(q, timepoint, reader)), None)


INITIAL = SubjectAssessments()


def evolve(state: SubjectAssessments, envelope: Envelope[Fact]) -> SubjectAssessments:
    """Fold one fact of the subject's stream."""
    match envelope.fact:
        case TumourAssessed() as fact:
            former = state.of(fact.timepoint, fact.reader)
            others = tuple(one for one in state.readings if one is not former)
            return replace(state, readings=(*others, Reading(envelope, fact)))
        case BaselineRead() as fact:
            chosen = state.baseline(fact.baseline, fact.reader)
            kept = tuple(one for one in state.baselines if one is not chosen)
            return replace(state, baselines=(*kept, Chosen(envelope, fact)))
        case ResponseQueried() as fact:
            return replace(state, queries=(*state.queries, Query(envelope, fact)))
        case ResponseQueryClosed() as fact:
            asked = (replace(q, closed=fact) if q.event.event_id == fact.query else q for q in state.queries)
            return replace(state, queries=tuple(asked))
        case _:
            return state


def _about(query: Query, timepoint: str, reader: Reader) -> bool:
    return (query.fact.timepoint, query.fact.reader) == (timepoint, reader)


def assessment_stream(study: str, subject: str) -> str:
    """The stream of one subject."""
    return f"assessment-{study}-{subject}"
