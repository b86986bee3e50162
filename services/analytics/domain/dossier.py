"""What is known about one subject, without the arm: a fold over the facts of four topics."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal
from uuid import UUID

from contracts.events import assessment, enrolment, randomization, safety
from contracts.events.assessment import TumourAssessed
from contracts.events.course import (
    ConsentWithdrawn,
    EndOfStudyReached,
    LostToFollowUpDeclared,
    RecordAnnulled,
    SubjectErased,
    SubjectRecontacted,
)
from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    EligibilityAssessed,
    NewAnticancerTherapyStarted,
    RunInEnded,
    SubjectIncluded,
    SubjectScreened,
)
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import Annotation, RandomizationAnnotated, SubjectRandomized
from contracts.events.safety import AdverseEventReported
from contracts.vocabulary.clinical import Reader, RunInExit, Verdict
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.identifiers import site_of
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.response import Response

TOPICS: Final = (enrolment.TOPIC, randomization.TOPIC, assessment.TOPIC, safety.TOPIC)
"""The topics that a dossier is made of. `reluth.allocation` is not among them."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as read. `timepoint` is the visit it was made for; what it counts for is decided by its day."""

    timepoint: str
    scan_on: date
    reader: Reader
    response: Response


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """An adverse event as last reported."""

    grade: Grade
    serious: bool
    onset_on: date


@dataclass(frozen=True, slots=True)
class Noted:
    """What enrolment recorded that it may annul, under the id of its event; a cycle has a number, an exit a reason."""

    event_id: UUID
    kind: Literal["consent", "cycle", "exit", "therapy", "death", "withdrawal", "loss", "contact", "end"]
    on: date
    cycle: int | None = None
    reason: RunInExit | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """A subject was lost to follow-up, until it was found again if it was."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One subject of one study, as far as the facts have arrived.

    Topics arrive in any order relative to each other, so each field is written by the facts of one topic alone:
    which of two topics came first can then never show. `positions` holds, per topic, the last position of the
    owner's log that touched this dossier.
    """

    study: str
    subject: str
    positions: Mapping[str, int] = field(default_factory=dict)

    # reluth.enrolment
    screened_on: date | None = None
    consented_on: date | None = None
    gate_1: Verdict | None = None
    gate_1_rows: Mapping[str, Truth] = field(default_factory=dict)
    included_on: date | None = None
    cycles: Mapping[int, date] = field(default_factory=dict)
    run_in_exit: RunInExit | None = None
    run_in_ended_on: date | None = None
    new_therapy_on: date | None = None
    died_on: date | None = None
    withdrawn_on: date | None = None
    lost: tuple[Away, ...] = ()
    study_ended_on: date | None = None
    noted: tuple[Noted, ...] = ()
    """What the dates above that may be corrected are taken from: an annulled fact leaves nothing behind."""
    erased_on: date | None = None
    """The use of the data was withdrawn: the subject stays counted, and nothing else of it is kept."""

    # reluth.randomization
    randomized_on: date | None = None
    randomization_number: int | None = None
    annotations: tuple[Annotation, ...] = ()
    """Errors of the randomization by kind. The subject is in every analysis set that it was in (Yelland 2015)."""

    # reluth.assessment, in the order of the facts
    scans: tuple[Scan, ...] = ()

    # reluth.safety
    adverse_events: Mapping[UUID, AdverseEvent] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """The site that enrolled the subject; the number says so before any fact of enrolment is here."""
        return site_of(self.subject)


