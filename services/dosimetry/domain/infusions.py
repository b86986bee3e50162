"""The infusion of a cycle, as the zero of its hours and the activity of its doses."""

from datetime import date, datetime, tzinfo

from contracts.events.dosimetry import InfusionRecorded
from contracts.events.heard import Heard
from contracts.protocol.model import Protocol
from services.chassis.refusal import Refused
from services.dosimetry.domain import refusals
from services.dosimetry.domain.commands import RecordInfusion
from services.dosimetry.domain.standing import died_before, included, must_have
from services.dosimetry.domain.state import SubjectDosimetry


def record_infusion(
    state: SubjectDosimetry,
    known: Heard | None,
    cmd: RecordInfusion,
    protocol: Protocol,
    *,
    now: datetime,
    zone: tzinfo,
) -> InfusionRecorded:
    """One infusion for each cycle, in the order of the cycles."""
    included_on = included(known, cmd.subject)
    must_have(protocol, cmd.cycle)
    day = cmd.infusion_started_at.astimezone(zone).date()
    if cmd.infusion_started_at > now or day < included_on or died_before(known, day):
        raise Refused(refusals.DATE_NOT_POSSIBLE, field="infusion_started_at", included_on=included_on)
    if (there := state.infusion(cmd.cycle)) is not None:
        raise Refused(refusals.INFUSION_ALREADY_RECORDED, cycle=cmd.cycle, event_id=there.event_id)
    for one in state.of(InfusionRecorded):
        if (one.fact.cycle < cmd.cycle) is not (one.fact.infusion_started_at < cmd.infusion_started_at):
            raise Refused(
                refusals.INFUSION_OUT_OF_ORDER, cycle=one.fact.cycle, infusion_started_at=one.fact.infusion_started_at
            )
    return InfusionRecorded(
        study=cmd.study,
        subject=cmd.subject,
        cycle=cmd.cycle,
        administered_mbq=cmd.administered_mbq,
        infusion_started_at=cmd.infusion_started_at,
    )


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day of a moment in the trial's own time zone."""
    return moment.astimezone(zone).date()
