"""Contains all the data models used in inputs/outputs"""

from .adjudication_body import AdjudicationBody
from .adjudication_body_chosen import AdjudicationBodyChosen
from .agreement_view import AgreementView
from .agreement_view_discordance import AgreementViewDiscordance
from .agreement_view_table import AgreementViewTable
from .at_timepoint_body import AtTimepointBody
from .baseline_again_body import BaselineAgainBody
from .baseline_body import BaselineBody
from .baseline_read_view import BaselineReadView
from .baseline_view import BaselineView
from .basis import Basis
from .biomarker_body import BiomarkerBody
from .biomarker_correction_body import BiomarkerCorrectionBody
from .biomarker_view import BiomarkerView
from .case_view import CaseView
from .case_view_task_type_0 import CaseViewTaskType0
from .central_read_body import CentralReadBody
from .change_view import ChangeView
from .changed_view import ChangedView
from .claim_body import ClaimBody
from .claim_body_task import ClaimBodyTask
from .commented_assessment import CommentedAssessment
from .course_view import CourseView
from .days_view import DaysView
from .derived_view import DerivedView
from .deterioration_view import DeteriorationView
from .difference_view import DifferenceView
from .discordance import Discordance
from .evidence_view import EvidenceView
from .held_view import HeldView
from .hit_view import HitView
from .kappa_view import KappaView
from .kind import Kind
from .lesions_body import LesionsBody
from .lesions_view import LesionsView
from .live_response_live import LiveResponseLive
from .measured_body import MeasuredBody
from .measured_body_state_type_0 import MeasuredBodyStateType0
from .modality import Modality
from .new_lesion import NewLesion
from .non_target import NonTarget
from .non_target_body import NonTargetBody
from .non_target_lesion import NonTargetLesion
from .opened_view import OpenedView
from .organ import Organ
from .outcome import Outcome
from .own_read_view import OwnReadView
from .page_baseline_view import PageBaselineView
from .page_biomarker_view import PageBiomarkerView
from .page_course_view import PageCourseView
from .page_held_view import PageHeldView
from .page_query_view import PageQueryView
from .page_questionnaire_view import PageQuestionnaireView
from .page_standing_assessment import PageStandingAssessment
from .page_task_view import PageTaskView
from .part_view import PartView
from .problem import Problem
from .problem_context import ProblemContext
from .query_end import QueryEnd
from .query_view import QueryView
from .questionnaire_body import QuestionnaireBody
from .questionnaire_body_answers import QuestionnaireBodyAnswers
from .questionnaire_correction_body import QuestionnaireCorrectionBody
from .questionnaire_correction_body_answers import QuestionnaireCorrectionBodyAnswers
from .questionnaire_view import QuestionnaireView
from .questionnaire_view_answers import QuestionnaireViewAnswers
from .re_read_body import ReReadBody
from .re_reading_body import ReReadingBody
from .read_view import ReadView
from .reader import Reader
from .recorded_view import RecordedView
from .recorded_view_answers import RecordedViewAnswers
from .release_body import ReleaseBody
from .release_reason import ReleaseReason
from .release_view import ReleaseView
from .released_fact import ReleasedFact
from .released_record import ReleasedRecord
from .report_view import ReportView
from .response import Response
from .review_scan_body import ReviewScanBody
from .review_scan_view import ReviewScanView
from .review_view import ReviewView
from .row_problem import RowProblem
from .row_problem_context import RowProblemContext
from .row_view import RowView
from .rule import Rule
from .scan_view import ScanView
from .score_changed_view import ScoreChangedView
from .score_view import ScoreView
from .seen import Seen
from .seen_body import SeenBody
from .seen_non_targets import SeenNonTargets
from .seen_targets import SeenTargets
from .standing_assessment import StandingAssessment
from .state_body import StateBody
from .stated_stands_body import StatedStandsBody
from .target_body import TargetBody
from .target_lesion import TargetLesion
from .task_view import TaskView
from .task_view_task import TaskViewTask
from .timepoint_body import TimepointBody
from .timepoint_recorded import TimepointRecorded
from .tumour_assessment_body import TumourAssessmentBody
from .violation import Violation

__all__ = (
    "AdjudicationBody",
    "AdjudicationBodyChosen",
    "AgreementView",
    "AgreementViewDiscordance",
    "AgreementViewTable",
    "AtTimepointBody",
    "BaselineAgainBody",
    "BaselineBody",
    "BaselineReadView",
    "BaselineView",
    "Basis",
    "BiomarkerBody",
    "BiomarkerCorrectionBody",
    "BiomarkerView",
    "CaseView",
    "CaseViewTaskType0",
    "CentralReadBody",
    "ChangedView",
    "ChangeView",
    "ClaimBody",
    "ClaimBodyTask",
    "CommentedAssessment",
    "CourseView",
    "DaysView",
    "DerivedView",
    "DeteriorationView",
    "DifferenceView",
    "Discordance",
    "EvidenceView",
    "HeldView",
    "HitView",
    "KappaView",
    "Kind",
    "LesionsBody",
    "LesionsView",
    "LiveResponseLive",
    "MeasuredBody",
    "MeasuredBodyStateType0",
    "Modality",
    "NewLesion",
    "NonTarget",
    "NonTargetBody",
    "NonTargetLesion",
    "OpenedView",
    "Organ",
    "Outcome",
    "OwnReadView",
    "PageBaselineView",
    "PageBiomarkerView",
    "PageCourseView",
    "PageHeldView",
    "PageQueryView",
    "PageQuestionnaireView",
    "PageStandingAssessment",
    "PageTaskView",
    "PartView",
    "Problem",
    "ProblemContext",
    "QueryEnd",
    "QueryView",
    "QuestionnaireBody",
    "QuestionnaireBodyAnswers",
    "QuestionnaireCorrectionBody",
    "QuestionnaireCorrectionBodyAnswers",
    "QuestionnaireView",
    "QuestionnaireViewAnswers",
    "Reader",
    "ReadView",
    "RecordedView",
    "RecordedViewAnswers",
    "ReleaseBody",
    "ReleasedFact",
    "ReleasedRecord",
    "ReleaseReason",
    "ReleaseView",
    "ReportView",
    "ReReadBody",
    "ReReadingBody",
    "Response",
    "ReviewScanBody",
    "ReviewScanView",
    "ReviewView",
    "RowProblem",
    "RowProblemContext",
    "RowView",
    "Rule",
    "ScanView",
    "ScoreChangedView",
    "ScoreView",
    "Seen",
    "SeenBody",
    "SeenNonTargets",
    "SeenTargets",
    "StandingAssessment",
    "StateBody",
    "StatedStandsBody",
    "TargetBody",
    "TargetLesion",
    "TaskView",
    "TaskViewTask",
    "TimepointBody",
    "TimepointRecorded",
    "TumourAssessmentBody",
    "Violation",
)
