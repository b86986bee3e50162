"""Findings that came too late for an allocation: recorded again after enrolment's verdict had used their fields.

Enrolment and the randomizer write at the same time, and what enrolment says arrives later still. Three things may have
happened when a finding is heard of, and each is told by the order of enrolment's own log, never by the hour of arrival:

- no verdict was heard before it: the verdict to come knows it;
- the subject is randomized on a verdict before it: the finding is late;
- the subject is not randomized here, but a verdict was heard: the allocation may be under way. The finding is
  remembered until enrolment has heard of the randomization.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.enrolment import FindingsRecorded
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import SubjectRandomized
from services.randomizer.domain.facts import AuthorizationHeard, EvidenceBound, FindingsHeard, Observed


@dataclass(frozen=True, slots=True)
class Basis:
    """What a subject's stratum was derived from. `fields` None: the log does not say, so that any may matter."""

    on: date
    authorization: UUID
    fields: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Bases:
    """The basis of each randomized subject, folded from the allocation's stream."""

    bound: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Fields of an allocation whose subject follows: they are appended together."""
    of: Mapping[str, Basis] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of one subject from enrolment. A verdict's version is its place in the subject's own stream."""

    verdicts: Mapping[UUID, int] = field(default_factory=dict)
    findings: tuple[FindingsHeard, ...] = ()


NO_BASES: Final = Bases()
NOTHING: Final = Heard()


def heard_stream(study: str, subject: str) -> str:
    """One stream per subject."""
    return f"heard-{study}-{subject}"


def evolve(heard: Heard, envelope: Envelope[Fact]) -> Heard:
    """What was heard after one more fact."""
    match envelope.fact:
        case AuthorizationHeard() as fact:
            return replace(heard, verdicts={**heard.verdicts, fact.authorization: fact.version})
        case FindingsHeard() as fact:
            return replace(heard, findings=(*heard.findings, fact))
        case _:
            return heard


def evolve_bases(bases: Bases, envelope: Envelope[Fact]) -> Bases:
    """The bases after one more fact of the allocation."""
    match envelope.fact:
        case EvidenceBound() as fact:
            fields = frozenset(given.field for level in fact.strata for given in level.inputs)
            return replace(bases, bound={**bases.bound, fact.subject: fields})
        case SubjectRandomized() as fact:
            basis = Basis(fact.randomization_date, fact.authorization, bases.bound.get(fact.subject))
            return replace(bases, of={**bases.of, fact.subject: basis})
        case _:
            return bases


def as_heard(envelope: Envelope[FindingsRecorded]) -> FindingsHeard:
    """Which fields of which days were recorded, and where in the subject's stream. Values are not kept."""
    fact = envelope.fact
    return FindingsHeard(
        study=fact.study,
        subject=fact.subject,
        event=envelope.event_id,
        version=envelope.version,
        observed=tuple(Observed(field=one.field, on=one.observed_on) for one in fact.findings),
    )


def is_late(heard: Heard, basis: Basis, findings: FindingsHeard) -> bool:
    """Whether the verdict behind an allocation could not know these findings, and would have looked at them.

    Asks for a look rather too often: the rule may well derive the same level again. Whether it does, enrolment says.
    """
    verdict = heard.verdicts.get(basis.authorization)
    if verdict is None or findings.version < verdict:
        return False
    return any(one.on <= basis.on and (basis.fields is None or one.field in basis.fields) for one in findings.observed)
