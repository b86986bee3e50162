"""What dosimetry is asked to compute."""

from typing import Annotated

from pydantic import Field

from contracts.vocabulary.dosimetry import OrganCode
from services.dosimetry.bodies.body import Body
from services.dosimetry.bodies.subjects import MAX_REGIONS, Number
from services.dosimetry.domain.commands import ComputeDoses


class ComputationBody(Body):
    """The cycle whose doses are wanted, and of which organs."""

    cycle: Number
    organs: Annotated[tuple[OrganCode, ...], Field(min_length=1, max_length=MAX_REGIONS)] | None = Field(
        default=None,
        description="all of these or none of them; absent: every organ that can be computed",
        examples=[["KIDNEY_L", "KIDNEY_R"]],
    )

    def command(self, study: str, subject: str) -> ComputeDoses:
        """As the domain decides it."""
        return ComputeDoses(study, subject, self.cycle, self.organs)
