"""The allocation of one study, folded from its stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import (
    AllocationActivated,
    ArmAllocated,
    CapChanged,
    StratumLevel,
    SubjectRandomized,
)
from contracts.vocabulary.sealed import SealedText
from services.randomizer.domain.configuration import Configuration, stratum_key
from services.randomizer.domain.facts import AllocationConfigured, DrawRecorded, SeedSealed
from services.randomizer.domain.strategies import strategy
from services.randomizer.domain.strategy import Tallies


class Status(StrEnum):
    """Whether subjects can be allocated."""

    NOT_ACTIVATED = "not-activated"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True, repr=False)
class Randomized:
    """One subject as randomized: nothing of this ever changes (digest 5.5, invariant 6)."""

    subject: str
    number: int
    on: date
    stratum: tuple[StratumLevel, ...]
    event_id: UUID
    authorization: UUID
    arm: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Allocation:
    """The state that decides. Without a repr: arms and blocks must not reach a log line through an error."""

    configuration: Configuration | None = None
    sealed: SealedText | None = None
    activated: AllocationActivated | None = None
    cap: int = 0
    randomized: Mapping[str, Randomized] = field(default_factory=dict)
    tallies: Tallies = field(default_factory=dict)
    draw: DrawRecorded | None = None
    """A draw whose arm follows: they are appended together."""

    @property
    def status(self) -> Status:
        """Active from its activation on."""
        return Status.NOT_ACTIVATED if self.activated is None else Status.ACTIVE


INITIAL: Final = Allocation()


def allocation_stream(study: str) -> str:
    """All allocations of a study stand in one stream: one strict order of subjects (trial-systems 5.1)."""
    return f"allocation-{study}"


def refusals_stream(study: str, subject: str) -> str:
    """Refusals stand apart, one stream per subject: they must never delay an allocation."""
    return f"refusals-{study}-{subject}"


def evolve(state: Allocation, envelope: Envelope[Fact]) -> Allocation:
    """The state after one more fact."""
    match envelope.fact:
        case AllocationConfigured() as fact:
            return replace(state, configuration=fact.configuration)
        case SeedSealed() as fact:
            return replace(state, sealed=fact.sealed)
        case AllocationActivated() as fact:
            return replace(state, activated=fact, cap=fact.cap)
        case CapChanged() as fact:
            return replace(state, cap=fact.cap)
        case SubjectRandomized() as fact:
            one = Randomized(
                subject=fact.subject,
                number=fact.randomization_number,
                on=fact.randomization_date,
                stratum=fact.stratum,
                event_id=envelope.event_id,
                authorization=fact.authorization,
            )
            return replace(state, randomized={**state.randomized, fact.subject: one})
        case ArmAllocated() as fact:
            one = replace(state.randomized[fact.subject], arm=fact.arm)
            tallies = _counted(state, one, fact.arm)
            return replace(state, randomized={**state.randomized, fact.subject: one}, tallies=tallies, draw=None)
        case DrawRecorded() as fact:
            return replace(state, draw=fact)
        case _:
            return state


def _counted(state: Allocation, one: Randomized, arm: str) -> Tallies:
    draw = state.draw
    if state.configuration is None or draw is None or draw.subject != one.subject:
        raise ValueError("an arm is allocated after its configuration and its draw")
    return strategy(state.configuration).after(state.tallies, stratum_key(one.stratum), arm, draw.trace)
