"""A criterion that the sponsor lets stand in a subject's way no longer (ruling 4)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.course import EligibilityOverridden, ProtocolDeviationRecorded
from contracts.protocol.criteria import FIRST_GATE
from contracts.vocabulary.course import DeviationKind, Severity
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.criteria import evaluate
from services.enrolment.domain.known import known
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import (
    alive_on,
    consent_in_force,
    not_in_the_future,
    screened,
    screening_open,
)


@dataclass(frozen=True, slots=True)
class OverrideEligibility:
    """Let one criterion of a gate count as passed for a subject. `reason` is sealed before it gets here."""

    study: str
    subject: str
    gate: int
    criterion: str
    overridden_on: date
    reason: SealedText | None = None

    @property
    def occurred_on(self) -> date:
        """The day of the decision: gates of earlier days are not touched by it."""
        return self.overridden_on


def override_eligibility(
    subject: Subject, setting: Setting, cmd: OverrideEligibility
) -> tuple[EligibilityOverridden, ...]:
    """Override a criterion that fails or is not known on that day, as long as its gate is not passed."""
    screening, on = screened(subject), cmd.overridden_on
    not_in_the_future(setting.today, overridden_on=on)
    alive_on(subject, on)
    if subject.randomized_on is not None:
        raise Refused(refusals.standing.ALREADY_RANDOMIZED, randomized_on=subject.randomized_on)
    if cmd.gate == FIRST_GATE and subject.inclusion is not None:
        raise Refused(refusals.standing.ALREADY_INCLUDED, included_on=subject.inclusion.included_on)
    screening_open(subject)
    if on < screening.screened_on:
        raise Refused(refusals.standing.BEFORE_SCREENING, screened_on=screening.screened_on)
    consent_in_force(subject, on)
    _may_be_overridden(setting, cmd)
    if cmd.criterion in subject.overridden(cmd.gate, setting.today):
        raise Refused(refusals.gates.ALREADY_OVERRIDDEN, criterion=cmd.criterion)
    found = evaluate(cmd.gate, setting.protocol, subject.findings, known(subject, setting.site, on), on)
    if any(row.criterion == cmd.criterion and row.passes is Truth.TRUE for row in found.rows):
        raise Refused(refusals.gates.NOTHING_TO_OVERRIDE, criterion=cmd.criterion)
    return (
        EligibilityOverridden(
            study=cmd.study,
            subject=cmd.subject,
            gate=cmd.gate,
            criterion=cmd.criterion,
            overridden_on=on,
            reason=cmd.reason,
        ),
    )


def deviation_of(fact: EligibilityOverridden, event_id: UUID) -> ProtocolDeviationRecorded:
    """What an override always is as well: a major deviation, by which the per-protocol set is made (ruling 17)."""
    return ProtocolDeviationRecorded(
        study=fact.study,
        subject=fact.subject,
        deviation=DeviationKind.ELIGIBILITY_OVERRIDDEN,
        severity=Severity.MAJOR,
        occurred_on=fact.overridden_on,
        about=event_id,
        criterion=fact.criterion,
    )


def _may_be_overridden(setting: Setting, cmd: OverrideEligibility) -> None:
    criteria = {criterion.id: criterion for criterion in setting.protocol.gate(cmd.gate)}
    if cmd.criterion not in criteria:
        raise Refused(refusals.gates.UNKNOWN_CRITERION, criteria=list(criteria))
    if not criteria[cmd.criterion].overridable:
        overridable = [criterion.id for criterion in criteria.values() if criterion.overridable]
        raise Refused(refusals.gates.NOT_OVERRIDABLE, overridable=overridable)
