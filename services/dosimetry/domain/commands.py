"""What dosimetry can be asked to record."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from contracts.events.dosimetry import Reconstruction, RecoveryCoefficient
from contracts.vocabulary.dosimetry import Acquisition, QualityStatus


@dataclass(frozen=True, slots=True)
class QualifyCentre:
    """A calibration of one camera for one way of acquisition. Both ends of its validity are included."""

    study: str
    site: str
    camera: str
    acquisition: Acquisition
    calibration_factor: Decimal
    recovery: tuple[RecoveryCoefficient, ...]
    phantom_on: date
    cross_checked_on: date
    cross_check_percent: Decimal
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class RecordInfusion:
    """What was infused, in MBq at the start of the infusion."""

    study: str
    subject: str
    cycle: int
    administered_mbq: Decimal
    infusion_started_at: datetime


@dataclass(frozen=True, slots=True)
class Region:
    """A region as measured in a scan."""

    organ: str
    mass_g: Decimal
    activity_mbq: Decimal
    sd_mbq: Decimal


@dataclass(frozen=True, slots=True)
class RecordScan:
    """A scan with all its regions."""

    study: str
    subject: str
    cycle: int
    acquired_at: datetime
    acquisition: Acquisition
    camera: str
    reconstruction: Reconstruction | None
    study_uid: str
    quality: QualityStatus
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class ComputeDoses:
    """The doses of a cycle. `organs`: all of these or none; None: of every organ that can be computed."""

    study: str
    subject: str
    cycle: int
    organs: tuple[str, ...] | None
