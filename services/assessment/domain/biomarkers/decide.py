"""Guards of a measurement, then the fact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.events.biomarkers import BiomarkerMeasured
from contracts.events.heard import Heard
from contracts.protocol.biomarkers import BiomarkerRule
from services.assessment.domain.biomarkers.state import Biomarkers
from services.assessment.domain.refusals import biomarkers as refusals
from services.assessment.domain.standing import dated, included
from services.chassis.refusal import Refused


@dataclass(frozen=True, slots=True)
class RecordBiomarker:
    """A measurement. `replaces`: one that was recorded wrongly."""

    study: str
    subject: str
    marker: str
    value: Decimal
    unit: str
    upper_limit: Decimal | None
    method: str | None
    sampled_on: date
    replaces: UUID | None = None


def rule_of(rules: Sequence[BiomarkerRule], marker: str) -> BiomarkerRule:
    """The rule of a marker. Raises `Refused` for one that the protocol does not follow."""
    for rule in rules:
        if rule.marker == marker:
            return rule
    raise Refused(refusals.UNKNOWN_MARKER, permitted=[rule.marker for rule in rules])


def record(
    state: Biomarkers, known: Heard | None, cmd: RecordBiomarker, rules: Sequence[BiomarkerRule], today: date
) -> list[BiomarkerMeasured]:
    """One value of a marker a day. What was sampled before the inclusion counts from the consent on."""
    consent_on, _ = included(known, cmd.subject)
    rule = rule_of(rules, cmd.marker)
    if cmd.unit not in rule.accepted:
        raise Refused(refusals.UNKNOWN_UNIT, accepted=rule.accepted)
    if cmd.upper_limit is not None and cmd.upper_limit == 0:
        raise Refused(refusals.NO_LIMIT)
    if cmd.replaces is not None and state.of(cmd.replaces) is None:
        raise Refused(refusals.NOT_FOUND)
    for one in state.measured:
        same = (one.fact.marker, one.fact.sampled_on) == (cmd.marker, cmd.sampled_on)
        if same and one.event.event_id != cmd.replaces:
            raise Refused(refusals.MEASURED_ALREADY, event_id=one.event.event_id)
    dated(known, cmd.sampled_on, field="sampled_on", since=consent_on, today=today)
    return [
        BiomarkerMeasured(
            study=cmd.study,
            subject=cmd.subject,
            marker=cmd.marker,
            value=cmd.value,
            unit=cmd.unit,
            upper_limit=cmd.upper_limit,
            method=cmd.method,
            sampled_on=cmd.sampled_on,
            replaces=cmd.replaces,
        )
    ]
