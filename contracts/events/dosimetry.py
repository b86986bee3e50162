"""Facts of dosimetry. That there is one of cycle 3 or 4 tells the arm: blinded services do not read this topic."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.events.enrolment import Activity, Code
from contracts.events.fact import SiteFact, SubjectFact
from contracts.vocabulary.dicom import StudyUid
from contracts.vocabulary.dosimetry import (
    Acquisition,
    CurveModel,
    ImageCorrection,
    OrganCode,
    QualityStatus,
)

TOPIC = "reluth.dosimetry"
Cycle = Annotated[int, Field(ge=1, le=99)]
Iterations = Annotated[int, Field(ge=1, le=1000)]
Factor = Annotated[Decimal, Field(gt=0, max_digits=9, decimal_places=4)]
Coefficient = Annotated[Decimal, Field(gt=0, le=2, max_digits=5, decimal_places=4)]
Percent = Annotated[Decimal, Field(ge=-100, le=100, max_digits=6, decimal_places=3)]
Mass = Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=3)]
Hours = Annotated[Decimal, Field(gt=0, max_digits=11, decimal_places=6)]
Figure = Annotated[Decimal, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RecoveryCoefficient(_Part):
    """The part of the activity that is seen again in a sphere of this volume."""

    volume_ml: Mass
    coefficient: Coefficient


class Reconstruction(_Part):
    """How a tomographic acquisition was reconstructed."""

    algorithm: Code
    iterations: Iterations
    subsets: Iterations
    corrections: tuple[ImageCorrection, ...] = ()


class CentreQualified(SiteFact, name="dosimetry.centre-qualified", version=1, topic=TOPIC):
    """A camera of a site was calibrated for one way of acquisition, for days from `valid_from` to `valid_to` included.

    `calibration_factor` is in counts per second and MBq. `cross_check_percent` is how far the site's dose calibrator
    lay from the reference on `cross_checked_on`.
    """

    camera: Code
    acquisition: Acquisition
    calibration_factor: Factor
    recovery: tuple[RecoveryCoefficient, ...] = ()
    phantom_on: date
    cross_checked_on: date
    cross_check_percent: Percent
    valid_from: date
    valid_to: date


class CentreQualificationAnnulled(SiteFact, name="dosimetry.centre-qualification-annulled", version=1, topic=TOPIC):
    """A qualification was recorded by mistake. `annulled` is the event that recorded it; no dose is computed by it."""

    annulled: UUID


class InfusionRecorded(SubjectFact, name="dosimetry.infusion-recorded", version=1, topic=TOPIC):
    """What was infused in a cycle, and when it began: the zero of all hours of that cycle."""

    cycle: Cycle
    administered_mbq: Activity
    infusion_started_at: AwareDatetime


class DosimetryScanAcquired(SubjectFact, name="dosimetry.scan-acquired", version=1, topic=TOPIC):
    """Activity was imaged. Its regions stand beside it in the same append.

    `hours_post_injection` is the time from the infusion that `infusion` recorded to `acquired_at`, to the microhour.
    """

    cycle: Cycle
    acquired_at: AwareDatetime
    hours_post_injection: Hours
    acquisition: Acquisition
    camera: Code
    reconstruction: Reconstruction | None = None
    study_uid: StudyUid
    quality: QualityStatus
    infusion: UUID
    qualification: UUID


class RegionMeasured(SubjectFact, name="dosimetry.region-measured", version=1, topic=TOPIC):
    """The activity of a region at the time of a scan, with its standard deviation. `scan` is the scan's own event."""

    scan: UUID
    organ: OrganCode
    mass_g: Mass
    activity_mbq: Activity
    sd_mbq: Activity


class AbsorbedDoseComputed(SubjectFact, name="dosimetry.absorbed-dose-computed", version=1, topic=TOPIC):
    """The absorbed dose of an organ from one cycle. A later one of that organ and cycle replaces it.

    It is derived again from `inputs` (events of the infusion, the scans, the regions) by `method` of `software` under
    the protocol file with `protocol_sha256`. `uncertainty_percent` is one standard deviation; None: not known, of
    which `unknown` says why. `because` says why by this model; `fit_probability` is that of residuals at least as large
    if the model that was fitted holds. The half-life is None where no fit gave one.
    """

    organ: OrganCode
    cycle: Cycle
    model: CurveModel
    effective_half_life_h: Figure | None = None
    time_integrated_activity_mbq_h: Figure
    mass_g: Mass
    absorbed_dose_gy: Figure
    gy_per_gbq: Figure
    uncertainty_percent: Figure | None = None
    unknown: Code | None = None
    because: Code
    fit_probability: Figure | None = None
    method: Code
    software: Code
    protocol_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    inputs: Annotated[tuple[UUID, ...], Field(min_length=3)]


class DosimetryRecordAnnulled(SubjectFact, name="dosimetry.record-annulled", version=1, topic=TOPIC):
    """A record was wrong, or rested on one that was. `annulled` is the event that recorded it."""

    annulled: UUID


FACTS = (
    CentreQualified,
    CentreQualificationAnnulled,
    InfusionRecorded,
    DosimetryScanAcquired,
    RegionMeasured,
    AbsorbedDoseComputed,
    DosimetryRecordAnnulled,
)
