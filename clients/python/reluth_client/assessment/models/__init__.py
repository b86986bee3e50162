"""Contains all the data models used in inputs/outputs"""

from .baseline_again_body import BaselineAgainBody
from .baseline_body import BaselineBody
from .baseline_read_view import BaselineReadView
from .baseline_view import BaselineView
from .changed_view import ChangedView
from .commented_assessment import CommentedAssessment
from .derived_view import DerivedView
from .evidence_view import EvidenceView
from .live_response_live import LiveResponseLive
from .measured_body import MeasuredBody
from .measured_body_state_type_0 import MeasuredBodyStateType0
from .modality import Modality
from .new_lesion import NewLesion
from .non_target import NonTarget
from .non_target_body import NonTargetBody
from .non_target_lesion import NonTargetLesion
from .organ import Organ
from .page_baseline_view import PageBaselineView
from .page_query_view import PageQueryView
from .page_standing_assessment import PageStandingAssessment
from .part_view import PartView
from .problem import Problem
from .problem_context import ProblemContext
from .query_end import QueryEnd
from .query_view import QueryView
from .re_reading_body import ReReadingBody
from .read_view import ReadView
from .reader import Reader
from .response import Response
from .rule import Rule
from .seen import Seen
from .seen_body import SeenBody
from .seen_non_targets import SeenNonTargets
from .seen_targets import SeenTargets
from .standing_assessment import StandingAssessment
from .state_body import StateBody
from .stated_stands_body import StatedStandsBody
from .target_body import TargetBody
from .target_lesion import TargetLesion
from .tumour_assessment_body import TumourAssessmentBody
from .violation import Violation

__all__ = (
    "BaselineAgainBody",
    "BaselineBody",
    "BaselineReadView",
    "BaselineView",
    "ChangedView",
    "CommentedAssessment",
    "DerivedView",
    "EvidenceView",
    "LiveResponseLive",
    "MeasuredBody",
    "MeasuredBodyStateType0",
    "Modality",
    "NewLesion",
    "NonTarget",
    "NonTargetBody",
    "NonTargetLesion",
    "Organ",
    "PageBaselineView",
    "PageQueryView",
    "PageStandingAssessment",
    "PartView",
    "Problem",
    "ProblemContext",
    "QueryEnd",
    "QueryView",
    "Reader",
    "ReadView",
    "ReReadingBody",
    "Response",
    "Rule",
    "Seen",
    "SeenBody",
    "SeenNonTargets",
    "SeenTargets",
    "StandingAssessment",
    "StateBody",
    "StatedStandsBody",
    "TargetBody",
    "TargetLesion",
    "TumourAssessmentBody",
    "Violation",
)
