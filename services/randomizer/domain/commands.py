"""What the randomizer is asked to do."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from contracts.events.enrolment import FactorLevel
from contracts.vocabulary.sealed import SealedText
from services.randomizer.domain.configuration import Configuration


@dataclass(frozen=True, slots=True)
class DraftAllocation:
    """Propose the configuration that the protocol file describes, to be signed."""

    configuration: Configuration
    protocol_version: str
    protocol_sha256: str


@dataclass(frozen=True, slots=True)
class SignDraft:
    """Sign a version: `configuration_sha256` says which text the signer had in front of them."""

    study: str
    version: int
    configuration_sha256: str
    by: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time stamping authority answered: see `CommitmentStamped`."""

    authority: str
    outside: bool
    stamped_at: datetime
    token: str


@dataclass(frozen=True, slots=True)
class ActivateAllocation:
    """Bring a signed version into force, on a seed committed to and stamped. `cap` counts for the first version.

    `protocol_sha256` is that of the protocol file in force here, which is where `cap` is from.
    """

    study: str
    version: int
    cap: int
    protocol_sha256: str
    sealed: SealedText
    commitment: str
    stamp: Stamp
    today: date


@dataclass(frozen=True, slots=True)
class Revealed:
    """A seed in clear, and the list if there was one. Made when the second person signs the lock, never before."""

    version: int
    commitment: str
    seed: str = field(repr=False)
    nonce: str = field(repr=False)
    list_nonce: str | None = field(default=None, repr=False)
    rows: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Authorization:
    """Enrolment's verdict that this subject may be randomized now: the only source of the strata (ruling 8).

    With the facts that it rests on, as enrolment named them.
    """

    event_id: UUID
    study: str
    subject: str
    authorized_on: date
    criteria_version: str
    protocol_sha256: str
    strata: tuple[FactorLevel, ...]
    consent: UUID
    inclusion_assessment: UUID
    tumour_assessment: UUID | None
    site_activation: UUID
    delegation: UUID
    requested_by: str


@dataclass(frozen=True, slots=True)
class Randomize:
    """Allocate a subject. `criteria_version` and `protocol_sha256` are those of a protocol file that was read here.

    `by` is who asks.
    """

    study: str
    subject: str
    authorization: Authorization
    criteria_version: str
    protocol_sha256: str
    by: str
    today: date


@dataclass(frozen=True, slots=True)
class ChangeCap:
    """Set how many subjects may be randomized."""

    study: str
    cap: int
