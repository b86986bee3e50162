"""Treatment after randomization: the arm as heard, its cycles, surveillance, the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.events.fact import Fact
from contracts.events.treatment import SurveillanceStarted, TreatmentCycleAdministered, TreatmentDiscontinued
from contracts.protocol.model import Protocol
from contracts.protocol.schedule import CycleRule
from contracts.vocabulary.course import TreatmentStop
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.records import Assigned
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.cycles import (
    AdministerCycle,
    activity,
    no_run_in_cycle,
    over_a_lifetime,
    run_in_cycle,
    too_soon,
    untreatable,
)
from services.enrolment.domain.subject.guards import alive_on, not_in_the_future, screened


class Phase(StrEnum):
    """How far study treatment after randomization has come (digest 4, T11 to T15). It tells the arm.

    `ASSESSMENT` follows the last cycle by itself: no fact says so.
    """

    AWAITED = "AWAITED"
    ON_TREATMENT = "ON_TREATMENT"
    ASSESSMENT = "ASSESSMENT"


@dataclass(frozen=True, slots=True)
class StartSurveillance:
    """Record that surveillance began, in an arm without cycles."""

    study: str
    subject: str
    started_on: date

    @property
    def occurred_on(self) -> date:
        """Its first day."""
        return self.started_on


@dataclass(frozen=True, slots=True)
class DiscontinueTreatment:
    """Record that study treatment ended before all its cycles were given."""

    study: str
    subject: str
    discontinued_on: date
    reason: TreatmentStop

    @property
    def occurred_on(self) -> date:
        """The day of the decision."""
        return self.discontinued_on


def assigned(subject: Subject, protocol: Protocol, arm: str, on: date) -> tuple[TreatmentAssigned, ...]:
    """What the arm means, as heard: the cycles that the protocol has for it. Once; an allocation is final.

    It may be heard before the randomization itself. An arm that the protocol does not have is `Refused`: whoever
    listens then holds the subject back until the files of the protocol are mended.
    """
    if subject.screening is None or subject.assigned is not None:
        return ()
    known = next((one for one in protocol.arms if one.code == arm), None)
    if known is None:
        raise Refused(refusals.treatment.UNKNOWN_ARM)
    who = subject.screening.subject
    return (TreatmentAssigned(study=protocol.study.id, subject=who, arm=arm, cycles=known.cycles, assigned_on=on),)


def administer_cycle(subject: Subject, setting: Setting, cmd: AdministerCycle) -> tuple[Fact, ...]:
    """Record a cycle that was given, of the run-in or after it."""
    screened(subject)
    not_in_the_future(setting.today, given_on=cmd.given_on)
    for refused in forbidding(subject, setting.protocol, cmd.cycle, cmd.given_on):
        raise refused
    rule = setting.protocol.cycle[cmd.cycle]
    if rule.phase == "run_in":
        return run_in_cycle(setting, cmd, rule)
    given = activity(setting, cmd, rule)
    return (
        TreatmentCycleAdministered(
            study=cmd.study,
            subject=cmd.subject,
            cycle=cmd.cycle,
            given_on=cmd.given_on,
            prescribed_mbq=given.prescribed_mbq,
            administered_mbq=given.administered_mbq,
            reduction_reason=cmd.reduction_reason,
            dose=given.dose,
        ),
    )


def start_surveillance(subject: Subject, setting: Setting, cmd: StartSurveillance) -> tuple[SurveillanceStarted, ...]:
    """Record the start of surveillance (T14)."""
    screened(subject)
    not_in_the_future(setting.today, started_on=cmd.started_on)
    arm = _assigned_by(subject, cmd.started_on)
    if arm.cycles:
        raise Refused(refusals.treatment.ARM_HAS_CYCLES)
    if subject.surveillance_since is not None:
        raise Refused(refusals.treatment.SURVEILLANCE_STARTED, started_on=subject.surveillance_since)
    for refused in untreatable(subject, cmd.started_on):
        if refused.refusal is not refusals.treatment.PROGRESSED:  # who progressed is followed all the same
            raise refused
    return (SurveillanceStarted(study=cmd.study, subject=cmd.subject, started_on=cmd.started_on),)


def discontinue_treatment(
    subject: Subject, setting: Setting, cmd: DiscontinueTreatment
) -> tuple[TreatmentDiscontinued, ...]:
    """Record the end of study treatment (T13). The subject stays in follow-up and in the analysis."""
    screened(subject)
    not_in_the_future(setting.today, discontinued_on=cmd.discontinued_on)
    alive_on(subject, cmd.discontinued_on)
    _assigned_by(subject, cmd.discontinued_on)
    if subject.stop is not None:
        raise Refused(refusals.treatment.TREATMENT_OVER, discontinued_on=subject.stop.discontinued_on)
    if not cycles_left(subject):
        raise Refused(refusals.treatment.NO_TREATMENT_TO_STOP)
    if subject.treatment and cmd.discontinued_on < subject.treatment[-1].given_on:
        raise Refused(refusals.treatment.STOP_BEFORE_CYCLE, given_on=subject.treatment[-1].given_on)
    return (
        TreatmentDiscontinued(
            study=cmd.study, subject=cmd.subject, reason=cmd.reason, discontinued_on=cmd.discontinued_on
        ),
    )


def forbidding(subject: Subject, protocol: Protocol, number: int, on: date) -> Iterator[Refused]:
    """Everything that forbids giving a cycle on a day, in the order in which a person would ask.

    The command refuses by the first of them; the read of the cycles shows them all.
    """
    yield from untreatable(subject, on)
    rule = protocol.cycle.get(number)
    if rule is not None and rule.phase == "randomized":
        yield from not_next_after_randomization(subject, rule, on)
    else:
        yield from no_run_in_cycle(subject, protocol, number, on)
    if rule is not None:
        yield from too_soon(subject, rule, on)
    yield from over_a_lifetime(subject, protocol, on)


def not_next_after_randomization(subject: Subject, rule: CycleRule, on: date) -> Iterator[Refused]:
    """What keeps a subject from this cycle of its arm, beside what keeps it from any treatment (invariant 7)."""
    try:
        arm = _assigned_by(subject, on)
    except Refused as refused:
        yield refused
        return
    if rule.number not in arm.cycles:
        yield Refused(refusals.treatment.ARM_HAS_NO_CYCLE, cycle=rule.number)
        return
    if subject.stop is not None and on > subject.stop.discontinued_on:
        yield Refused(refusals.treatment.TREATMENT_OVER, discontinued_on=subject.stop.discontinued_on)
    left = cycles_left(subject, stopped=False)
    if not left or left[0] != rule.number:
        yield Refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=left[0] if left else None)


def cycles_left(subject: Subject, *, stopped: bool = True) -> tuple[int, ...]:
    """The cycles of the arm that are neither given nor left out. None once treatment is `stopped`, if that counts."""
    if subject.assigned is None or (stopped and subject.stop is not None):
        return ()
    gone = {put.cycle for put in subject.put_off if put.planned_on is None}
    gone |= {cycle.number for cycle in subject.treatment}
    return tuple(number for number in subject.assigned.cycles if number not in gone)


def phase(subject: Subject) -> Phase | None:
    """How far treatment has come; None before the arm is heard. For those alone who may know the arm."""
    if subject.assigned is None:
        return None
    if subject.assigned.cycles and cycles_left(subject):
        return Phase.ON_TREATMENT if subject.treatment else Phase.AWAITED
    if not subject.assigned.cycles and subject.surveillance_since is None:
        return Phase.AWAITED
    return Phase.ASSESSMENT


def _assigned_by(subject: Subject, on: date) -> Assigned:
    """The arm, if the randomization was no later than a day, or `Refused`.

    Of who was authorized, word of the randomization may be on its way: waiting helps. Nobody else is randomized.
    """
    if subject.randomized_on is None and not subject.authorizations:
        raise Refused(refusals.treatment.NOT_RANDOMIZED)
    if subject.assigned is None or subject.randomized_on is None:
        raise Refused(refusals.treatment.ARM_NOT_HEARD)
    if on < subject.randomized_on:
        raise Refused(refusals.treatment.BEFORE_RANDOMIZATION, randomized_on=subject.randomized_on)
    return subject.assigned
