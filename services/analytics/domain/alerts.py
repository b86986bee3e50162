"""An alert as raised by safety, for lists."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.safety import AlertRaised
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.identifiers import site_of


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert and where it stands in the log of safety. `evidence` is the fact that the rule fired on."""

    study: str
    alert: UUID
    subject: str
    rule: str
    rule_version: int
    priority: int
    term: int
    grade: Grade
    evidence: UUID
    raised_at: datetime
    position: int

    @property
    def site(self) -> str:
        """The site of the subject."""
        return site_of(self.subject)


def fold(alert: Alert | None, envelope: Envelope[Fact]) -> Alert | None:
    """The alert after one more fact. The first raising counts: the id of an alert names one episode."""
    match envelope.fact:
        case AlertRaised() as fact if alert is None:
            return Alert(
                study=fact.study,
                alert=fact.alert,
                subject=fact.subject,
                rule=fact.rule,
                rule_version=fact.rule_version,
                priority=fact.priority,
                term=fact.term,
                grade=fact.grade,
                evidence=fact.evidence,
                raised_at=fact.raised_at,
                position=envelope.position,
            )
        case _:
            return alert
