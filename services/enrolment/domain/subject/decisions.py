"""Which function decides which command about a subject."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from contracts.events.fact import Fact
from services.enrolment.domain.setting import Setting, SubjectCommand
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject import (
    cycles,
    delays,
    ending,
    entry,
    exits,
    followup,
    loss,
    overrides,
    screening_end,
    treatment,
    visits,
    withdrawal,
)
from services.enrolment.domain.subject.guards import followed_on, in_study_on

Decision = Callable[[Subject, Setting, Any], tuple[Fact, ...]]

DECISIONS: Final[Mapping[type, Decision]] = MappingProxyType(
    {
        entry.SignConsent: entry.sign_consent,
        entry.RecordFindings: entry.record_findings,
        cycles.AdministerCycle: treatment.administer_cycle,
        delays.DelayCycle: delays.delay_cycle,
        delays.OmitCycle: delays.omit_cycle,
        treatment.StartSurveillance: treatment.start_surveillance,
        treatment.DiscontinueTreatment: treatment.discontinue_treatment,
        overrides.OverrideEligibility: overrides.override_eligibility,
        screening_end.EndScreening: screening_end.end_screening,
        exits.EndRunIn: exits.end_run_in,
        exits.RecordDeath: exits.record_death,
        followup.StartNewTherapy: followup.start_new_therapy,
        followup.RecordSurvivalContact: followup.record_survival_contact,
        withdrawal.WithdrawConsent: withdrawal.withdraw_consent,
        loss.DeclareLost: loss.declare_lost,
        loss.FindAgain: loss.find_again,
        ending.EndStudy: ending.end_study,
        visits.PerformVisit: visits.perform_visit,
        visits.ReportDeviation: visits.report_deviation,
    }
)
"""Commands that depend on their subject and its setting alone. A screening and the two gates need more."""

ABOUT_LEAVING: Final = (exits.RecordDeath, withdrawal.WithdrawConsent, ending.EndStudy)
"""Commands of which a day after the subject was last followed is nothing unusual."""


def decide(subject: Subject, setting: Setting, cmd: SubjectCommand) -> tuple[Fact, ...]:
    """The facts that a command leads to, or `Refused`. Of who has left little is recorded but how it went on to end."""
    if isinstance(cmd, loss.FindAgain):
        in_study_on(subject, cmd.occurred_on)
    else:
        followed_on(subject, None if isinstance(cmd, ABOUT_LEAVING) else cmd.occurred_on)
    return DECISIONS[type(cmd)](subject, setting, cmd)
