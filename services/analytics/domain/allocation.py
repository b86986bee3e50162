"""Arm, stratum and treatment of a randomized subject: the closed record, apart from everything others may read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import ArmAllocated, SubjectRandomized
from contracts.events.treatment import TreatmentCycleAdministered, TreatmentRecordAnnulled
from contracts.vocabulary.identifiers import site_of


@dataclass(frozen=True, slots=True)
class Allocated:
    """What was allocated to one subject, as far as the facts have arrived. The stratum is as randomized (ruling 7).

    Kept in a projection of its own: a query of the open part cannot return by mistake what it never reads.
    """

    study: str
    subject: str
    positions: Mapping[str, int] = field(default_factory=dict)
    arm: str | None = None
    stratum: Mapping[str, str] = field(default_factory=dict)
    cycles: Mapping[UUID, int] = field(default_factory=dict)
    """Cycles given after randomization, by the fact that says so: one entered in error is taken back."""

    @property
    def site(self) -> str:
        """The site of the subject."""
        return site_of(self.subject)


def fold(allocated: Allocated, envelope: Envelope[Fact]) -> Allocated:
    """The closed record after one more fact about its subject."""
    match envelope.fact:
        case ArmAllocated() as fact:
            changed = replace(allocated, arm=fact.arm)
        case SubjectRandomized() as fact:
            changed = replace(allocated, stratum={each.factor: each.level for each in fact.stratum})
        case TreatmentCycleAdministered() as fact:
            changed = replace(allocated, cycles={**allocated.cycles, envelope.event_id: fact.cycle})
        case TreatmentRecordAnnulled(annulled=gone):
            changed = replace(allocated, cycles={at: n for at, n in allocated.cycles.items() if at != gone})
        case _:
            return allocated
    return replace(changed, positions={**allocated.positions, str(envelope.fact.topic): envelope.position})
