"""What dosimetry is sent about a subject."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StrictInt

from contracts.events.dosimetry import Iterations, Mass, Reconstruction
from contracts.events.enrolment import Activity, Code
from contracts.vocabulary.dicom import StudyUid
from contracts.vocabulary.dosimetry import Acquisition, ImageCorrection, OrganCode, QualityStatus
from services.chassis.http.written import Moment
from services.dosimetry.bodies.body import Body, Why
from services.dosimetry.domain.commands import RecordInfusion, RecordScan, Region

MAX_REGIONS: Final = 100
Number = Annotated[StrictInt, Field(ge=1, le=99, examples=[1])]


class InfusionBody(Body):
    """What was infused in a cycle, in MBq at the start of the infusion."""

    cycle: Number
    administered_mbq: Activity = Field(examples=["7385.5"])
    infusion_started_at: Moment = Field(examples=["2026-03-08T09:15:00+01:00"])

    def command(self, study: str, subject: str) -> RecordInfusion:
        """As the domain decides it."""
        return RecordInfusion(study, subject, self.cycle, self.administered_mbq, self.infusion_started_at)


class ReconstructionBody(Body):
    """How a tomographic acquisition was reconstructed."""

    algorithm: Code = Field(examples=["OSEM"])
    iterations: Iterations = Field(examples=[6])
    subsets: Iterations = Field(examples=[10])
    corrections: Annotated[tuple[ImageCorrection, ...], Field(max_length=len(ImageCorrection))] = ()

    def part(self) -> Reconstruction:
        """As the fact holds it: each correction once, in one order."""
        made = tuple(one for one in ImageCorrection if one in self.corrections)
        return Reconstruction(
            algorithm=self.algorithm, iterations=self.iterations, subsets=self.subsets, corrections=made
        )


class RegionBody(Body):
    """A region as measured: its mass, its activity at the time of the scan and the standard deviation of that."""

    organ: OrganCode = Field(description="of the study's protocol file", examples=["KIDNEY_L"])
    mass_g: Mass = Field(examples=["163.2"])
    activity_mbq: Activity = Field(examples=["71.4"])
    sd_mbq: Activity = Field(examples=["3.6"])

    def region(self) -> Region:
        """As the domain decides it."""
        return Region(self.organ, self.mass_g, self.activity_mbq, self.sd_mbq)


class ScanBody(Body):
    """A scan with all its regions. The hours after the infusion follow from the two moments."""

    cycle: Number
    acquired_at: Moment = Field(examples=["2026-03-09T10:05:00+01:00"])
    acquisition: Acquisition
    camera: Code = Field(examples=["NM-670"])
    reconstruction: ReconstructionBody | None = Field(default=None, description="of a tomographic acquisition")
    study_uid: StudyUid = Field(
        description="DICOM Study Instance UID of the pseudonymised images", examples=["1.2.826.0.1.3680043.8.498.17"]
    )
    quality: QualityStatus = Field(description="of the quality control; a failed scan is kept, not computed with")
    regions: Annotated[tuple[RegionBody, ...], Field(min_length=1, max_length=MAX_REGIONS)]

    def command(self, study: str, subject: str) -> RecordScan:
        """As the domain decides it."""
        return RecordScan(
            study,
            subject,
            self.cycle,
            self.acquired_at,
            self.acquisition,
            self.camera,
            self.reconstruction.part() if self.reconstruction else None,
            self.study_uid,
            self.quality,
            tuple(one.region() for one in self.regions),
        )


class AnnulmentBody(Body):
    """The record that was wrong, and why."""

    annul: UUID = Field(description="the event id of an infusion, a scan or a dose")
    reason: Why
