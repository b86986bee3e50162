"""Facts of the randomizer that other services may rely on. The arm is in one fact alone, on a topic of its own."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.events.fact import Fact, SubjectFact
from contracts.vocabulary.identifiers import SubjectId

TOPIC = "reluth.randomization"
ALLOCATION_TOPIC = "reluth.allocation"
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Ordinal = Annotated[int, Field(ge=1)]


class Annotation(StrEnum):
    """What turned out to be wrong with a randomization (Yelland 2015). The allocation stands all the same."""

    INELIGIBLE = "INELIGIBLE"
    WRONG_STRATUM = "WRONG_STRATUM"
    RANDOMIZED_TWICE = "RANDOMIZED_TWICE"
    WRONG_PERSON = "WRONG_PERSON"


class DiscrepancyKind(StrEnum):
    """What somebody has to look at."""

    INELIGIBLE = "INELIGIBLE"
    WRONG_STRATUM = "WRONG_STRATUM"
    RANDOMIZED_TWICE = "RANDOMIZED_TWICE"
    WRONG_PERSON = "WRONG_PERSON"
    STRATUM_TO_VERIFY = "STRATUM_TO_VERIFY"
    """A finding that a level was derived from was recorded again after the randomization."""


class StratumLevel(BaseModel):
    """One factor and its level."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    factor: Code
    level: Code


class AllocationActivated(Fact, name="randomization.allocation-activated", version=1, topic=TOPIC):
    """A version of the allocation is in force. `commitment` binds its sealed seed before it allocates anybody.

    Block sizes are not told. The first version opens the allocation; a later one is an amendment: it draws from its own
    seed, and `cap` is what it was.
    """

    activated_on: date
    strategy: Code
    configuration_sha256: Sha256
    commitment: Sha256
    cap: Annotated[int, Field(ge=1)]
    version: Ordinal = 1


class CommitmentStamped(Fact, name="randomization.commitment-stamped", version=1, topic=TOPIC):
    """A time stamping authority saw the commitment at that time (RFC 3161). Recorded together with the activation.

    `token` is the TimeStampToken, DER in base64, over the 32 bytes of the commitment. An authority that is not
    `outside` belongs to this installation: its stamp shows nothing to anybody who does not trust us.
    """

    commitment: Sha256
    authority: Annotated[str, Field(min_length=1, max_length=200)]
    outside: bool
    stamped_at: AwareDatetime
    token: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=64_000)]


class RecruitmentPaused(Fact, name="randomization.recruitment-paused", version=1, topic=TOPIC):
    """Nobody is randomized from now on, until it is resumed; the reason stands in the event's metadata."""

    paused_on: date


class RecruitmentResumed(Fact, name="randomization.recruitment-resumed", version=1, topic=TOPIC):
    """Subjects are randomized again."""

    resumed_on: date


class AllocationClosed(Fact, name="randomization.allocation-closed", version=1, topic=TOPIC):
    """The last subject has been randomized. Nothing opens the allocation again."""

    closed_on: date


class AllocationLocked(Fact, name="randomization.allocation-locked", version=1, topic=TOPIC):
    """Two persons locked the closed allocation. From here on the seeds are no secret (trial-systems F1)."""

    locked_on: date
    randomized: Annotated[int, Field(ge=0)]


class SubjectRandomized(SubjectFact, name="randomization.subject-randomized", version=1, topic=TOPIC):
    """A subject was allocated. Final: corrections annotate it, nothing reverts it (digest 5.2).

    The arm is absent on purpose: it travels on `reluth.allocation` alone, whose readers are named by ACL.
    """

    randomization_number: Annotated[int, Field(ge=1)]
    stratum: tuple[StratumLevel, ...]
    randomization_date: date
    authorization: UUID
    configuration_sha256: Sha256


class Remedy(BaseModel):
    """One thing that stands in the way, and what would take it away."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    reason: Code
    remedy: Annotated[str, Field(min_length=1, max_length=500)]


class RandomizationRefused(SubjectFact, name="randomization.randomization-refused", version=1, topic=TOPIC):
    """A request to randomize was refused, for this reason. No slot was used.

    `remedies` names all that stood in the way, the reason that decided first.
    """

    code: Code
    refused_on: date
    remedies: tuple[Remedy, ...] = ()


class RandomizationAnnotated(SubjectFact, name="randomization.randomization-annotated", version=1, topic=TOPIC):
    """An error after the fact. The subject stays randomized, in its arm and in the intention-to-treat set.

    `other_subject` is the same person's other number (RANDOMIZED_TWICE) or the person who was meant (WRONG_PERSON).
    """

    annotation: Annotation
    discovered_on: date
    other_subject: SubjectId | None = None


class StrataVerified(SubjectFact, name="randomization.strata-verified", version=1, topic=TOPIC):
    """The strata as enrolment derives them now for the day of randomization, beside those as randomized.

    For sensitivity analyses alone: the primary one and minimization use the strata as randomized (Yelland 2023).
    `sources` are enrolment's facts behind the levels, `differs` the factors whose level is another one.
    """

    stratum: tuple[StratumLevel, ...]
    differs: tuple[Code, ...]
    verified_on: date
    criteria_version: Code
    sources: tuple[UUID, ...]


class DiscrepancyOpened(SubjectFact, name="randomization.discrepancy-opened", version=1, topic=TOPIC):
    """Somebody has to look at a randomization. `because` is the fact that raised the question."""

    discrepancy: UUID
    kind: DiscrepancyKind
    opened_on: date
    because: UUID | None = None


class DiscrepancyResolved(SubjectFact, name="randomization.discrepancy-resolved", version=1, topic=TOPIC):
    """Somebody has looked, and said what came of it; the reason stands in the event's metadata."""

    discrepancy: UUID
    resolved_on: date


class CapChanged(Fact, name="randomization.cap-changed", version=1, topic=TOPIC):
    """The sponsor moved the number of subjects that may be randomized; the reason stands in the event's metadata."""

    cap: Annotated[int, Field(ge=1)]


class ArmAllocated(SubjectFact, name="randomization.arm-allocated", version=1, topic=ALLOCATION_TOPIC):
    """The arm of a randomized subject. For the readers that the topic's ACL names, and nobody else."""

    randomization_number: Annotated[int, Field(ge=1)]
    arm: Code


FACTS = (
    AllocationActivated,
    CommitmentStamped,
    SubjectRandomized,
    RandomizationRefused,
    RandomizationAnnotated,
    StrataVerified,
    DiscrepancyOpened,
    DiscrepancyResolved,
    CapChanged,
    RecruitmentPaused,
    RecruitmentResumed,
    AllocationClosed,
    AllocationLocked,
    ArmAllocated,
)
