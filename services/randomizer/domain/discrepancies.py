"""Errors after the fact: what is said of a randomization, and what somebody has to look at. No allocation changes.

Folded from a stream of its own that no allocation reads: nothing here delays one, steers the next one or frees a slot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.events.enrolment import FactorLevel
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import (
    Annotation,
    DiscrepancyKind,
    DiscrepancyOpened,
    DiscrepancyResolved,
    RandomizationAnnotated,
    StrataVerified,
    StratumLevel,
)
from services.chassis.refusal import Refused
from services.randomizer.domain import refusals
from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.state import Randomized

_IDS: Final = uuid5(NAMESPACE_URL, "urn:reluth:discrepancy")


@dataclass(frozen=True, slots=True)
class Annotate:
    """Say what turned out to be wrong with a randomization. `other_subject`: see `RandomizationAnnotated`."""

    study: str
    subject: str
    annotation: Annotation
    discovered_on: date
    other_subject: str | None
    today: date


@dataclass(frozen=True, slots=True)
class Derived:
    """The strata as enrolment derives them now for the clinical day `on`, from the facts that the inputs name."""

    study: str
    subject: str
    on: date
    criteria_version: str
    protocol_sha256: str
    strata: tuple[FactorLevel, ...]


@dataclass(frozen=True, slots=True)
class Resolve:
    """Say that somebody has looked."""

    study: str
    discrepancy: UUID
    today: date


@dataclass(frozen=True, slots=True)
class Annotated:
    """An annotation as recorded. The reason is somebody's own words: for readers of the subject's arm alone."""

    fact: RandomizationAnnotated
    event_id: UUID
    reason: str | None


@dataclass(frozen=True, slots=True)
class Verified:
    """A verification as recorded."""

    fact: StrataVerified
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Resolution:
    """What came of a discrepancy."""

    resolved_on: date
    reason: str | None


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something to look at. Numbers count from 1 in the order of opening."""

    number: int
    fact: DiscrepancyOpened
    resolution: Resolution | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything said of a study's randomizations after the fact; discrepancies in the order of opening."""

    annotations: Mapping[str, tuple[Annotated, ...]] = field(default_factory=dict)
    verified: Mapping[str, Verified] = field(default_factory=dict)
    """The last verification of each subject."""
    discrepancies: Mapping[UUID, Discrepancy] = field(default_factory=dict)


EMPTY: Final = Queue()


def discrepancies_stream(study: str) -> str:
    """Apart from the allocation's stream: what is written here has no part in its order of subjects."""
    return f"discrepancies-{study}"


def evolve(queue: Queue, envelope: Envelope[Fact]) -> Queue:
    """The queue after one more fact."""
    match envelope.fact:
        case RandomizationAnnotated() as fact:
            said = (*queue.annotations.get(fact.subject, ()), Annotated(fact, envelope.event_id, envelope.reason))
            return replace(queue, annotations={**queue.annotations, fact.subject: said})
        case StrataVerified() as fact:
            return replace(queue, verified={**queue.verified, fact.subject: Verified(fact, envelope.event_id)})
        case DiscrepancyOpened() as fact:
            opened = Discrepancy(len(queue.discrepancies) + 1, fact)
            return replace(queue, discrepancies={**queue.discrepancies, fact.discrepancy: opened})
        case DiscrepancyResolved() as fact:
            came_of_it = Resolution(fact.resolved_on, envelope.reason)
            resolved = replace(queue.discrepancies[fact.discrepancy], resolution=came_of_it)
            return replace(queue, discrepancies={**queue.discrepancies, fact.discrepancy: resolved})
        case _:
            return queue


def randomized_one(randomized: Mapping[str, Randomized], subject: str) -> Randomized:
    """The subject as randomized: nothing is said after the fact of somebody to whom it did not happen."""
    one = randomized.get(subject)
    if one is None:
        raise Refused(refusals.NOT_RANDOMIZED, subject=subject)
    return one


