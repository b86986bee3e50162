"""The biomarkers of one subject."""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from contracts.events.biomarkers import BiomarkerMeasured
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.protocol.biomarkers import BiomarkerRule


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement, with where it stands in the log."""

    event: Envelope[Fact]
    fact: BiomarkerMeasured


@dataclass(frozen=True, slots=True)
class Biomarkers:
    """One subject's stream, folded: what was recorded and not replaced."""

    measured: tuple[Measurement, ...] = ()

    def of(self, event_id: UUID) -> Measurement | None:
        """The measurement that a fact told of, if it stands."""
        return next((one for one in self.measured if one.event.event_id == event_id), None)


INITIAL = Biomarkers()


def evolve(state: Biomarkers, envelope: Envelope[Fact]) -> Biomarkers:
    """Fold one fact of the subject's stream."""
    match envelope.fact:
        case BiomarkerMeasured() as fact:
            kept = tuple(one for one in state.measured if one.event.event_id != fact.replaces)
            return replace(state, measured=(*kept, Measurement(envelope, fact)))
        case _:
            return state


def biomarker_stream(study: str, subject: str) -> str:
    """The stream of one subject."""
    return f"biomarkers-{study}-{subject}"


def canonical(value: Decimal, unit: str, rule: BiomarkerRule) -> Decimal | None:
    """A value in the marker's canonical unit, exact; None where the unit depends on the method."""
    factor = rule.units.get(unit)
    return value * factor if factor is not None else None
