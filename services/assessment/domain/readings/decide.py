"""One function per command: guards in the order in which a person would ask, then the facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.events.assessment import BaselineRead, QueryEnd, ResponseQueried, ResponseQueryClosed, TumourAssessed
from contracts.events.heard import Heard
from contracts.events.lesions import TargetLesion
from contracts.protocol.tumour_response import TumourResponse
from contracts.vocabulary.clinical import Reader
from services.assessment.domain.readings.commands import ConfirmStated, ReadBaseline, RecordTumourAssessment
from services.assessment.domain.readings.derived import Beside, derivations
from services.assessment.domain.readings.lesions import must_be_choosable, must_be_followed
from services.assessment.domain.readings.state import SubjectAssessments
from services.assessment.domain.refusals import lesions
from services.assessment.domain.refusals import readings as refusals
from services.assessment.domain.standing import included
from services.chassis.refusal import Refused


@dataclass(frozen=True, slots=True)
class Rules:
    """What of the protocol and the calendar a decision rests on. `timepoints` are in the order of the visits."""

    timepoints: tuple[str, ...]
    response: TumourResponse | None
    today: date


def record_tumour_assessment(
    state: SubjectAssessments, known: Heard | None, cmd: RecordTumourAssessment, rules: Rules
) -> list[TumourAssessed]:
    """A reading of one timepoint, or of one that was read before.

    Whether the subject was randomized is not asked: that service's facts are not read here (docs/adr/0010).
    """
    if cmd.timepoint not in rules.timepoints:
        raise Refused(refusals.TIMEPOINT_UNKNOWN, permitted=rules.timepoints)
    consent_on, included_on = included(known, cmd.subject)
    there = state.of(cmd.timepoint, cmd.reader)
    if there is not None and not cmd.again:
        raise Refused(refusals.ALREADY_ASSESSED, timepoint=cmd.timepoint, event_id=there.event.event_id)
    if there is None and cmd.again:
        raise Refused(lesions.NOTHING_TO_READ_AGAIN)
    if cmd.scan_on < consent_on:
        raise Refused(refusals.SCAN_BEFORE_CONSENT, scan_on=cmd.scan_on, consent_on=consent_on)
    if cmd.scan_on < included_on:
        raise Refused(refusals.SCAN_BEFORE_INCLUSION, scan_on=cmd.scan_on, included_on=included_on)
    _must_be_made(known, cmd.scan_on, rules.today)
    _must_be_in_order(state, cmd, rules.timepoints)
    _must_be_measured(state, cmd, rules)
    return [
        TumourAssessed(
            study=cmd.study,
            subject=cmd.subject,
            timepoint=cmd.timepoint,
            scan_on=cmd.scan_on,
            modality=cmd.modality,
            reader=cmd.reader,
            response=cmd.response,
            seen=cmd.seen,
            study_uid=cmd.study_uid,
        )
    ]


def read_baseline(
    state: SubjectAssessments, known: Heard | None, cmd: ReadBaseline, rules: Rules
) -> list[BaselineRead]:
    """The choice of lesions on a baseline scan. That of before the first timepoint may be older than the consent."""
    included(known, cmd.subject)
    if rules.response is None:
        raise Refused(lesions.NOT_BY_LESIONS)
    if cmd.baseline not in rules.response.baselines:
        raise Refused(lesions.BASELINE_UNKNOWN, permitted=rules.response.baselines)
    there = state.baseline(cmd.baseline, cmd.reader)
    if there is not None and not cmd.again:
        raise Refused(lesions.ALREADY_CHOSEN, event_id=there.event.event_id)
    if there is None and cmd.again:
        raise Refused(lesions.NOTHING_TO_READ_AGAIN)
    _must_be_made(known, cmd.scan_on, rules.today)
    must_be_choosable(cmd.targets, cmd.non_targets, rules.response)
    if (same := state.of(cmd.baseline, cmd.reader)) is not None and same.fact.seen is not None:
        _must_agree(same.fact.seen.targets.items(), cmd.targets)
    for beside in derivations(state, cmd.reader, rules.response, rules.timepoints).values():
        reading = state.of(beside.timepoint, cmd.reader)
        if beside.baseline == cmd.baseline and reading is not None and reading.fact.seen is not None:
            must_be_followed(reading.fact.seen, cmd.targets, cmd.non_targets, cmd.baseline)
    return [
        BaselineRead(
            study=cmd.study,
            subject=cmd.subject,
            baseline=cmd.baseline,
            scan_on=cmd.scan_on,
            modality=cmd.modality,
            reader=cmd.reader,
            targets=cmd.targets,
            non_targets=cmd.non_targets,
            study_uid=cmd.study_uid,
        )
    ]


def queries(
    state: SubjectAssessments, study: str, subject: str, reader: Reader, rules: Rules
) -> list[ResponseQueried | ResponseQueryClosed]:
    """What is to be asked, and what need not be asked any more, once all that is in the state was read."""
    if rules.response is None:
        return []
    facts: list[ResponseQueried | ResponseQueryClosed] = []
    for beside in derivations(state, reader, rules.response, rules.timepoints).values():
        asked = _asked(study, subject, reader, beside)
        last = state.last_query(beside.timepoint, reader)
        if last is not None and last.fact == asked and (last.closed is None or _stands(last.closed)):
            continue
        if last is not None and last.closed is None:
            over = ResponseQueryClosed(
                study=study, subject=subject, query=last.event.event_id, because=QueryEnd.READ_AGAIN
            )
            facts.append(over)
        if asked is not None:
            facts.append(asked)
    return facts


def confirm_stated(state: SubjectAssessments, cmd: ConfirmStated) -> list[ResponseQueryClosed]:
    """The reader stays with the stated response. The derived one stays beside it."""
    query = next((one for one in state.queries if one.event.event_id == cmd.query), None)
    if query is None:
        raise Refused(lesions.QUERY_NOT_FOUND)
    if query.closed is not None:
        raise Refused(lesions.QUERY_CLOSED, because=query.closed.because)
    return [ResponseQueryClosed(study=cmd.study, subject=cmd.subject, query=cmd.query, because=QueryEnd.STATED_STANDS)]


def _asked(study: str, subject: str, reader: Reader, beside: Beside) -> ResponseQueried | None:
    if beside.derived is None or not beside.differs:
        return None
    return ResponseQueried(
        study=study,
        subject=subject,
        timepoint=beside.timepoint,
        reader=reader,
        stated=beside.stated,
        derived=beside.derived.response,
        rule=beside.derived.overall.rule,
        lesions=beside.derived.overall.lesions,
    )


def _stands(closed: ResponseQueryClosed) -> bool:
    return closed.because is QueryEnd.STATED_STANDS


def _must_be_made(known: Heard | None, scan_on: date, today: date) -> None:
    if scan_on > today:
        raise Refused(refusals.SCAN_IN_FUTURE, scan_on=scan_on, today=today)
    if known is not None and known.died_on is not None and scan_on > known.died_on:
        raise Refused(refusals.SCAN_AFTER_DEATH, scan_on=scan_on)


def _must_be_in_order(state: SubjectAssessments, cmd: RecordTumourAssessment, timepoints: tuple[str, ...]) -> None:
    """Scan dates rise with the timepoints, so one scan cannot stand for two of them."""
    place = timepoints.index(cmd.timepoint)
    for reading in state.readings:
        fact = reading.fact
        if fact.reader is not cmd.reader or fact.timepoint not in timepoints or fact.timepoint == cmd.timepoint:
            continue
        before = timepoints.index(fact.timepoint) < place
        if reading.scan_on >= cmd.scan_on if before else reading.scan_on <= cmd.scan_on:
            raise Refused(refusals.SCANS_OUT_OF_ORDER, other=fact.timepoint, other_scan_on=reading.scan_on)


def _must_be_measured(state: SubjectAssessments, cmd: RecordTumourAssessment, rules: Rules) -> None:
    if cmd.seen is None:
        return
    if rules.response is None:
        raise Refused(lesions.NOT_BY_LESIONS)
    baseline = rules.response.baseline_of(cmd.timepoint, rules.timepoints)
    chosen = state.baseline(baseline, cmd.reader)
    if chosen is None:
        raise Refused(lesions.BASELINE_MISSING, baseline=baseline)
    must_be_followed(cmd.seen, chosen.fact.targets, chosen.fact.non_targets, baseline)
    if (own := state.baseline(cmd.timepoint, cmd.reader)) is not None:
        _must_agree(cmd.seen.targets.items(), own.fact.targets)


def _must_agree(measured: Iterable[tuple[str, int | None]], chosen: Iterable[TargetLesion]) -> None:
    """A scan that is both a timepoint and a baseline gives one length to a lesion."""
    lengths = dict(measured)
    for one in chosen:
        if lengths.get(one.lesion) not in (None, one.tenths):
            raise Refused(lesions.MEASURED_DIFFERENTLY, lesion=one.lesion)
