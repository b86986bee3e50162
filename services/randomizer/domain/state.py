"""The allocation of one study, folded from its stream."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.randomization import (
    AllocationActivated,
    AllocationClosed,
    AllocationLocked,
    ArmAllocated,
    CapChanged,
    CommitmentStamped,
    RecruitmentPaused,
    RecruitmentResumed,
    StratumLevel,
    SubjectRandomized,
)
from contracts.vocabulary.sealed import SealedText
from services.randomizer.domain.configuration import Configuration, stratum_key
from services.randomizer.domain.facts import (
    AllocationConfigured,
    AllocationDrafted,
    AllocationSigned,
    DrawRecorded,
    ListSealed,
    LockSigned,
    SeedSealed,
)
from services.randomizer.domain.strategies import carried, strategy
from services.randomizer.domain.strategy import Tallies


class Status(StrEnum):
    """Whether subjects can be allocated."""

    NOT_ACTIVATED = "not-activated"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"
    LOCKED = "locked"


OVER: Final = frozenset({Status.CLOSED, Status.LOCKED})
"""Nothing opens the allocation again."""

GENESIS: Final = "0" * 64
"""What stands for the fact before the first one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of the configuration, and who has signed it."""

    version: int
    configuration: Configuration
    protocol_version: str
    protocol_sha256: str
    drafted_by: str
    signers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Activation:
    """A version as it came into force: what it needs to be opened again, and to be revealed once all is over."""

    version: int
    fact: AllocationActivated
    sealed: SealedText
    sealed_list: SealedText | None = None
    stamp: CommitmentStamped | None = None


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

    status: Status = Status.NOT_ACTIVATED
    drafts: Mapping[int, Draft] = field(default_factory=dict)
    lists: Mapping[str, SealedText] = field(default_factory=dict)
    """Imported lists by their hash."""
    configuration: Configuration | None = None
    """The one in force."""
    sealed: SealedText | None = None
    """The seed whose activation follows: they are appended together."""
    activations: tuple[Activation, ...] = ()
    cap: int = 0
    randomized: Mapping[str, Randomized] = field(default_factory=dict)
    tallies: Tallies = field(default_factory=dict)
    draw: DrawRecorded | None = None
    """A draw whose arm follows: they are appended together."""
    lock_signers: tuple[str, ...] = ()
    head: str = GENESIS
    """The log's hash at the last fact of this stream: what the next allocation binds."""

    @property
    def activation(self) -> Activation | None:
        """The version in force."""
        return self.activations[-1] if self.activations else None


INITIAL: Final = Allocation()


def allocation_stream(study: str) -> str:
    """All allocations of a study stand in one stream: one strict order of subjects (trial-systems 5.1)."""
    return f"allocation-{study}"


def refusals_stream(study: str, subject: str) -> str:
    """Refusals stand apart, one stream per subject: they must never delay an allocation."""
    return f"refusals-{study}-{subject}"


def evolve(state: Allocation, envelope: Envelope[Fact]) -> Allocation:
    """The state after one more fact."""
    return replace(_evolved(state, envelope), head=envelope.chain)


def foreseen(state: Allocation, facts: Iterable[Fact], by: str) -> Allocation:
    """The state once these facts are recorded by this person. To answer with, never to decide on: `head` stays."""
    for fact in facts:
        state = _evolved(
            state,
            Envelope(
                fact=fact,
                event_id=UUID(int=0),
                source="",
                stream="",
                version=0,
                position=0,
                recorded_at=datetime.min.replace(tzinfo=UTC),
                chain=state.head,
                provenance=Provenance(actor=by),
            ),
        )
    return state


def _evolved(state: Allocation, envelope: Envelope[Fact]) -> Allocation:
    match envelope.fact:
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
        case CapChanged() as fact:
            return replace(state, cap=fact.cap)
        case RecruitmentPaused():
            return replace(state, status=Status.PAUSED)
        case RecruitmentResumed():
            return replace(state, status=Status.ACTIVE)
        case AllocationClosed():
            return replace(state, status=Status.CLOSED)
        case AllocationLocked():
            return replace(state, status=Status.LOCKED)
        case LockSigned():
            return replace(state, lock_signers=(*state.lock_signers, envelope.provenance.actor))
        case _:
            return _versioned(state, envelope)


def _versioned(state: Allocation, envelope: Envelope[Fact]) -> Allocation:
    """Facts of how a version of the configuration comes into force."""
    match envelope.fact:
        case ListSealed() as fact:
            return replace(state, lists={**state.lists, fact.list_sha256: fact.sealed})
        case AllocationDrafted() as fact:
            draft = Draft(
                fact.version,
                fact.configuration,
                fact.protocol_version,
                fact.protocol_sha256,
                drafted_by=envelope.provenance.actor,
            )
            return replace(state, drafts={**state.drafts, fact.version: draft})
        case AllocationSigned() as fact:
            draft = state.drafts[fact.version]
            signed = replace(draft, signers=(*draft.signers, envelope.provenance.actor))
            return replace(state, drafts={**state.drafts, fact.version: signed})
        case AllocationConfigured() as fact:
            tallies = carried(state.configuration, fact.configuration, state.tallies)
            return replace(state, configuration=fact.configuration, tallies=tallies)
        case SeedSealed() as fact:
            return replace(state, sealed=fact.sealed)
        case AllocationActivated() as fact:
            return replace(
                state,
                status=Status.PAUSED if state.status is Status.PAUSED else Status.ACTIVE,
                activations=(*state.activations, _activated(state, fact)),
                sealed=None,
                cap=fact.cap,
            )
        case CommitmentStamped() as fact:
            *before, last = state.activations
            return replace(state, activations=(*before, replace(last, stamp=fact)))
        case _:
            return state


def _activated(state: Allocation, fact: AllocationActivated) -> Activation:
    if state.sealed is None or state.configuration is None:
        raise ValueError("an allocation is activated after its configuration and its seed")
    listed = state.configuration.list_sha256
    return Activation(fact.version, fact, state.sealed, state.lists[listed] if listed is not None else None)


def _counted(state: Allocation, one: Randomized, arm: str) -> Tallies:
    draw = state.draw
    if state.configuration is None or draw is None or draw.subject != one.subject:
        raise ValueError("an arm is allocated after its configuration and its draw")
    return strategy(state.configuration).after(state.tallies, stratum_key(one.stratum), arm, draw.trace)
