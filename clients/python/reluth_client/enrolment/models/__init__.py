"""Contains all the data models used in inputs/outputs"""

from .amendment_body import AmendmentBody
from .assessment_view import AssessmentView
from .attempt_body import AttemptBody
from .consent_body import ConsentBody
from .consent_entry import ConsentEntry
from .consent_state import ConsentState
from .consent_version_body import ConsentVersionBody
from .consent_version_view import ConsentVersionView
from .consent_view import ConsentView
from .contact_entry import ContactEntry
from .contact_means import ContactMeans
from .correction_body import CorrectionBody
from .cumulative_view import CumulativeView
from .cycle_body import CycleBody
from .cycle_entry import CycleEntry
from .cycle_reason import CycleReason
from .cycle_recorded_view import CycleRecordedView
from .cycle_view import CycleView
from .cycles_view import CyclesView
from .death_body import DeathBody
from .death_cause import DeathCause
from .death_entry import DeathEntry
from .death_view import DeathView
from .delay_body import DelayBody
from .delay_entry import DelayEntry
from .delegation_body import DelegationBody
from .delegation_end_body import DelegationEndBody
from .delegation_view import DelegationView
from .delegations_view import DelegationsView
from .delivery_view import DeliveryView
from .deviation_body import DeviationBody
from .deviation_entry import DeviationEntry
from .deviation_kind import DeviationKind
from .deviation_view import DeviationView
from .discontinuation_body import DiscontinuationBody
from .discontinuation_entry import DiscontinuationEntry
from .disease_view import DiseaseView
from .dose_body import DoseBody
from .dose_view import DoseView
from .duty import Duty
from .eligibility_view import EligibilityView
from .eligibility_view_remedies import EligibilityViewRemedies
from .end_of_study_body import EndOfStudyBody
from .exit_body import ExitBody
from .exit_entry import ExitEntry
from .exit_view import ExitView
from .factor_level import FactorLevel
from .finding_body import FindingBody
from .finding_view import FindingView
from .findings_body import FindingsBody
from .findings_entry import FindingsEntry
from .follow_up_kind import FollowUpKind
from .form_body import FormBody
from .form_view import FormView
from .get_eligibility_gate import GetEligibilityGate
from .given_cycle import GivenCycle
from .held_view import HeldView
from .hindrance_view import HindranceView
from .hit_view import HitView
from .inclusion_body import InclusionBody
from .input_ import Input
from .kind import Kind
from .live_response_live import LiveResponseLive
from .loss_body import LossBody
from .loss_entry import LossEntry
from .missing_view import MissingView
from .new_webhook_view import NewWebhookView
from .next_cycle_view import NextCycleView
from .non_inclusion_body import NonInclusionBody
from .non_inclusion_entry import NonInclusionEntry
from .omission_body import OmissionBody
from .omission_entry import OmissionEntry
from .opened_view import OpenedView
from .override_body import OverrideBody
from .page_delivery_view import PageDeliveryView
from .page_held_view import PageHeldView
from .page_site_view import PageSiteView
from .page_subject_deviation import PageSubjectDeviation
from .page_subject_line import PageSubjectLine
from .page_subject_visits import PageSubjectVisits
from .page_webhook_view import PageWebhookView
from .participation import Participation
from .pause_body import PauseBody
from .phase import Phase
from .point_view import PointView
from .problem import Problem
from .problem_context import ProblemContext
from .put_off_view import PutOffView
from .reader import Reader
from .reason import Reason
from .reconsent_view import ReconsentView
from .reconsents_view import ReconsentsView
from .recontact_body import RecontactBody
from .recontact_entry import RecontactEntry
from .recorded_fact import RecordedFact
from .recorded_fact_fact import RecordedFactFact
from .recorded_view import RecordedView
from .regions_view import RegionsView
from .release_body import ReleaseBody
from .release_reason import ReleaseReason
from .release_view import ReleaseView
from .released_fact import ReleasedFact
from .released_record import ReleasedRecord
from .replay_body import ReplayBody
from .requirement_body import RequirementBody
from .resumption_body import ResumptionBody
from .row_view import RowView
from .run_in_exit import RunInExit
from .severity import Severity
from .sex import Sex
from .site_body import SiteBody
from .site_detail import SiteDetail
from .site_view import SiteView
from .strata_view import StrataView
from .subject_body import SubjectBody
from .subject_deviation import SubjectDeviation
from .subject_deviations import SubjectDeviations
from .subject_line import SubjectLine
from .subject_view import SubjectView
from .subject_visits import SubjectVisits
from .surveillance_body import SurveillanceBody
from .surveillance_entry import SurveillanceEntry
from .survival_contact_body import SurvivalContactBody
from .therapy_body import TherapyBody
from .therapy_class import TherapyClass
from .therapy_entry import TherapyEntry
from .therapy_view import TherapyView
from .treatment_stop import TreatmentStop
from .truth import Truth
from .unmet import Unmet
from .verdict import Verdict
from .version_view import VersionView
from .violation import Violation
from .visit_body import VisitBody
from .visit_entry import VisitEntry
from .visit_status import VisitStatus
from .visit_view import VisitView
from .vital import Vital
from .webhook_body import WebhookBody
from .webhook_body_events_item import WebhookBodyEventsItem
from .webhook_view import WebhookView
from .withdrawal_body import WithdrawalBody
from .withdrawal_entry import WithdrawalEntry
from .withdrawal_scope import WithdrawalScope

