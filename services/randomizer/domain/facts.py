"""Facts that never leave the randomizer: what was configured, the sealed seed, how each draw came about."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.events.fact import Fact, SubjectFact
from contracts.events.randomization import Sha256
from contracts.vocabulary.sealed import SealedText
from services.randomizer.domain.configuration import Configuration

Counter = Annotated[int, Field(ge=0)]
Ordinal = Annotated[int, Field(ge=1)]


class AllocationConfigured(Fact, name="randomizer.allocation-configured", version=1):
    """The configuration in force, whole, so that the log can be replayed without today's protocol file."""

    configuration: Configuration
    protocol_version: str
    protocol_sha256: Sha256


class SeedSealed(Fact, name="randomizer.seed-sealed", version=1):
    """Seed and nonce, sealed before the first subject. Opened by the custodian alone."""

    sealed: SealedText


class BlockTrace(BaseModel):
    """The place that a subject took: block and place in it count from 1, draws are [first, next) of the stratum."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    block: Ordinal
    size: Ordinal
    place: Ordinal
    first_counter: Counter
    next_counter: Counter


class CoinTrace(BaseModel):
    """The slot that a coin chose: slots count from 1 in the order of the arms, `chances` are their shares."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slot: Ordinal
    chances: tuple[Counter, ...]
    first_counter: Counter
    next_counter: Counter


class ListTrace(BaseModel):
    """The row of the stratum that a subject took, counted from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: Ordinal
    first_counter: Counter
    next_counter: Counter


Trace = BlockTrace | CoinTrace | ListTrace
"""How a choice came about. No field of one is missing in it and allowed in another: the shape says which it is."""


class DrawRecorded(SubjectFact, name="randomizer.draw-recorded", version=1):
    """How a subject's arm came about. Who sees it can tell the rest of an open block: it is shown to nobody.

    The arm had `favourable` of `possible` chances, given all allocations before it.
    """

    randomization_number: Ordinal
    favourable: Ordinal
    possible: Ordinal
    trace: Trace


PRIVATE: tuple[type[Fact], ...] = (AllocationConfigured, SeedSealed, DrawRecorded)
