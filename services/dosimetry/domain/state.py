"""The state of a subject's and of a centre's dosimetry: what stands, in the order in which it was recorded."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from contracts.events.dosimetry import (
    AbsorbedDoseComputed,
    CentreQualificationAnnulled,
    CentreQualified,
    DosimetryRecordAnnulled,
    DosimetryScanAcquired,
    InfusionRecorded,
    RegionMeasured,
)
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.vocabulary.dosimetry import Acquisition, QualityStatus

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Centre:
    """The qualifications of a site that stand, oldest first."""

    qualifications: tuple[Envelope[CentreQualified], ...] = ()

    def qualified(self, camera: str, acquisition: Acquisition, day: date) -> Envelope[CentreQualified] | None:
        """The qualification that counts on a day: of several, the one recorded last."""
        for one in reversed(self.qualifications):
            fact = one.fact
            if (fact.camera, fact.acquisition) == (camera, acquisition) and fact.valid_from <= day <= fact.valid_to:
                return one
        return None

    def stands(self, qualification: UUID) -> bool:
        """Whether the qualification was not annulled."""
        return any(one.event_id == qualification for one in self.qualifications)


def evolve_centre(state: Centre, envelope: Envelope[Fact]) -> Centre:
    """Fold one fact of the centre's stream."""
    match envelope.fact:
        case CentreQualified():
            return replace(state, qualifications=(*state.qualifications, envelope))  # type: ignore[arg-type]
        case CentreQualificationAnnulled(annulled=gone):
            left = tuple(one for one in state.qualifications if one.event_id != gone)
            return replace(state, qualifications=left)
        case _:
            return state


@dataclass(frozen=True, slots=True)
class SubjectDosimetry:
    """Standing records. What was annulled is not in it."""

    history: tuple[Envelope[Fact], ...] = ()

    def of(self, kind: type[F]) -> tuple[Envelope[F], ...]:
        """The standing facts of a type."""
        return tuple(one for one in self.history if isinstance(one.fact, kind))  # type: ignore[misc]

    def infusion(self, cycle: int) -> Envelope[InfusionRecorded] | None:
        """The infusion of a cycle."""
        return next((one for one in self.of(InfusionRecorded) if one.fact.cycle == cycle), None)

    def scans(self, cycle: int | None = None) -> tuple[Envelope[DosimetryScanAcquired], ...]:
        """The scans of a cycle, or all, by cycle and time."""
        found = [one for one in self.of(DosimetryScanAcquired) if cycle in (None, one.fact.cycle)]
        return tuple(sorted(found, key=lambda one: (one.fact.cycle, one.fact.acquired_at, one.position)))

    def usable(self, centre: Centre, cycle: int | None = None) -> tuple[Envelope[DosimetryScanAcquired], ...]:
        """The scans that are computed with: control passed, under a qualification that still stands."""
        return tuple(
            one
            for one in self.scans(cycle)
            if one.fact.quality is QualityStatus.PASSED and centre.stands(one.fact.qualification)
        )

    def regions(self, scan: UUID) -> tuple[Envelope[RegionMeasured], ...]:
        """The regions of a scan."""
        return tuple(one for one in self.of(RegionMeasured) if one.fact.scan == scan)

    def doses(self) -> tuple[Envelope[AbsorbedDoseComputed], ...]:
        """The last dose of each organ and cycle, by organ and cycle."""
        last = {(one.fact.organ, one.fact.cycle): one for one in self.of(AbsorbedDoseComputed)}
        return tuple(last[key] for key in sorted(last))


INITIAL = SubjectDosimetry()


def evolve(state: SubjectDosimetry, envelope: Envelope[Fact]) -> SubjectDosimetry:
    """Fold one fact of the subject's stream."""
    match envelope.fact:
        case DosimetryRecordAnnulled(annulled=gone):
            return replace(state, history=tuple(one for one in state.history if one.event_id != gone))
        case _:
            return replace(state, history=(*state.history, envelope))


def dosimetry_stream(study: str, subject: str) -> str:
    """The stream of one subject."""
    return f"dosimetry-{study}-{subject}"


def centre_stream(study: str, site: str) -> str:
    """The stream of one site's qualifications."""
    return f"dosimetry-centre-{study}-{site}"
