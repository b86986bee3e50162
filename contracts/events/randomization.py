"""Facts of the randomizer that other services may rely on. The arm is in one fact alone, on a topic of its own."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.events.fact import Fact, SubjectFact

TOPIC = "reluth.randomization"
ALLOCATION_TOPIC = "reluth.allocation"
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class StratumLevel(BaseModel):
    """One factor and its level."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    factor: Code
    level: Code


class AllocationActivated(Fact, name="randomization.allocation-activated", version=1, topic=TOPIC):
    """The allocation is open. `commitment` binds the sealed seed before the first subject; block sizes are not told."""

    activated_on: date
    strategy: Code
    configuration_sha256: Sha256
    commitment: Sha256
    cap: Annotated[int, Field(ge=1)]


class SubjectRandomized(SubjectFact, name="randomization.subject-randomized", version=1, topic=TOPIC):
    """A subject was allocated. Final: corrections annotate it, nothing reverts it (digest 5.2).

    The arm is absent on purpose: it travels on `reluth.allocation` alone, whose readers are named by ACL.
    """

    randomization_number: Annotated[int, Field(ge=1)]
    stratum: tuple[StratumLevel, ...]
    randomization_date: date
    authorization: UUID
    configuration_sha256: Sha256


class RandomizationRefused(SubjectFact, name="randomization.randomization-refused", version=1, topic=TOPIC):
    """A request to randomize was refused, for this reason. No slot was used."""

    code: Code
    refused_on: date


class CapChanged(Fact, name="randomization.cap-changed", version=1, topic=TOPIC):
    """The sponsor moved the number of subjects that may be randomized; the reason stands in the event's metadata."""

    cap: Annotated[int, Field(ge=1)]


class ArmAllocated(SubjectFact, name="randomization.arm-allocated", version=1, topic=ALLOCATION_TOPIC):
    """The arm of a randomized subject. For the readers that the topic's ACL names, and nobody else."""

    randomization_number: Annotated[int, Field(ge=1)]
    arm: Code


FACTS = (AllocationActivated, SubjectRandomized, RandomizationRefused, CapChanged, ArmAllocated)
