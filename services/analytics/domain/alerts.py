"""The alerts that safety raised about one subject, for lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.safety import AlertEpisodeClosed, AlertRaised
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.identifiers import site_of


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert and its place in the log of safety. `evidence` is the fact that the rule fired on.

    `open` until its condition no longer holds; it says nothing about what a person did with it.
    """

    alert: UUID
    rule: str
    rule_version: int
    priority: int
    term: int
    grade: Grade
    evidence: UUID
    raised_at: datetime
    position: int
    open: bool = True


@dataclass(frozen=True, slots=True)
class Alerts:
    """Every alert about one subject, by id: an id names one episode, so that its first raising counts."""

    study: str
    subject: str
    raised: Mapping[UUID, Alert] = field(default_factory=dict)
    erased: bool = False

    @property
    def site(self) -> str:
        """The site of the subject."""
        return site_of(self.subject)


def fold(alerts: Alerts, envelope: Envelope[Fact]) -> Alerts:
    """The alerts after one more fact about the subject."""
    if alerts.erased:
        return alerts
    match envelope.fact:
        case SubjectErased():
            return Alerts(alerts.study, alerts.subject, erased=True)
        case AlertRaised() as fact if fact.alert not in alerts.raised:
            alert = Alert(
                alert=fact.alert,
                rule=fact.rule,
                rule_version=fact.rule_version,
                priority=fact.priority,
                term=fact.term,
                grade=fact.grade,
                evidence=fact.evidence,
                raised_at=fact.raised_at,
                position=envelope.position,
            )
            return replace(alerts, raised={**alerts.raised, fact.alert: alert})
        case AlertEpisodeClosed() as fact if fact.alert in alerts.raised:
            closed = replace(alerts.raised[fact.alert], open=False)
            return replace(alerts, raised={**alerts.raised, fact.alert: closed})
        case _:
            return alerts
