"""What the randomizer shows, folded from its own log. No count by arm or stratum, no block: they foretell."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.randomization import AllocationActivated, ArmAllocated, StratumLevel, SubjectRandomized
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.refusal import Json, Refused
from services.randomizer.domain.refusals import NOT_RANDOMIZED
from services.randomizer.domain.state import Allocation, Randomized, Status


class _View(BaseModel):
    def as_json(self) -> dict[str, Json]:
        """As it is answered and stored with the command."""
        body: dict[str, Json] = self.model_dump(mode="json")
        return body


class AllocationView(_View):
    """The public side of an allocation."""

    study: StudyId
    status: Status
    activated_on: date | None = None
    strategy: str | None = Field(default=None, examples=["stratified_permuted_blocks"])
    configuration_sha256: str | None = Field(default=None, description="hash of arms, ratio, factors and block sizes")
    commitment: str | None = Field(
        default=None, description="SHA-256(nonce, seed, configuration hash): binds the seed before the first subject"
    )
    cap: int | None = Field(default=None, description="how many subjects may be randomized", examples=[146])
    randomized: int = Field(description="how many are", examples=[12])

    @classmethod
    def of(cls, study: str, activated: AllocationActivated | None, *, cap: int, randomized: int) -> Self:
        """The view of an allocation that was activated so, or not yet."""
        if activated is None:
            return cls(study=study, status=Status.NOT_ACTIVATED, randomized=0)
        return cls(
            study=study,
            status=Status.ACTIVE,
            activated_on=activated.activated_on,
            strategy=activated.strategy,
            configuration_sha256=activated.configuration_sha256,
            commitment=activated.commitment,
            cap=cap,
            randomized=randomized,
        )


class RandomizationView(_View):
    """One subject with its arm. For the subject's own site and the closed roles."""

    study: StudyId
    subject: SubjectId
    randomization_number: int = Field(examples=[12])
    randomization_date: date = Field(description="day 0 of every visit window and endpoint")
    stratum: Sequence[StratumLevel] = Field(description="as randomized: never changes")
    arm: str = Field(examples=["A"])
    event_id: UUID
    authorization: UUID = Field(description="enrolment's verdict with its evidence")

    @classmethod
    def recorded(cls, randomized: SubjectRandomized, arm: ArmAllocated, event_id: UUID) -> Self:
        """The view of facts just decided."""
        return cls(
            study=randomized.study,
            subject=randomized.subject,
            randomization_number=randomized.randomization_number,
            randomization_date=randomized.randomization_date,
            stratum=randomized.stratum,
            arm=arm.arm,
            event_id=event_id,
            authorization=randomized.authorization,
        )


class RandomizedSubject(_View):
    """One line of the list of randomized subjects: without the arm and without the stratum."""

    randomization_number: int
    subject: SubjectId
    randomization_date: date


def allocation(study: str, state: Allocation) -> AllocationView:
    """The public side of a folded allocation."""
    return AllocationView.of(study, state.activated, cap=state.cap, randomized=len(state.randomized))


def randomization(study: str, state: Allocation, subject: str) -> RandomizationView:
    """One subject as randomized. Raises `Refused` (404)."""
    one = state.randomized.get(subject)
    if one is None or one.arm is None:
        raise Refused(NOT_RANDOMIZED, subject=subject)
    return RandomizationView(
        study=study,
        subject=one.subject,
        randomization_number=one.number,
        randomization_date=one.on,
        stratum=one.stratum,
        arm=one.arm,
        event_id=one.event_id,
        authorization=one.authorization,
    )


def randomizations(state: Allocation, covers: Callable[[str], bool], *, after: int) -> list[RandomizedSubject]:
    """The subjects of these sites with a number past `after`, by number."""
    seen: Iterable[Randomized] = sorted(state.randomized.values(), key=lambda one: one.number)
    return [
        RandomizedSubject(randomization_number=one.number, subject=one.subject, randomization_date=one.on)
        for one in seen
        if one.number > after and covers(site_of(one.subject))
    ]
