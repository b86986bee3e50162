"""Which function decides which command about a subject."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from contracts.events.fact import Fact
from services.enrolment.domain.setting import Setting, SubjectCommand
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject import cycles, entry, exits, followup

Decision = Callable[[Subject, Setting, Any], tuple[Fact, ...]]

DECISIONS: Final[Mapping[type, Decision]] = MappingProxyType(
    {
        entry.SignConsent: entry.sign_consent,
        entry.RecordFindings: entry.record_findings,
        cycles.AdministerCycle: cycles.administer_cycle,
        exits.EndRunIn: exits.end_run_in,
        exits.RecordDeath: exits.record_death,
        followup.StartNewTherapy: followup.start_new_therapy,
        followup.RecordSurvivalContact: followup.record_survival_contact,
    }
)
"""Commands that depend on their subject and its setting alone. A screening and the two gates need more."""


def decide(subject: Subject, setting: Setting, cmd: SubjectCommand) -> tuple[Fact, ...]:
    """The facts that a command leads to, or `Refused`."""
    return DECISIONS[type(cmd)](subject, setting, cmd)