def annotate(queue: Queue, randomized: Mapping[str, Randomized], cmd: Annotate) -> tuple[RandomizationAnnotated, ...]:
    """The annotation; of somebody randomized twice one under each number."""
    one = randomized_one(randomized, cmd.subject)
    if cmd.discovered_on > cmd.today:
        raise Refused(refusals.IN_THE_FUTURE, discovered_on=cmd.discovered_on)
    if cmd.discovered_on < one.on:
        raise Refused(refusals.BEFORE_RANDOMIZATION, discovered_on=cmd.discovered_on, randomized_on=one.on)
    if (fault := _fault(cmd)) is not None:
        raise Refused(refusals.OTHER_SUBJECT_UNUSABLE, fault=fault, annotation=cmd.annotation)
    subjects = [(cmd.subject, cmd.other_subject)]
    if cmd.annotation is Annotation.RANDOMIZED_TWICE and cmd.other_subject is not None:
        other = randomized.get(cmd.other_subject)
        if other is None:
            raise Refused(refusals.OTHER_NOT_RANDOMIZED, other_subject=cmd.other_subject)
        if cmd.discovered_on < other.on:  # until then nobody was randomized twice
            raise Refused(refusals.BEFORE_RANDOMIZATION, discovered_on=cmd.discovered_on, randomized_on=other.on)
        subjects.append((cmd.other_subject, cmd.subject))
    for said in queue.annotations.get(cmd.subject, ()):
        if (said.fact.annotation, said.fact.other_subject) == (cmd.annotation, cmd.other_subject):
            raise Refused(refusals.ANNOTATED_ALREADY, annotation=cmd.annotation, discovered_on=said.fact.discovered_on)
    return tuple(
        RandomizationAnnotated(
            study=cmd.study,
            subject=subject,
            annotation=cmd.annotation,
            discovered_on=cmd.discovered_on,
            other_subject=other_subject,
        )
        for subject, other_subject in subjects
    )


def verify(one: Randomized, configuration: Configuration | None, derived: Derived, today: date) -> StrataVerified:
    """The strata as verified, beside those as randomized, which stay what they are (ruling 7)."""
    levels = [StratumLevel(factor=level.factor, level=level.level) for level in derived.strata]
    verified = configuration.stratum(levels) if configuration is not None else None
    if verified is None:
        raise Refused(refusals.STRATA_NOT_COMPARABLE, given=[level.factor for level in levels])
    as_randomized = {level.factor: level.level for level in one.stratum}
    sources = (given.event_id for level in derived.strata for given in level.inputs)
    return StrataVerified(
        study=derived.study,
        subject=derived.subject,
        stratum=verified,
        differs=tuple(level.factor for level in verified if as_randomized.get(level.factor) != level.level),
        verified_on=today,
        criteria_version=derived.criteria_version,
        sources=tuple(dict.fromkeys(source for source in sources if source is not None)),
    )


def is_news(queue: Queue, verified: StrataVerified) -> bool:
    """Whether there is a difference that the verification before did not find: it has a discrepancy already."""
    before = queue.verified.get(verified.subject)
    return bool(verified.differs) and (before is None or before.fact.stratum != verified.stratum)


def opened(study: str, subject: str, kind: DiscrepancyKind, because: UUID, today: date) -> DiscrepancyOpened:
    """A discrepancy. Its id follows from what raised it, so that one cause opens one however often it is heard of."""
    name = f"{study}/{subject}/{kind}/{because}"
    return DiscrepancyOpened(
        study=study, subject=subject, discrepancy=uuid5(_IDS, name), kind=kind, opened_on=today, because=because
    )


def new(queue: Queue, openings: Sequence[DiscrepancyOpened]) -> list[DiscrepancyOpened]:
    """Those that were not opened before."""
    return [opening for opening in openings if opening.discrepancy not in queue.discrepancies]


def resolve(queue: Queue, cmd: Resolve) -> DiscrepancyResolved:
    """Close a discrepancy. What was annotated stays annotated."""
    found = queue.discrepancies.get(cmd.discrepancy)
    if found is None:
        raise Refused(refusals.UNKNOWN_DISCREPANCY, discrepancy=cmd.discrepancy)
    if found.resolution is not None:
        raise Refused(refusals.RESOLVED_ALREADY, resolved_on=found.resolution.resolved_on)
    return DiscrepancyResolved(
        study=cmd.study, subject=found.fact.subject, discrepancy=cmd.discrepancy, resolved_on=cmd.today
    )


def _fault(cmd: Annotate) -> str | None:
    """What is wrong with the other subject that the annotation names, or does not name."""
    match cmd.annotation, cmd.other_subject:
        case Annotation.RANDOMIZED_TWICE, None:
            return "missing"
        case ((Annotation.INELIGIBLE | Annotation.WRONG_STRATUM), str()):
            return "not-expected"
        case _, other if other == cmd.subject:
            return "itself"
        case _:
            return None
