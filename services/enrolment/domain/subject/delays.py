"""Cycles that are put off, and cycles that are left out: of the run-in and after it, with their reason."""

from dataclasses import dataclass
from datetime import date

from contracts.events.treatment import CycleDelayed, CycleOmitted
from contracts.protocol.schedule import CycleRule
from contracts.vocabulary.course import CycleReason
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.cycles import Window, no_run_in_cycle, untreatable, window_of
from services.enrolment.domain.subject.guards import not_in_the_future, screened
from services.enrolment.domain.subject.treatment import not_next_after_randomization


@dataclass(frozen=True, slots=True)
class DelayCycle:
    """Put the next cycle off to a later day."""

    study: str
    subject: str
    cycle: int
    delayed_on: date
    planned_on: date
    reason: CycleReason

    @property
    def occurred_on(self) -> date:
        """The day of the decision."""
        return self.delayed_on


@dataclass(frozen=True, slots=True)
class OmitCycle:
    """Leave the next cycle out."""

    study: str
    subject: str
    cycle: int
    omitted_on: date
    reason: CycleReason

    @property
    def occurred_on(self) -> date:
        """The day of the decision."""
        return self.omitted_on


def delay_cycle(subject: Subject, setting: Setting, cmd: DelayCycle) -> tuple[CycleDelayed, ...]:
    """Put the next cycle off, at most to the last day that the protocol allows: later it is left out, or the end."""
    rule = _next(subject, setting, cmd.cycle, cmd.delayed_on, "delayed_on")
    window = window_of(subject, rule)
    if window is None:
        raise Refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=None)
    planned = planned_on(subject, rule, window)
    if cmd.planned_on <= max(planned, cmd.delayed_on):
        raise Refused(refusals.treatment.DELAY_NOT_LATER, planned_on=max(planned, cmd.delayed_on))
    if cmd.planned_on > window.latest_on:
        raise Refused(refusals.treatment.DELAY_BEYOND_LATEST, latest_on=window.latest_on)
    return (
        CycleDelayed(
            study=cmd.study,
            subject=cmd.subject,
            cycle=cmd.cycle,
            delayed_on=cmd.delayed_on,
            planned_on=cmd.planned_on,
            reason=cmd.reason,
        ),
    )


def omit_cycle(subject: Subject, setting: Setting, cmd: OmitCycle) -> tuple[CycleOmitted, ...]:
    """Leave the next cycle of the arm out. Who is not given a cycle of the run-in leaves the run-in instead."""
    if _next(subject, setting, cmd.cycle, cmd.omitted_on, "omitted_on").phase == "run_in":
        raise Refused(refusals.treatment.RUN_IN_CYCLE_NOT_OMITTED)
    return (
        CycleOmitted(
            study=cmd.study, subject=cmd.subject, cycle=cmd.cycle, omitted_on=cmd.omitted_on, reason=cmd.reason
        ),
    )


def planned_on(subject: Subject, rule: CycleRule, window: Window) -> date:
    """The day for which a cycle is planned: that of its last delay, else the target of its window."""
    days = [put.planned_on for put in subject.put_off if put.cycle == rule.number and put.planned_on is not None]
    return days[-1] if days else window.target_on


def _next(subject: Subject, setting: Setting, number: int, on: date, field: str) -> CycleRule:
    """The rule of a cycle that comes next and that a subject could be given, or `Refused`."""
    screened(subject)
    not_in_the_future(setting.today, **{field: on})
    for refused in untreatable(subject, on):
        raise refused
    rule = setting.protocol.cycle.get(number)
    standing = (
        not_next_after_randomization(subject, rule, on)
        if rule is not None and rule.phase == "randomized"
        else no_run_in_cycle(subject, setting.protocol, number, on)
    )
    for refused in standing:
        raise refused
    return setting.protocol.cycle[number]
