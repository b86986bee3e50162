"""One function per command: guards in the order in which a person would ask, then the facts."""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction

from contracts.events.heard import Heard
from contracts.events.safety import AdverseEventReported, LaboratoryGraded, LaboratoryResultRecorded
from contracts.vocabulary.clinical import EventOutcome, Seriousness
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.quantity import UnitError, as_decimal, units_of
from services.chassis.refusal import Refused
from services.safety.domain import refusals
from services.safety.domain.commands import RecordLaboratoryResult, ReportAdverseEvent
from services.safety.domain.grading import AnalyteRules, LaboratoryRules, canonical, grade
from services.safety.domain.terms import Terms


def report_adverse_event(
    known: Heard | None,
    standing: AdverseEventReported | None,
    cmd: ReportAdverseEvent,
    terms: Terms,
    *,
    now: datetime,
    zone: tzinfo,
) -> list[AdverseEventReported]:
    """An adverse event of a subject who has consented, under a term and a grade that exist.

    `standing`: what was reported of it before. A narrative stays until another one is sent.
    """
    consent_on = _consented(known, cmd.subject)
    if cmd.follows and standing is None:
        raise Refused(refusals.ADVERSE_EVENT_NOT_FOUND, adverse_event=cmd.adverse_event)
    narrative = standing.narrative if standing is not None else None
    term = terms.by_code.get(cmd.term)
    if term is None:
        raise Refused(refusals.TERM_UNKNOWN, term=cmd.term, dictionary=terms.dictionary)
    if term.specify and not cmd.described and narrative is None:
        raise Refused(refusals.TERM_NEEDS_NARRATIVE, term=term.code)
    if cmd.grade not in term.grades:
        raise Refused(refusals.GRADE_DOES_NOT_EXIST, term=term.code, grade=cmd.grade, exist=term.grades)
    if (cmd.grade is Grade.G5) is not (Seriousness.DEATH in cmd.seriousness):
        raise Refused(refusals.FATAL_IS_GRADE_5, grade=cmd.grade, seriousness=cmd.seriousness)
    if cmd.aware_at > now:
        raise Refused(refusals.AWARE_IN_FUTURE, aware_at=cmd.aware_at, now=now)
    if cmd.onset_on > (aware_on := cmd.aware_at.astimezone(zone).date()):
        raise Refused(refusals.ONSET_AFTER_AWARENESS, onset_on=cmd.onset_on, aware_on=aware_on)
    if cmd.onset_on < consent_on:
        raise Refused(refusals.ONSET_BEFORE_CONSENT, onset_on=cmd.onset_on, consent_on=consent_on)
    if _after_death(known, cmd.onset_on):
        raise Refused(refusals.ONSET_AFTER_DEATH, onset_on=cmd.onset_on)
    _must_end_as_it_says(cmd, aware_on)
    reported = AdverseEventReported(
        study=cmd.study,
        subject=cmd.subject,
        adverse_event=cmd.adverse_event,
        dictionary=terms.dictionary,
        term=term.code,
        grade=cmd.grade,
        onset_on=cmd.onset_on,
        aware_at=cmd.aware_at,
        seriousness=tuple(criterion for criterion in Seriousness if criterion in cmd.seriousness),
        causality=cmd.causality,
        narrative=narrative,
        ended_on=cmd.ended_on,
        outcome=cmd.outcome,
    )
    if standing is not None and not cmd.described and _says_nothing_new(standing, reported):
        raise Refused(refusals.NOTHING_NEW, adverse_event=cmd.adverse_event)
    return [reported]


