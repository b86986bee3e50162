"""Facts that never leave the randomizer: what was configured, the sealed seed, how each draw came about."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.events.enrolment import FactorLevel
from contracts.events.fact import Fact, SubjectFact
from contracts.events.randomization import Code, Ordinal, Sha256
from contracts.vocabulary.sealed import SealedText
from services.randomizer.domain.configuration import Configuration

Counter = Annotated[int, Field(ge=0)]


class ListSealed(Fact, name="randomizer.list-sealed", version=1):
    """A list made elsewhere, checked and sealed. `list_sha256` is SHA-256(nonce, list): the nonce is sealed with it.

    Without the nonce, who knows all rows but the last few could find those by trying.
    """

    list_sha256: Sha256
    rows: Ordinal
    sealed: SealedText


class AllocationDrafted(Fact, name="randomizer.allocation-drafted", version=1):
    """A version of the configuration to be signed; versions count from 1. Who drafted it stands beside the fact."""

    version: Ordinal
    configuration: Configuration
    protocol_version: str
    protocol_sha256: Sha256


class AllocationSigned(Fact, name="randomizer.allocation-signed", version=1):
    """Somebody signed a draft, for the reason beside the fact. The signer is the one who recorded it."""

    version: Ordinal
    configuration_sha256: Sha256


class AllocationConfigured(Fact, name="randomizer.allocation-configured", version=1):
    """The configuration in force, whole, so that the log can be replayed without today's protocol file."""

    configuration: Configuration
    protocol_version: str
    protocol_sha256: Sha256


class SeedSealed(Fact, name="randomizer.seed-sealed", version=1):
    """Seed and nonce, sealed before the first subject. Opened by the custodian alone."""

    sealed: SealedText


class LockSigned(Fact, name="randomizer.lock-signed", version=1):
    """Somebody signed that the allocation may be locked. The second person's signature locks it."""


class SeedRevealed(Fact, name="randomizer.seed-revealed", version=1):
    """What a commitment bound, in clear, once the allocation is locked: 32 bytes each, in hex.

    `rows` are those of an imported list and `list_nonce` its nonce: SHA-256(list_nonce, rows) is the `list_sha256` of
    the configuration. Without a repr: an error while the lock is being recorded must not print what is not told yet.
    """

    version: Ordinal
    commitment: Sha256
    seed: Annotated[Sha256, Field(repr=False)]
    nonce: Annotated[Sha256, Field(repr=False)]
    list_nonce: Annotated[Sha256 | None, Field(repr=False)] = None
    rows: Annotated[str | None, Field(repr=False)] = None


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


class EvidenceBound(SubjectFact, name="randomizer.evidence-bound", version=1):
    """What an allocation rested on: enrolment's facts, the raw values of the strata, and everything allocated before.

    `strata` holds the values with their days and facts, `criteria_version` and `protocol_sha256` the rule that made
    levels of them. `previous` is the log's hash at the fact before in this stream: who changes what went before breaks
    it. Site roles in enrolment's log: `site_activation` opened the site, `delegation` let `requested_by` randomize.
    `tumour_assessment` is null where the protocol assesses no tumour before randomization.
    """

    randomization_number: Ordinal
    requested_by: Annotated[str, Field(min_length=1, max_length=200)]
    consent: UUID
    inclusion_assessment: UUID
    authorization: UUID
    tumour_assessment: UUID | None
    site_activation: UUID
    delegation: UUID
    strata: tuple[FactorLevel, ...]
    criteria_version: Code
    protocol_sha256: Sha256
    previous: Sha256


class Observed(BaseModel):
    """A field, and the day that a value of it was observed on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: Code
    on: date


class AuthorizationHeard(SubjectFact, name="randomizer.authorization-heard", version=1):
    """Where a verdict of enrolment stands in the subject's own stream there: what follows it came too late for it."""

    authorization: UUID
    version: Ordinal


class FindingsHeard(SubjectFact, name="randomizer.findings-heard", version=1):
    """Findings recorded after a verdict and heard of before its allocation, if there will be one. Without values."""

    event: UUID
    version: Ordinal
    observed: tuple[Observed, ...]


PRIVATE: tuple[type[Fact], ...] = (
    ListSealed,
    AllocationDrafted,
    AllocationSigned,
    AllocationConfigured,
    SeedSealed,
    EvidenceBound,
    DrawRecorded,
    LockSigned,
    SeedRevealed,
    AuthorizationHeard,
    FindingsHeard,
)
