"""What the randomizer shows, folded from its own log. No count by arm or stratum, no block: they foretell."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.randomization import ArmAllocated, StratumLevel, SubjectRandomized
from contracts.protocol.study import Kind, kind_of
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.refusal import Json, Refused
from services.randomizer import shown
from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.discrepancies import Queue
from services.randomizer.domain.listing.rows import Rows
from services.randomizer.domain.refusals import NOT_RANDOMIZED
from services.randomizer.domain.state import Allocation, Randomized, Status
from services.randomizer.shown import AnnotationView, VerificationView


class _View(BaseModel):
    def as_json(self) -> dict[str, Json]:
        """As it is answered and stored with the command."""
        body: dict[str, Json] = self.model_dump(mode="json")
        return body


class StampView(_View):
    """When an authority saw the commitment."""

    authority: str
    outside: bool = Field(description="whether it is somebody else's; our own shows nothing to who does not trust us")
    stamped_at: datetime
    token: str = Field(description="RFC 3161 TimeStampToken, DER in base64")


class AllocationView(_View):
    """The public side of an allocation."""

    study: StudyId
    kind: Kind = Field(description="a test study has no subjects: its id, and no other's, ends in TEST")
    status: Status
    version: int | None = Field(default=None, description="of the configuration in force, counted from 1")
    activated_on: date | None = None
    strategy: str | None = Field(default=None, examples=["stratified_permuted_blocks"])
    configuration_sha256: str | None = Field(default=None, description="hash of arms, ratio, factors and block sizes")
    commitment: str | None = Field(
        default=None, description="SHA-256(nonce, seed, configuration hash): binds the seed before the first subject"
    )
    stamp: StampView | None = None
    cap: int | None = Field(default=None, description="how many subjects may be randomized", examples=[146])
    randomized: int = Field(description="how many are", examples=[12])
    lock_signatures: int = Field(default=0, description="of two")


class DraftView(_View):
    """A version of the configuration as it is signed. For those who sign: block sizes stand in it."""

    study: StudyId
    version: int
    configuration: Configuration
    configuration_sha256: str
    protocol_version: str
    protocol_sha256: str
    drafted_by: str
    signed_by: Sequence[str] = Field(description="accounts of the persons who signed; two are needed")


class ListedRows(_View):
    """How many rows a list has for one stratum."""

    stratum: str = Field(examples=["F1=LT18,F2=RADIOLOGIC,F3=LT60,F4=YES"])
    rows: int


class ListView(_View):
    """An imported list: how long it is, and not what stands in it."""

    study: StudyId
    kind: Kind
    list_sha256: str = Field(description="SHA-256(nonce, rows): names it in a draft; the nonce stays sealed with it")
    rows: int
    strata: Sequence[ListedRows]


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
    annotations: Sequence[AnnotationView] = Field(default=(), description="errors found later; nothing above changes")
    as_verified: VerificationView | None = Field(default=None, description="the strata as last verified")

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
    current = state.activation
    if current is None:
        return AllocationView(study=study, kind=kind_of(study), status=state.status, randomized=0)
    fact, stamp = current.fact, current.stamp
    return AllocationView(
        study=study,
        kind=kind_of(study),
        status=state.status,
        version=current.version,
        activated_on=fact.activated_on,
        strategy=fact.strategy,
        configuration_sha256=fact.configuration_sha256,
        commitment=fact.commitment,
        stamp=None
        if stamp is None
        else StampView(
            authority=stamp.authority, outside=stamp.outside, stamped_at=stamp.stamped_at, token=stamp.token
        ),
        cap=state.cap,
        randomized=len(state.randomized),
        lock_signatures=len(state.lock_signers),
    )


def listed(study: str, rows: Rows, list_sha256: str) -> ListView:
    """A list that was just sealed."""
    counted = [ListedRows(stratum=key, rows=len(rows.sequence(key))) for key in rows.strata]
    return ListView(
        study=study,
        kind=kind_of(study),
        list_sha256=list_sha256,
        rows=sum(one.rows for one in counted),
        strata=counted,
    )


def drafts(study: str, state: Allocation) -> list[DraftView]:
    """Every version, oldest first."""
    return [
        DraftView(
            study=study,
            version=one.version,
            configuration=one.configuration,
            configuration_sha256=one.configuration.sha256,
            protocol_version=one.protocol_version,
            protocol_sha256=one.protocol_sha256,
            drafted_by=one.drafted_by,
            signed_by=one.signers,
        )
        for _, one in sorted(state.drafts.items())
    ]


def randomization(study: str, state: Allocation, queue: Queue, subject: str) -> RandomizationView:
    """One subject as randomized, and what was said of it later. Raises `Refused` (404)."""
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
        annotations=shown.annotations(queue, subject),
        as_verified=shown.as_verified(queue, subject),
    )


def randomizations(state: Allocation, covers: Callable[[str], bool], *, after: int) -> list[RandomizedSubject]:
    """The subjects of these sites with a number past `after`, by number."""
    seen: Iterable[Randomized] = sorted(state.randomized.values(), key=lambda one: one.number)
    return [
        RandomizedSubject(randomization_number=one.number, subject=one.subject, randomization_date=one.on)
        for one in seen
        if one.number > after and covers(site_of(one.subject))
    ]
