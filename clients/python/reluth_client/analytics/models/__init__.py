"""Contains all the data models used in inputs/outputs"""

from .alert_page import AlertPage
from .alert_row import AlertRow
from .annotation import Annotation
from .arm_dcr import ArmDcr
from .arm_flow import ArmFlow
from .arm_flow_assessed import ArmFlowAssessed
from .arm_flow_cycles import ArmFlowCycles
from .completion_row import CompletionRow
from .completion_row_not_expected import CompletionRowNotExpected
from .completion_view import CompletionView
from .dcr_by_arm import DcrByArm
from .dcr_figure import DcrFigure
from .dcr_figure_reasons import DcrFigureReasons
from .dcr_view import DcrView
from .deaths import Deaths
from .definition import Definition
from .disease_status_page import DiseaseStatusPage
from .disease_status_row import DiseaseStatusRow
from .estimate import Estimate
from .flow_by_arm import FlowByArm
from .flow_view import FlowView
from .flow_view_annotated import FlowViewAnnotated
from .flow_view_assessed import FlowViewAssessed
from .flow_view_criteria_not_met import FlowViewCriteriaNotMet
from .flow_view_cycles import FlowViewCycles
from .flow_view_exits import FlowViewExits
from .flow_view_not_included import FlowViewNotIncluded
from .grade import Grade
from .live_response_live import LiveResponseLive
from .needless import Needless
from .not_included import NotIncluded
from .problem import Problem
from .problem_context import ProblemContext
from .rate import Rate
from .reader import Reader
from .reason import Reason
from .response import Response
from .run_in_exit import RunInExit
from .stands_on import StandsOn
from .stands_on_positions import StandsOnPositions
from .stands_on_projections import StandsOnProjections
from .status import Status
from .violation import Violation

__all__ = (
    "AlertPage",
    "AlertRow",
    "Annotation",
    "ArmDcr",
    "ArmFlow",
    "ArmFlowAssessed",
    "ArmFlowCycles",
    "CompletionRow",
    "CompletionRowNotExpected",
    "CompletionView",
    "DcrByArm",
    "DcrFigure",
    "DcrFigureReasons",
    "DcrView",
    "Deaths",
    "Definition",
    "DiseaseStatusPage",
    "DiseaseStatusRow",
    "Estimate",
    "FlowByArm",
    "FlowView",
    "FlowViewAnnotated",
    "FlowViewAssessed",
    "FlowViewCriteriaNotMet",
    "FlowViewCycles",
    "FlowViewExits",
    "FlowViewNotIncluded",
    "Grade",
    "LiveResponseLive",
    "Needless",
    "NotIncluded",
    "Problem",
    "ProblemContext",
    "Rate",
    "Reader",
    "Reason",
    "Response",
    "RunInExit",
    "StandsOn",
    "StandsOnPositions",
    "StandsOnProjections",
    "Status",
    "Violation",
)
