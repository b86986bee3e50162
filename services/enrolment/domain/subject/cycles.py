"""The cycles of Lutathera before randomization."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from contracts.events.enrolment import CycleAdministered
from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from contracts.protocol.schedule import CycleRule
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import alive_on, consented_by, included_by, not_in_the_future, screened
from services.enrolment.domain.subject.visits import schedule


@dataclass(frozen=True, slots=True)
class AdministerCycle:
    """Record a run-in cycle that was given. Activities in MBq; None prescribed: what the protocol prescribes."""

    study: str
    subject: str
    cycle: int
    given_on: date
    prescribed_mbq: Decimal | None
    administered_mbq: Decimal

    @property
    def occurred_on(self) -> date:
        """The day of the infusion."""
        return self.given_on


def administer_cycle(subject: Subject, setting: Setting, cmd: AdministerCycle) -> tuple[Fact, ...]:
    """Record a run-in cycle and what is due after it."""
    screened(subject)
    not_in_the_future(setting.today, given_on=cmd.given_on)
    alive_on(subject, cmd.given_on)
    consented_by(subject, cmd.given_on)
    included_by(subject, cmd.given_on)
    if subject.randomized_on is not None:
        raise Refused(refusals.ALREADY_RANDOMIZED, randomized_on=subject.randomized_on)
    if subject.exit is not None and cmd.given_on > subject.exit.ended_on:
        raise Refused(refusals.RUN_IN_OVER, reason=subject.exit.reason, ended_on=subject.exit.ended_on)
    rule = next_cycle(subject, setting.protocol)
    if rule is None or rule.number != cmd.cycle:
        raise Refused(refusals.CYCLE_OUT_OF_ORDER, expected=rule.number if rule else None)
    earliest = anchor_day(subject, rule.after) + timedelta(days=rule.earliest_days)
    if cmd.given_on < earliest:
        raise Refused(refusals.CYCLE_TOO_EARLY, cycle=cmd.cycle, earliest_on=earliest)
    administered = CycleAdministered(
        study=cmd.study,
        subject=cmd.subject,
        cycle=cmd.cycle,
        given_on=cmd.given_on,
        prescribed_mbq=Decimal(rule.prescribed_mbq) if cmd.prescribed_mbq is None else cmd.prescribed_mbq,
        administered_mbq=cmd.administered_mbq,
    )
    return administered, schedule(setting.protocol, cmd.subject, f"cycle_{cmd.cycle}", cmd.given_on)


def next_cycle(subject: Subject, protocol: Protocol) -> CycleRule | None:
    """The run-in cycle that comes next, or None when they are all given."""
    run_in = [rule for rule in protocol.cycles if rule.phase == "run_in"]
    return run_in[len(subject.cycles)] if len(subject.cycles) < len(run_in) else None


def anchor_day(subject: Subject, anchor: str) -> date:
    """The day of an anchor that guards have made sure of: inclusion, or a cycle that was given."""
    if anchor == "inclusion" and subject.inclusion is not None:
        return subject.inclusion.included_on
    return next(cycle.given_on for cycle in subject.cycles if anchor == f"cycle_{cycle.number}")


def cycle_deviations(subject: Subject, protocol: Protocol, fact: CycleAdministered) -> tuple[str, ...]:
    """What about a cycle is outside the protocol without being forbidden, as codes for a person (invariant 9)."""
    rule = protocol.cycle[fact.cycle]
    days = (fact.given_on - anchor_day(subject, rule.after)).days
    off = abs(fact.administered_mbq - fact.prescribed_mbq)
    found = {
        "DOSE_OUTSIDE_TOLERANCE": off * 100 > fact.prescribed_mbq * rule.tolerance_percent,
        "DOSE_NOT_AS_IN_PROTOCOL": fact.prescribed_mbq != Decimal(rule.prescribed_mbq),
        "LATE": rule.on_time_until_days < days <= rule.latest_days,
        "BEYOND_LATEST_DAY": days > rule.latest_days,
    }
    return tuple(code for code, so in found.items() if so)
