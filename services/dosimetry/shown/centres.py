"""The qualifications of a site, folded from the write side."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.dosimetry import CentreQualified, RecoveryCoefficient
from contracts.events.envelope import Envelope
from contracts.vocabulary.dosimetry import Acquisition
from contracts.vocabulary.identifiers import SiteId, StudyId


class QualificationView(BaseModel):
    """A calibration of one camera for one way of acquisition."""

    study: StudyId
    site: SiteId
    camera: str = Field(examples=["NM-670"])
    acquisition: Acquisition
    calibration_factor: Decimal = Field(description="counts per second and MBq", examples=["5.67"])
    recovery: tuple[RecoveryCoefficient, ...]
    phantom_on: date
    cross_checked_on: date
    cross_check_percent: Decimal
    valid_from: date
    valid_to: date
    event_id: UUID
    position: int = Field(description="place in dosimetry's log", examples=[17])
    recorded_at: datetime

    @classmethod
    def of(cls, one: Envelope[CentreQualified]) -> Self:
        """The view of a recorded qualification."""
        return cls(**dict(one.fact), event_id=one.event_id, position=one.position, recorded_at=one.recorded_at)
