"""Closed lists of dosimetry."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints


class Acquisition(StrEnum):
    """How activity in the body was imaged. Each has a calibration factor of its own."""

    SPECT_CT = "SPECT_CT"
    PLANAR = "PLANAR"


class ImageCorrection(StrEnum):
    """What a reconstruction was corrected for."""

    ATTENUATION = "ATTENUATION"
    SCATTER = "SCATTER"
    RESOLUTION = "RESOLUTION"
    DEAD_TIME = "DEAD_TIME"


class QualityStatus(StrEnum):
    """The outcome of the quality control of an acquisition. Only `PASSED` is computed with."""

    PASSED = "PASSED"
    FAILED = "FAILED"


class CurveModel(StrEnum):
    """How activity over time was made a whole."""

    MONO_EXPONENTIAL = "MONO_EXPONENTIAL"
    BI_EXPONENTIAL = "BI_EXPONENTIAL"
    TRAPEZOID = "TRAPEZOID"


OrganCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$", max_length=64)]
"""An organ of the protocol file, or a lesion of a numbered one: `KIDNEY_L`, `TUMOUR_2`."""
