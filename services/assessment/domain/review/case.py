"""One case of the central review: the scans of a subject, and who read them how."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.lesions import NonTargetLesion, Seen, TargetLesion
from contracts.events.review import (
    Basis,
    CentralBaselineLocked,
    CentralReadLocked,
    CentralResponseSettled,
    Discordance,
    DiscordanceAdjudicated,
    ReReadRequested,
    ReviewClaimed,
    ReviewScanSubmitted,
)
from contracts.vocabulary.clinical import Modality
from contracts.vocabulary.response import Response

READERS: Final = (1, 2)
ADJUDICATOR: Final = 3


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan of the case, in the order of the protocol's timepoints."""

    timepoint: str
    scan_on: date
    modality: Modality
    study_uid: str
    submitted_on: date


@dataclass(frozen=True, slots=True)
class Lesions:
    """What a reader chose on the baseline scan. `reopened`: it is to be chosen again."""

    place: int
    targets: tuple[TargetLesion, ...]
    non_targets: tuple[NonTargetLesion, ...]
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader said of a scan. `reopened`: it is to be read again, and does not count until then."""

    place: int
    sequence: int
    seen: Seen
    response: Response
    derived: Response
    locked_on: date
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """Which of two reads counts, and why they differed."""

    sequence: int
    chosen: int
    because: Discordance


@dataclass(frozen=True, slots=True)
class Settled:
    """The central response of a scan."""

    sequence: int
    response: Response
    basis: Basis
    settled_on: date


@dataclass(frozen=True, slots=True)
class Case:
    """The review of one subject. Places are those of `contracts.events.review.Place`."""

    case: UUID | None = None
    scans: tuple[Scan, ...] = ()
    accounts: tuple[tuple[int, str], ...] = ()
    lesions: tuple[Lesions, ...] = ()
    reads: tuple[Read, ...] = ()
    adjudicated: tuple[Adjudicated, ...] = ()
    settled: tuple[Settled, ...] = ()

    def place_of(self, account: str) -> int | None:
        """The place that an account holds."""
        return next((place for place, holder in self.accounts if holder == account), None)

    def free(self, *places: int) -> int | None:
        """The first of these places that nobody holds."""
        taken = {place for place, _ in self.accounts}
        return next((place for place in places if place not in taken), None)

    def lesions_of(self, place: int) -> Lesions | None:
        """The lesions that a reader follows."""
        return next((one for one in self.lesions if one.place == place and not one.reopened), None)

    def read(self, place: int, sequence: int) -> Read | None:
        """What a reader said of a scan, if it counts."""
        return next((r for r in self.reads if (r.place, r.sequence) == (place, sequence) and not r.reopened), None)

    def next_of(self, place: int) -> int | None:
        """The scan that a reader is to read next; None when all that there are are read."""
        if self.lesions_of(place) is None:
            return 0 if self.scans else None
        return next((n for n in range(1, len(self.scans)) if self.read(place, n) is None), None)

    def pair(self, sequence: int) -> tuple[Read, Read] | None:
        """Both reads of a scan, once both are locked."""
        first, second = (self.read(place, sequence) for place in READERS)
        return (first, second) if first is not None and second is not None else None

    @property
    def pairs(self) -> Iterator[tuple[Read, Read]]:
        """All scans that both have read, in order."""
        return (pair for n in range(1, len(self.scans)) if (pair := self.pair(n)) is not None)

    @property
    def discordant(self) -> tuple[int, ...]:
        """The scans that wait for the adjudicator."""
        done = {one.sequence for one in self.adjudicated}
        return tuple(
            first.sequence
            for first, second in self.pairs
            if first.response is not second.response and first.sequence not in done
        )

    def response_of(self, sequence: int) -> tuple[Response, Basis] | None:
        """The response that follows for a scan from what is locked and adjudicated."""
        pair = self.pair(sequence)
        if pair is None:
            return None
        if pair[0].response is pair[1].response:
            return pair[0].response, Basis.AGREED
        chosen = next((one.chosen for one in self.adjudicated if one.sequence == sequence), None)
        return (pair[chosen - 1].response, Basis.ADJUDICATED) if chosen is not None else None

    def settled_at(self, sequence: int) -> Settled | None:
        """The central response of a scan as it was settled last."""
        return next((one for one in self.settled if one.sequence == sequence), None)


INITIAL: Final = Case()


def evolve(case: Case, envelope: Envelope[Fact]) -> Case:
    """Fold one fact of the case."""
    on = envelope.recorded_at.date()
    match envelope.fact:
        case ReviewScanSubmitted() as f:
            scan = Scan(f.timepoint, f.scan_on, f.modality, f.study_uid, on)
            return replace(case, case=f.case, scans=(*case.scans, scan))
        case ReviewClaimed() as f:
            return replace(case, accounts=(*case.accounts, (f.place, f.account)))
        case CentralBaselineLocked() as f:
            others = tuple(one for one in case.lesions if one.place != f.place)
            return replace(case, lesions=(*others, Lesions(f.place, f.targets, f.non_targets)))
        case CentralReadLocked() as f:
            read = Read(f.place, f.sequence, f.seen, f.response, f.derived, on)
            return replace(_unjudged(case, f.sequence), reads=(*_without(case, f.place, f.sequence), read))
        case ReReadRequested(place=place, sequence=0):
            again = tuple(replace(one, reopened=one.reopened or one.place == place) for one in case.lesions)
            return replace(case, lesions=again)
        case ReReadRequested() as f:
            reopened = tuple(
                replace(one, reopened=True) if (one.place, one.sequence) == (f.place, f.sequence) else one
                for one in case.reads
            )
            return replace(_unjudged(case, f.sequence), reads=reopened)
        case DiscordanceAdjudicated() as f:
            return replace(case, adjudicated=(*case.adjudicated, Adjudicated(f.sequence, f.chosen, f.because)))
        case CentralResponseSettled() as f:
            sequence = next(n for n, scan in enumerate(case.scans) if scan.timepoint == f.timepoint)
            kept = tuple(one for one in case.settled if one.sequence != sequence)
            return replace(case, settled=(*kept, Settled(sequence, f.response, f.basis, on)))
        case _:
            return case


def _without(case: Case, place: int, sequence: int) -> tuple[Read, ...]:
    return tuple(one for one in case.reads if (one.place, one.sequence) != (place, sequence))


def _unjudged(case: Case, sequence: int) -> Case:
    """What the adjudicator said was said of reads that are others now."""
    return replace(case, adjudicated=tuple(one for one in case.adjudicated if one.sequence != sequence))


def review_stream(study: str, subject: str) -> str:
    """The stream of one subject's review."""
    return f"review-{study}-{subject}"