def record_laboratory_result(
    known: Heard | None, cmd: RecordLaboratoryResult, laboratory: LaboratoryRules, *, today: date
) -> tuple[LaboratoryResultRecorded, LaboratoryGraded]:
    """A result as reported, and the grade that its value establishes. The two are never apart."""
    consent_on = _consented(known, cmd.subject)
    rules = laboratory.by_analyte[cmd.analyte]
    value = _plausible(rules, cmd, "value", cmd.value)
    lower = None if cmd.lower_limit is None else _plausible(rules, cmd, "lower_limit", cmd.lower_limit)
    upper = None if cmd.upper_limit is None else _plausible(rules, cmd, "upper_limit", cmd.upper_limit)
    if lower is not None and upper is not None and lower > upper:
        raise Refused(refusals.LIMITS_REVERSED, lower_limit=cmd.lower_limit, upper_limit=cmd.upper_limit)
    if cmd.sampled_on > today:
        raise Refused(refusals.SAMPLED_IN_FUTURE, sampled_on=cmd.sampled_on, today=today)
    if cmd.sampled_on < consent_on:
        raise Refused(refusals.SAMPLED_BEFORE_CONSENT, sampled_on=cmd.sampled_on, consent_on=consent_on)
    if _after_death(known, cmd.sampled_on):
        raise Refused(refusals.SAMPLED_AFTER_DEATH, sampled_on=cmd.sampled_on)
    recorded = LaboratoryResultRecorded(
        study=cmd.study,
        subject=cmd.subject,
        result=cmd.result,
        analyte=cmd.analyte,
        value=cmd.value,
        unit=cmd.unit,
        lower_limit=cmd.lower_limit,
        upper_limit=cmd.upper_limit,
        sampled_on=cmd.sampled_on,
    )
    possible = grade(rules, value, lower)
    graded = LaboratoryGraded(
        study=cmd.study,
        subject=cmd.subject,
        result=cmd.result,
        analyte=cmd.analyte,
        dictionary=laboratory.dictionary,
        rules_sha256=laboratory.sha256,
        term=rules.term,
        canonical_value=as_decimal(value),
        canonical_unit=rules.unit,
        grade_min=possible.least,
        grade_max=possible.most,
    )
    return recorded, graded


def _must_end_as_it_says(cmd: ReportAdverseEvent, aware_on: date) -> None:
    """A day on which it ended, where and only where it has; and an end that does not come before what is known."""
    if (cmd.outcome is EventOutcome.FATAL) is not (cmd.grade is Grade.G5) and cmd.outcome is not None:
        raise Refused(refusals.FATAL_OUTCOME_IS_GRADE_5, grade=cmd.grade, outcome=cmd.outcome)
    over = cmd.outcome is not None and (cmd.outcome.over or cmd.outcome is EventOutcome.FATAL)
    if over is not (cmd.ended_on is not None):
        raise Refused(refusals.END_AND_OUTCOME_DIFFER, ended_on=cmd.ended_on, outcome=cmd.outcome)
    if cmd.ended_on is not None and not cmd.onset_on <= cmd.ended_on <= aware_on:
        raise Refused(refusals.END_OUT_OF_ORDER, ended_on=cmd.ended_on, onset_on=cmd.onset_on, aware_on=aware_on)


def _says_nothing_new(standing: AdverseEventReported, reported: AdverseEventReported) -> bool:
    """Whether only the moment of awareness differs: that alone would start a clock on nothing."""
    return reported.model_copy(update={"aware_at": standing.aware_at}) == standing


def _consented(known: Heard | None, subject: str) -> date:
    if known is None:
        raise Refused(refusals.SUBJECT_NOT_HEARD_OF, subject=subject)
    if known.erased_on is not None:
        raise Refused(refusals.SUBJECT_ERASED, erased_on=known.erased_on)
    if known.consent_on is None:
        raise Refused(refusals.CONSENT_NOT_HEARD_OF, subject=subject)
    return known.consent_on


def _after_death(known: Heard | None, day: date) -> bool:
    return known is not None and known.died_on is not None and day > known.died_on


def _plausible(rules: AnalyteRules, cmd: RecordLaboratoryResult, field: str, number: Decimal) -> Fraction:
    """The number in the canonical unit. A limit is looked at as hard as the value: a slip in it hides a grade."""
    try:
        value = canonical(rules, number, cmd.unit)
    except UnitError:
        raise Refused(refusals.UNIT_NOT_ACCEPTED, analyte=cmd.analyte, accepted=units_of(rules.scale)) from None
    if not rules.plausible.admits(value, cmd.unit) or (value == 0 and field != "value"):
        raise Refused(refusals.VALUE_NOT_PLAUSIBLE, field=field, analyte=cmd.analyte, unit=cmd.unit)
    return value
