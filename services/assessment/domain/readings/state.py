"""The readings of one subject."""

from dataclasses import dataclass, replace
from datetime import date

from contracts.events.assessment import TumourAssessed
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
class SubjectAssessments:
    """One subject's stream, folded: readings in the order in which they were recorded."""

    readings: tuple[Reading, ...] = ()

    def of(self, timepoint: str, reader: Reader) -> Reading | None:
        """What this reader said of the timepoint."""
        return next((r for r in self.readings if (r.fact.timepoint, r.fact.reader) == (timepoint, reader)), None)


INITIAL = SubjectAssessments()


def evolve(state: SubjectAssessments, envelope: Envelope[Fact]) -> SubjectAssessments:
    """Fold one fact of the subject's stream."""
    match envelope.fact:
        case TumourAssessed() as fact:
            return replace(state, readings=(*state.readings, Reading(envelope, fact)))
        case _:
            return state


def assessment_stream(study: str, subject: str) -> str:
    """The stream of one subject."""
    return f"assessment-{study}-{subject}"
