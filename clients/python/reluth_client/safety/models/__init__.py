"""Contains all the data models used in inputs/outputs"""

from .adverse_event_body import AdverseEventBody
from .adverse_event_view import AdverseEventView
from .alert_view import AlertView
from .analyte import Analyte
from .causality import Causality
from .event_outcome import EventOutcome
from .follow_up_body import FollowUpBody
from .grade import Grade
from .grade_view import GradeView
from .held_view import HeldView
from .hit_view import HitView
from .kind import Kind
from .laboratory_result_body import LaboratoryResultBody
from .laboratory_result_view import LaboratoryResultView
from .live_response_live import LiveResponseLive
from .narrated_adverse_event import NarratedAdverseEvent
from .opened_view import OpenedView
from .page_alert_view import PageAlertView
from .page_held_view import PageHeldView
from .page_standing_adverse_event import PageStandingAdverseEvent
from .page_standing_result import PageStandingResult
from .problem import Problem
from .problem_context import ProblemContext
from .release_body import ReleaseBody
from .release_reason import ReleaseReason
from .release_view import ReleaseView
from .released_fact import ReleasedFact
from .released_record import ReleasedRecord
from .seriousness import Seriousness
from .standing_adverse_event import StandingAdverseEvent
from .standing_result import StandingResult
from .term_view import TermView
from .terms_view import TermsView
from .violation import Violation

__all__ = (
    "AdverseEventBody",
    "AdverseEventView",
    "AlertView",
    "Analyte",
    "Causality",
    "EventOutcome",
    "FollowUpBody",
    "Grade",
    "GradeView",
    "HeldView",
    "HitView",
    "Kind",
    "LaboratoryResultBody",
    "LaboratoryResultView",
    "LiveResponseLive",
    "NarratedAdverseEvent",
    "OpenedView",
    "PageAlertView",
    "PageHeldView",
    "PageStandingAdverseEvent",
    "PageStandingResult",
    "Problem",
    "ProblemContext",
    "ReleaseBody",
    "ReleasedFact",
    "ReleasedRecord",
    "ReleaseReason",
    "ReleaseView",
    "Seriousness",
    "StandingAdverseEvent",
    "StandingResult",
    "TermsView",
    "TermView",
    "Violation",
)
