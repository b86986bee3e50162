"""Contains all the data models used in inputs/outputs"""

from .acquisition import Acquisition
from .annulment_body import AnnulmentBody
from .computation_body import ComputationBody
from .computed_view import ComputedView
from .computed_view_not_computed import ComputedViewNotComputed
from .cumulative_view import CumulativeView
from .curve_model import CurveModel
from .curve_view import CurveView
from .dose_view import DoseView
from .doses_view import DosesView
from .dosimetry_view import DosimetryView
from .image_correction import ImageCorrection
from .infusion_body import InfusionBody
from .infusion_view import InfusionView
from .line_view import LineView
from .live_response_live import LiveResponseLive
from .missing_view import MissingView
from .organ_view import OrganView
from .page_qualification_view import PageQualificationView
from .point_view import PointView
from .problem import Problem
from .problem_context import ProblemContext
from .qualification_annulment_body import QualificationAnnulmentBody
from .qualification_body import QualificationBody
from .qualification_view import QualificationView
from .quality_status import QualityStatus
from .reconstruction import Reconstruction
from .reconstruction_body import ReconstructionBody
from .recorded_fact import RecordedFact
from .recorded_fact_fact import RecordedFactFact
from .recorded_view import RecordedView
from .recovery_body import RecoveryBody
from .recovery_coefficient import RecoveryCoefficient
from .region_body import RegionBody
from .region_view import RegionView
from .scan_body import ScanBody
from .scan_view import ScanView
from .violation import Violation

__all__ = (
    "Acquisition",
    "AnnulmentBody",
    "ComputationBody",
    "ComputedView",
    "ComputedViewNotComputed",
    "CumulativeView",
    "CurveModel",
    "CurveView",
    "DosesView",
    "DoseView",
    "DosimetryView",
    "ImageCorrection",
    "InfusionBody",
    "InfusionView",
    "LineView",
    "LiveResponseLive",
    "MissingView",
    "OrganView",
    "PageQualificationView",
    "PointView",
    "Problem",
    "ProblemContext",
    "QualificationAnnulmentBody",
    "QualificationBody",
    "QualificationView",
    "QualityStatus",
    "Reconstruction",
    "ReconstructionBody",
    "RecordedFact",
    "RecordedFactFact",
    "RecordedView",
    "RecoveryBody",
    "RecoveryCoefficient",
    "RegionBody",
    "RegionView",
    "ScanBody",
    "ScanView",
    "Violation",
)
