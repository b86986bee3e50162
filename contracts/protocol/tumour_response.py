"""How responses are derived from measured lesions: the numbers of RECIST 1.1, and which scan is the baseline."""

from typing import Annotated

from pydantic import Field, StrictBool

from contracts.protocol.expression import Code, Number
from contracts.protocol.sourced import Count, Positive, Sourced


class TumourResponse(Sourced):
    """Lengths in millimetres, ratios to a sum of diameters.

    `baselines` are scans in their order: the first is made before every timepoint of the protocol, the others are
    timepoints. A timepoint is compared with the last baseline before it.
    """

    baselines: Annotated[tuple[Code, ...], Field(min_length=1)]
    measurable_mm: Positive
    measurable_node_mm: Positive
    node_mm: Positive
    """Short axis below which a lymph node is no longer pathological."""
    too_small_mm: Positive
    """What a lesion counts that is there and too small to be measured."""
    max_targets: Positive
    max_targets_per_organ: Positive
    increase_mm: Positive
    increase_ratio: Annotated[Number, Field(gt=1)]
    decrease_ratio: Annotated[Number, Field(gt=0, lt=1)]
    lasting_response: StrictBool = False
    """Whether a partial response lasts until progression (EORTC); the guideline is silent."""
    stable_days: Positive
    """From which day after randomization on disease that is stable is a best response."""
    confirm_days: Positive
    """How long after a response it has to be there again to be confirmed."""
    confirm_not_evaluable: Count
    """How many assessments between the two may be not evaluable."""

    def baseline_of(self, timepoint: str, order: tuple[str, ...]) -> str:
        """The baseline of a timepoint, `order` being the timepoints of the protocol."""
        place = order.index(timepoint)
        return next(scan for scan in reversed(self.baselines) if scan not in order or order.index(scan) < place)
