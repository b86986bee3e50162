"""Contains all the data models used in inputs/outputs"""

from .allocation_view import AllocationView
from .allocation_view_kind import AllocationViewKind
from .annotation import Annotation
from .annotation_body import AnnotationBody
from .annotation_recorded import AnnotationRecorded
from .annotation_view import AnnotationView
from .arm import Arm
from .balance_view import BalanceView
from .cap_body import CapBody
from .configuration import Configuration
from .discrepancy_kind import DiscrepancyKind
from .discrepancy_view import DiscrepancyView
from .draft_body import DraftBody
from .draft_view import DraftView
from .factor import Factor
from .factor_view import FactorView
from .group_view import GroupView
from .group_view_between_type_0 import GroupViewBetweenType0
from .group_view_counts import GroupViewCounts
from .level_view import LevelView
from .list_body import ListBody
from .list_view import ListView
from .list_view_kind import ListViewKind
from .listed_rows import ListedRows
from .live_response_live import LiveResponseLive
from .page_discrepancy_view import PageDiscrepancyView
from .page_randomized_subject import PageRandomizedSubject
from .prevalences_view import PrevalencesView
from .problem import Problem
from .problem_context import ProblemContext
from .randomization_view import RandomizationView
from .randomize_body import RandomizeBody
from .randomized_subject import RandomizedSubject
from .reason_body import ReasonBody
from .runs_view import RunsView
from .signature_body import SignatureBody
from .simulated_view import SimulatedView
from .stamp_view import StampView
from .standing import Standing
from .status import Status
from .stratum_level import StratumLevel
from .verification_recorded import VerificationRecorded
from .verification_view import VerificationView
from .version_view import VersionView
from .violation import Violation
from .weight import Weight

__all__ = (
    "AllocationView",
    "AllocationViewKind",
    "Annotation",
    "AnnotationBody",
    "AnnotationRecorded",
    "AnnotationView",
    "Arm",
    "BalanceView",
    "CapBody",
    "Configuration",
    "DiscrepancyKind",
    "DiscrepancyView",
    "DraftBody",
    "DraftView",
    "Factor",
    "FactorView",
    "GroupView",
    "GroupViewBetweenType0",
    "GroupViewCounts",
    "LevelView",
    "ListBody",
    "ListedRows",
    "ListView",
    "ListViewKind",
    "LiveResponseLive",
    "PageDiscrepancyView",
    "PageRandomizedSubject",
    "PrevalencesView",
    "Problem",
    "ProblemContext",
    "RandomizationView",
    "RandomizeBody",
    "RandomizedSubject",
    "ReasonBody",
    "RunsView",
    "SignatureBody",
    "SimulatedView",
    "StampView",
    "Standing",
    "Status",
    "StratumLevel",
    "VerificationRecorded",
    "VerificationView",
    "VersionView",
    "Violation",
    "Weight",
)
