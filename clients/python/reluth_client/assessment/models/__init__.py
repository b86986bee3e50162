"""Contains all the data models used in inputs/outputs"""

from .commented_assessment import CommentedAssessment
from .evidence_view import EvidenceView
from .live_response_live import LiveResponseLive
from .modality import Modality
from .page_standing_assessment import PageStandingAssessment
from .problem import Problem
from .problem_context import ProblemContext
from .reader import Reader
from .response import Response
from .standing_assessment import StandingAssessment
from .tumour_assessment_body import TumourAssessmentBody
from .tumour_assessment_view import TumourAssessmentView
from .violation import Violation

__all__ = (
    "CommentedAssessment",
    "EvidenceView",
    "LiveResponseLive",
    "Modality",
    "PageStandingAssessment",
    "Problem",
    "ProblemContext",
    "Reader",
    "Response",
    "StandingAssessment",
    "TumourAssessmentBody",
    "TumourAssessmentView",
    "Violation",
)