def fold(dossier: Dossier, envelope: Envelope[Fact]) -> Dossier:
    """The dossier after one more fact about its subject. Within a topic the facts come in the owner's order."""
    topic = envelope.fact.topic
    if topic not in TOPICS:
        return dossier
    stamped = replace(dossier, positions={**dossier.positions, topic: envelope.position})
    if dossier.erased_on is not None and not isinstance(envelope.fact, _COUNTED_FOR_EVER):
        return stamped
    match envelope.fact:
        case SubjectErased(erased_on=day):
            return _erased(stamped, day)
        case SubjectScreened() as fact:
            return replace(stamped, screened_on=fact.screened_on)
        case ConsentSigned() as fact:
            return _with(stamped, Noted(envelope.event_id, "consent", fact.signed_on))
        case EligibilityAssessed() as fact if dossier.included_on is None:  # gate 2 comes after inclusion
            return replace(stamped, gate_1=fact.verdict, gate_1_rows={r.criterion: r.outcome for r in fact.rows})
        case SubjectIncluded() as fact:
            return replace(stamped, included_on=fact.included_on)
        case CycleAdministered() as fact:
            return _with(stamped, Noted(envelope.event_id, "cycle", fact.given_on, cycle=fact.cycle))
        case RunInEnded() as fact:
            return _with(stamped, Noted(envelope.event_id, "exit", fact.ended_on, reason=fact.reason))
        case NewAnticancerTherapyStarted() as fact:
            return _with(stamped, Noted(envelope.event_id, "therapy", fact.started_on))
        case DeathRecorded() as fact:
            return _with(stamped, Noted(envelope.event_id, "death", fact.died_on))
        case ConsentWithdrawn() as fact:
            return _with(stamped, Noted(envelope.event_id, "withdrawal", fact.withdrawn_on))
        case LostToFollowUpDeclared() as fact:
            return _with(stamped, Noted(envelope.event_id, "loss", fact.declared_on))
        case SubjectRecontacted() as fact:
            return _with(stamped, Noted(envelope.event_id, "contact", fact.recontacted_on))
        case EndOfStudyReached() as fact:
            return _with(stamped, Noted(envelope.event_id, "end", fact.ended_on))
        case RecordAnnulled(annulled=gone):
            return _of(stamped, tuple(one for one in dossier.noted if one.event_id != gone))
        case SubjectRandomized() as fact:
            return replace(
                stamped, randomized_on=fact.randomization_date, randomization_number=fact.randomization_number
            )
        case RandomizationAnnotated() as fact:
            kinds = {*dossier.annotations, fact.annotation}
            return replace(stamped, annotations=tuple(sorted(kinds)))
        case TumourAssessed() as fact:
            read = Scan(fact.timepoint, fact.scan_on, fact.reader, fact.response)
            return replace(stamped, scans=_read(dossier.scans, read))
        case AdverseEventReported() as fact:
            event = AdverseEvent(fact.grade, bool(fact.seriousness), fact.onset_on)
            return replace(stamped, adverse_events={**dossier.adverse_events, fact.adverse_event: event})
        case _:
            return stamped


_COUNTED_FOR_EVER: Final = (SubjectRandomized, RandomizationAnnotated)


def _erased(dossier: Dossier, day: date) -> Dossier:
    """How far it came in the flow, and that its data are withdrawn. Scans and events count neither before nor after."""
    return Dossier(
        dossier.study,
        dossier.subject,
        dossier.positions,
        screened_on=dossier.screened_on,
        consented_on=dossier.consented_on,
        included_on=dossier.included_on,
        run_in_exit=dossier.run_in_exit,
        randomized_on=dossier.randomized_on,
        randomization_number=dossier.randomization_number,
        annotations=dossier.annotations,
        erased_on=day,
    )


def _with(dossier: Dossier, noted: Noted) -> Dossier:
    return _of(dossier, (*dossier.noted, noted))


def _of(dossier: Dossier, noted: tuple[Noted, ...]) -> Dossier:
    """The dossier with the dates that follow from what stands."""
    ends = [one for one in noted if one.kind == "exit"]
    deaths = [one.on for one in noted if one.kind == "death"]
    return replace(
        dossier,
        noted=noted,
        consented_on=_first(noted, "consent"),
        cycles={one.cycle: one.on for one in noted if one.cycle is not None},
        run_in_exit=ends[-1].reason if ends else None,
        run_in_ended_on=ends[-1].on if ends else None,
        new_therapy_on=_first(noted, "therapy"),
        died_on=deaths[-1] if deaths else None,
        withdrawn_on=_first(noted, "withdrawal"),
        lost=_lost(noted),
        study_ended_on=_first(noted, "end"),
    )


def _first(noted: tuple[Noted, ...], kind: str) -> date | None:
    return min((one.on for one in noted if one.kind == kind), default=None)


def _lost(noted: tuple[Noted, ...]) -> tuple[Away, ...]:
    """Each loss with the first contact that was recorded after it."""
    found: list[Away] = []
    for one in noted:
        if one.kind == "loss":
            found.append(Away(one.on))
        elif one.kind == "contact" and found and found[-1].until is None:
            found[-1] = Away(found[-1].since, one.on)
    return tuple(found)


def _read(scans: tuple[Scan, ...], scan: Scan) -> tuple[Scan, ...]:
    """Of two readings of one timepoint by one reader the later one counts: the first was wrong."""
    others = (one for one in scans if (one.timepoint, one.reader) != (scan.timepoint, scan.reader))
    return (*others, scan)
