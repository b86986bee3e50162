"""What was infused and imaged of a subject, folded from the write side, and the curves that it makes."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.dosimetry import DosimetryScanAcquired, InfusionRecorded, Reconstruction, RegionMeasured
from contracts.events.envelope import Envelope
from contracts.vocabulary.dosimetry import Acquisition, QualityStatus
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.images import Images
from services.dosimetry.domain.state import Centre, SubjectDosimetry


class InfusionView(BaseModel):
    """What was infused in a cycle."""

    cycle: int
    administered_mbq: Decimal = Field(examples=["7385.5"])
    infusion_started_at: datetime
    event_id: UUID
    position: int = Field(description="place in dosimetry's log", examples=[17])

    @classmethod
    def of(cls, one: Envelope[InfusionRecorded]) -> Self:
        """The view of a recorded infusion."""
        fact = one.fact
        return cls(
            cycle=fact.cycle,
            administered_mbq=fact.administered_mbq,
            infusion_started_at=fact.infusion_started_at,
            event_id=one.event_id,
            position=one.position,
        )


class RegionView(BaseModel):
    """A region of a scan."""

    organ: str = Field(examples=["KIDNEY_L"])
    mass_g: Decimal
    activity_mbq: Decimal
    sd_mbq: Decimal
    event_id: UUID

    @classmethod
    def of(cls, one: Envelope[RegionMeasured]) -> Self:
        """The view of a recorded region."""
        fact = one.fact
        return cls(
            organ=fact.organ,
            mass_g=fact.mass_g,
            activity_mbq=fact.activity_mbq,
            sd_mbq=fact.sd_mbq,
            event_id=one.event_id,
        )


class ScanView(BaseModel):
    """A scan with its regions. It is computed with if its control was passed and its qualification stands."""

    cycle: int
    acquired_at: datetime
    hours_post_injection: Decimal
    acquisition: Acquisition
    camera: str
    reconstruction: Reconstruction | None
    study_uid: str
    images: str | None = Field(description="where the site looks at them; null where that was not set up")
    quality: QualityStatus
    qualification: UUID
    qualification_stands: bool = Field(description="false once the site's qualification was annulled")
    regions: list[RegionView]
    event_id: UUID
    position: int = Field(description="place in dosimetry's log", examples=[18])

    @classmethod
    def of(cls, one: Envelope[DosimetryScanAcquired], state: SubjectDosimetry, centre: Centre, images: Images) -> Self:
        """The view of a recorded scan."""
        fact = one.fact
        return cls(
            cycle=fact.cycle,
            acquired_at=fact.acquired_at,
            hours_post_injection=fact.hours_post_injection,
            acquisition=fact.acquisition,
            camera=fact.camera,
            reconstruction=fact.reconstruction,
            study_uid=fact.study_uid,
            images=images.of_site(site_of(fact.subject), fact.study_uid),
            quality=fact.quality,
            qualification=fact.qualification,
            qualification_stands=centre.stands(fact.qualification),
            regions=[RegionView.of(region) for region in state.regions(one.event_id)],
            event_id=one.event_id,
            position=one.position,
        )


class PointView(BaseModel):
    """Activity at a time after the start of the infusion."""

    hours_post_injection: Decimal
    activity_mbq: Decimal
    sd_mbq: Decimal
    scan: UUID


class CurveView(BaseModel):
    """The activity of an organ in a cycle over time: of the scans that are computed with."""

    organ: str = Field(examples=["KIDNEY_L"])
    cycle: int
    points: list[PointView]


class DosimetryView(BaseModel):
    """All that stands of a subject's dosimetry, but the doses."""

    study: StudyId
    subject: SubjectId
    hours: tuple[int, ...] = Field(description="when the protocol plans scans", examples=[[4, 24, 72, 192]])
    infusions: list[InfusionView]
    scans: list[ScanView]
    curves: list[CurveView]


def dosimetry_of(
    study: str, subject: str, hours: tuple[int, ...], state: SubjectDosimetry, centre: Centre, images: Images
) -> DosimetryView:
    """What stands, by cycle and time."""
    infusions = sorted(state.of(InfusionRecorded), key=lambda one: one.fact.cycle)
    return DosimetryView(
        study=study,
        subject=subject,
        hours=hours,
        infusions=[InfusionView.of(one) for one in infusions],
        scans=[ScanView.of(one, state, centre, images) for one in state.scans()],
        curves=list(_curves(state, centre)),
    )


def _curves(state: SubjectDosimetry, centre: Centre) -> Iterator[CurveView]:
    found: dict[tuple[int, str], list[PointView]] = {}
    for scan in state.usable(centre):
        for region in state.regions(scan.event_id):
            found.setdefault((scan.fact.cycle, region.fact.organ), []).append(
                PointView(
                    hours_post_injection=scan.fact.hours_post_injection,
                    activity_mbq=region.fact.activity_mbq,
                    sd_mbq=region.fact.sd_mbq,
                    scan=scan.event_id,
                )
            )
    for cycle, organ in sorted(found):
        yield CurveView(organ=organ, cycle=cycle, points=found[cycle, organ])