__all__ = (
    "AmendmentBody",
    "AssessmentView",
    "AttemptBody",
    "ConsentBody",
    "ConsentEntry",
    "ConsentState",
    "ConsentVersionBody",
    "ConsentVersionView",
    "ConsentView",
    "ContactEntry",
    "ContactMeans",
    "CorrectionBody",
    "CumulativeView",
    "CycleBody",
    "CycleEntry",
    "CycleReason",
    "CycleRecordedView",
    "CyclesView",
    "CycleView",
    "DeathBody",
    "DeathCause",
    "DeathEntry",
    "DeathView",
    "DelayBody",
    "DelayEntry",
    "DelegationBody",
    "DelegationEndBody",
    "DelegationsView",
    "DelegationView",
    "DeliveryView",
    "DeviationBody",
    "DeviationEntry",
    "DeviationKind",
    "DeviationView",
    "DiscontinuationBody",
    "DiscontinuationEntry",
    "DiseaseView",
    "DoseBody",
    "DoseView",
    "Duty",
    "EligibilityView",
    "EligibilityViewRemedies",
    "EndOfStudyBody",
    "ExitBody",
    "ExitEntry",
    "ExitView",
    "FactorLevel",
    "FindingBody",
    "FindingsBody",
    "FindingsEntry",
    "FindingView",
    "FollowUpKind",
    "FormBody",
    "FormView",
    "GetEligibilityGate",
    "GivenCycle",
    "HeldView",
    "HindranceView",
    "HitView",
    "InclusionBody",
    "Input",
    "Kind",
    "LiveResponseLive",
    "LossBody",
    "LossEntry",
    "MissingView",
    "NewWebhookView",
    "NextCycleView",
    "NonInclusionBody",
    "NonInclusionEntry",
    "OmissionBody",
    "OmissionEntry",
    "OpenedView",
    "OverrideBody",
    "PageDeliveryView",
    "PageHeldView",
    "PageSiteView",
    "PageSubjectDeviation",
    "PageSubjectLine",
    "PageSubjectVisits",
    "PageWebhookView",
    "Participation",
    "PauseBody",
    "Phase",
    "PointView",
    "Problem",
    "ProblemContext",
    "PutOffView",
    "Reader",
    "Reason",
    "ReconsentsView",
    "ReconsentView",
    "RecontactBody",
    "RecontactEntry",
    "RecordedFact",
    "RecordedFactFact",
    "RecordedView",
    "RegionsView",
    "ReleaseBody",
    "ReleasedFact",
    "ReleasedRecord",
    "ReleaseReason",
    "ReleaseView",
    "ReplayBody",
    "RequirementBody",
    "ResumptionBody",
    "RowView",
    "RunInExit",
    "Severity",
    "Sex",
    "SiteBody",
    "SiteDetail",
    "SiteView",
    "StrataView",
    "SubjectBody",
    "SubjectDeviation",
    "SubjectDeviations",
    "SubjectLine",
    "SubjectView",
    "SubjectVisits",
    "SurveillanceBody",
    "SurveillanceEntry",
    "SurvivalContactBody",
    "TherapyBody",
    "TherapyClass",
    "TherapyEntry",
    "TherapyView",
    "TreatmentStop",
    "Truth",
    "Unmet",
    "Verdict",
    "VersionView",
    "Violation",
    "VisitBody",
    "VisitEntry",
    "VisitStatus",
    "VisitView",
    "Vital",
    "WebhookBody",
    "WebhookBodyEventsItem",
    "WebhookView",
    "WithdrawalBody",
    "WithdrawalEntry",
    "WithdrawalScope",
)
