"""What dosimetry is sent about the cameras of a site."""

from typing import Annotated, Final

from pydantic import Field

from contracts.events.dosimetry import Coefficient, Factor, Mass, Percent, RecoveryCoefficient
from contracts.events.enrolment import Code
from contracts.vocabulary.dosimetry import Acquisition
from services.chassis.http.written import Day
from services.dosimetry.bodies.body import Body, Why
from services.dosimetry.domain.commands import QualifyCentre

MAX_SPHERES: Final = 20


class RecoveryBody(Body):
    """A sphere of the phantom, and the part of its activity that was seen."""

    volume_ml: Mass = Field(examples=["26.5"])
    coefficient: Coefficient = Field(examples=["0.81"])

    def part(self) -> RecoveryCoefficient:
        """As the fact holds it."""
        return RecoveryCoefficient(volume_ml=self.volume_ml, coefficient=self.coefficient)


class QualificationBody(Body):
    """A calibration of one camera for one way of acquisition, and the days on which it is valid, both included."""

    camera: Code = Field(description="model of the camera, with its number where there are two", examples=["NM-670"])
    acquisition: Acquisition
    calibration_factor: Factor = Field(description="counts per second and MBq", examples=["5.67"])
    recovery: Annotated[tuple[RecoveryBody, ...], Field(max_length=MAX_SPHERES)] = ()
    phantom_on: Day = Field(examples=["2026-01-12"])
    cross_checked_on: Day = Field(examples=["2026-01-12"])
    cross_check_percent: Percent = Field(
        description="how far the dose calibrator lay from its reference", examples=["-1.2"]
    )
    valid_from: Day = Field(examples=["2026-01-12"])
    valid_to: Day = Field(examples=["2027-01-11"])

    def command(self, study: str, site: str) -> QualifyCentre:
        """As the domain decides it."""
        return QualifyCentre(
            study,
            site,
            self.camera,
            self.acquisition,
            self.calibration_factor,
            tuple(one.part() for one in self.recovery),
            self.phantom_on,
            self.cross_checked_on,
            self.cross_check_percent,
            self.valid_from,
            self.valid_to,
        )


class QualificationAnnulmentBody(Body):
    """Why a qualification is taken back."""

    reason: Why
