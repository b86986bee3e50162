"""One function per command: guards in the order in which a person would ask, then the fact."""

from collections.abc import Sequence
from datetime import date

from contracts.events.assessment import TumourAssessed
from services.assessment.domain.readings.commands import RecordTumourAssessment
from services.assessment.domain.readings.state import SubjectAssessments
from services.assessment.domain.refusals import readings as refusals
from services.assessment.domain.register import Subject
from services.assessment.domain.standing import included
from services.chassis.refusal import Refused


def record_tumour_assessment(
    state: SubjectAssessments,
    known: Subject | None,
    cmd: RecordTumourAssessment,
    *,
    timepoints: Sequence[str],
    today: date,
) -> list[TumourAssessed]:
    """A reading of one timepoint. `timepoints` are those of the protocol, in the order of the visits.

    Whether the subject was randomized is not asked: that service's facts are not read here (docs/adr/0010).
    """
    if cmd.timepoint not in timepoints:
        raise Refused(refusals.TIMEPOINT_UNKNOWN, permitted=timepoints)
    consent_on, included_on = included(known, cmd.subject)
    if (there := state.of(cmd.timepoint, cmd.reader)) is not None:
        raise Refused(refusals.ALREADY_ASSESSED, timepoint=cmd.timepoint, event_id=there.event.event_id)
    if cmd.scan_on > today:
        raise Refused(refusals.SCAN_IN_FUTURE, scan_on=cmd.scan_on, today=today)
    if cmd.scan_on < consent_on:
        raise Refused(refusals.SCAN_BEFORE_CONSENT, scan_on=cmd.scan_on, consent_on=consent_on)
    if cmd.scan_on < included_on:
        raise Refused(refusals.SCAN_BEFORE_INCLUSION, scan_on=cmd.scan_on, included_on=included_on)
    if known is not None and known.died_on is not None and cmd.scan_on > known.died_on:
        raise Refused(refusals.SCAN_AFTER_DEATH, scan_on=cmd.scan_on)
    _require_order(state, cmd, timepoints)
    return [
        TumourAssessed(
            study=cmd.study,
            subject=cmd.subject,
            timepoint=cmd.timepoint,
            scan_on=cmd.scan_on,
            modality=cmd.modality,
            reader=cmd.reader,
            response=cmd.response,
            comment=cmd.comment,
        )
    ]


def _require_order(state: SubjectAssessments, cmd: RecordTumourAssessment, timepoints: Sequence[str]) -> None:
    """Scan dates rise with the timepoints, so one scan cannot stand for two of them."""
    place = timepoints.index(cmd.timepoint)
    for reading in state.readings:
        if reading.fact.reader is not cmd.reader or reading.fact.timepoint not in timepoints:
            continue
        before = timepoints.index(reading.fact.timepoint) < place
        if reading.scan_on >= cmd.scan_on if before else reading.scan_on <= cmd.scan_on:
            raise Refused(refusals.SCANS_OUT_OF_ORDER, other=reading.fact.timepoint, other_scan_on=reading.scan_on)
