"""What the randomizer is asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.randomization import StratumLevel
from contracts.vocabulary.sealed import SealedText
from services.randomizer.domain.configuration import Configuration


@dataclass(frozen=True, slots=True)
class ActivateAllocation:
    """Open the allocation of a study on a configuration and a seed committed to."""

    study: str
    configuration: Configuration
    protocol_version: str
    protocol_sha256: str
    cap: int
    sealed: SealedText
    commitment: str
    today: date


@dataclass(frozen=True, slots=True)
class Authorization:
    """Enrolment's verdict that this subject may be randomized now: the only source of the strata (ruling 8)."""

    event_id: UUID
    study: str
    subject: str
    authorized_on: date
    criteria_version: str
    strata: Sequence[StratumLevel]


@dataclass(frozen=True, slots=True)
class Randomize:
    """Allocate a subject. `criteria_version` is that of the protocol file in force here."""

    study: str
    subject: str
    authorization: Authorization
    criteria_version: str
    today: date


@dataclass(frozen=True, slots=True)
class ChangeCap:
    """Set how many subjects may be randomized."""

    study: str
    cap: int
