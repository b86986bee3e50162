"""The cycles of treatment: what any of them needs, and those before randomization."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from contracts.events.enrolment import CycleAdministered
from contracts.events.fact import Fact
from contracts.events.treatment import CycleDosed, DoseRecord
from contracts.protocol.model import Protocol
from contracts.protocol.schedule import CycleRule
from contracts.vocabulary.course import CycleReason
from services.chassis.refusal import Refused
from services.enrolment.domain import dose, refusals
from services.enrolment.domain.records import Cycle
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import alive_on, consented_by, followed_on, included_by
from services.enrolment.domain.subject.visits import schedule


@dataclass(frozen=True, slots=True)
class AdministerCycle:
    """Record a cycle that was given. Activities in MBq; None prescribed: what the protocol prescribes.

    The administered activity is stated, or follows from what was measured, or both. `reduction_reason` says why less
    was prescribed than the protocol has.
    """

    study: str
    subject: str
    cycle: int
    given_on: date
    prescribed_mbq: Decimal | None
    administered_mbq: Decimal | None
    measured: dose.Measured | None = None
    reduction_reason: CycleReason | None = None

    @property
    def occurred_on(self) -> date:
        """The day of the infusion."""
        return self.given_on


@dataclass(frozen=True, slots=True)
class Activity:
    """What was prescribed and what was given, in MBq, with the record of how that was arrived at, if there is one."""

    prescribed_mbq: Decimal
    administered_mbq: Decimal
    dose: DoseRecord | None


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which the next cycle may be given, is meant to be, and at the latest has to be."""

    earliest_on: date
    target_on: date
    latest_on: date


def run_in_cycle(setting: Setting, cmd: AdministerCycle, rule: CycleRule) -> tuple[Fact, ...]:
    """A cycle of the run-in that nothing forbids, its dose record, and what is due after it."""
    given = activity(setting, cmd, rule)
    administered = CycleAdministered(
        study=cmd.study,
        subject=cmd.subject,
        cycle=cmd.cycle,
        given_on=cmd.given_on,
        prescribed_mbq=given.prescribed_mbq,
        administered_mbq=given.administered_mbq,
        reduction_reason=cmd.reduction_reason,
    )
    due = schedule(setting.protocol, cmd.subject, f"cycle_{cmd.cycle}", cmd.given_on)
    if given.dose is None:
        return administered, due
    return administered, CycleDosed(study=cmd.study, subject=cmd.subject, cycle=cmd.cycle, dose=given.dose), due


def activity(setting: Setting, cmd: AdministerCycle, rule: CycleRule) -> Activity:
    """The activities of a cycle, or `Refused` where they are missing, impossible or contradict each other.

    What follows from measurements is compared unrounded, and kept to 3 decimals.
    """
    prescribed = Decimal(rule.prescribed_mbq) if cmd.prescribed_mbq is None else cmd.prescribed_mbq
    if cmd.measured is None:
        if cmd.administered_mbq is None:
            raise Refused(refusals.treatment.ACTIVITY_MISSING)
        return Activity(prescribed, cmd.administered_mbq, None)
    drug = setting.protocol.radiopharmaceutical
    if drug is None:
        raise Refused(refusals.treatment.DRUG_NOT_DESCRIBED)
    dose.plausible(cmd.measured, cmd.given_on, setting.today, setting.protocol.study.time_zone)
    record = cmd.measured.record(drug)
    calculated = dose.administered_mbq(record)
    if dose.kept(calculated) <= 0:
        raise Refused(refusals.treatment.NOTHING_ADMINISTERED)
    stated = cmd.administered_mbq
    if stated is not None and not dose.agreed(stated, calculated, drug.agreement_percent):
        raise Refused(refusals.treatment.ACTIVITIES_DISAGREE, calculated_mbq=dose.kept(calculated))
    return Activity(prescribed, dose.kept(calculated), record)


def untreatable(subject: Subject, on: date) -> Iterator[Refused]:
    """What keeps a subject from any study treatment on a day (invariants 1, 10 and 12)."""
    for guard in (followed_on, alive_on, consented_by, included_by):
        try:
            guard(subject, on)
        except Refused as refused:
            yield refused
    if subject.progressed_on is not None and on > subject.progressed_on:
        yield Refused(refusals.treatment.PROGRESSED, progressed_on=subject.progressed_on)
    if (withdrawal := subject.withdrawn_by(on)) is not None:
        yield Refused(refusals.standing.CONSENT_WITHDRAWN, scope=withdrawal.scope, withdrawn_on=withdrawal.withdrawn_on)


def no_run_in_cycle(subject: Subject, protocol: Protocol, number: int, on: date) -> Iterator[Refused]:
    """What keeps a subject from this cycle of the run-in, beside what keeps it from any treatment."""
    # One that was recorded in error is recorded again with its own day, also after the randomization.
    if subject.randomized_on is not None and on >= subject.randomized_on:
        yield Refused(refusals.standing.ALREADY_RANDOMIZED, randomized_on=subject.randomized_on)
    if subject.exit is not None and on > subject.exit.ended_on:
        yield Refused(refusals.standing.RUN_IN_OVER, reason=subject.exit.reason, ended_on=subject.exit.ended_on)
    rule = next_cycle(subject, protocol)
    if rule is None or rule.number != number:
        yield Refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=rule.number if rule else None)


def too_soon(subject: Subject, rule: CycleRule, on: date) -> Iterator[Refused]:
    """The interval since the event before a cycle is shorter than the protocol has it (invariant 8)."""
    window = window_of(subject, rule)
    if window is not None and on < window.earliest_on:
        yield Refused(refusals.treatment.CYCLE_TOO_EARLY, cycle=rule.number, earliest_on=window.earliest_on)


def over_a_lifetime(subject: Subject, protocol: Protocol, on: date) -> Iterator[Refused]:
    """One cycle more would be more than anybody may have (invariant 8).

    Where the earlier ones are not known, those of the study alone are counted: a cycle that was given has to be
    recorded, and gate 1 asked for the number. The read of the cycles says beforehand that it is not known.
    """
    limit = protocol.radiopharmaceutical.lifetime if protocol.radiopharmaceutical else None
    if limit is None:
        return
    earlier, studied = earlier_cycles(subject, protocol, on), len(given_cycles(subject))
    if (earlier or 0) + studied >= limit.cycles:
        yield Refused(refusals.treatment.LIFETIME_REACHED, limit=limit.cycles, earlier=earlier, in_study=studied)


def earlier_cycles(subject: Subject, protocol: Protocol, on: date) -> int | None:
    """The cycles before the study, as last recorded on or before a day; None where nobody has."""
    if protocol.radiopharmaceutical is None or protocol.radiopharmaceutical.lifetime is None:
        return None
    held = subject.findings.latest(protocol.radiopharmaceutical.lifetime.earlier_cycles, on)
    return int(held.finding.value) if held is not None else None


def given_cycles(subject: Subject) -> tuple[Cycle, ...]:
    """Every cycle of the study that was given, in order."""
    return (*subject.cycles, *subject.treatment)


def next_cycle(subject: Subject, protocol: Protocol) -> CycleRule | None:
    """The first run-in cycle that is not given, or None when they all are."""
    given = {cycle.number for cycle in subject.cycles}
    return next((rule for rule in protocol.cycles if rule.phase == "run_in" and rule.number not in given), None)


def anchor_day(subject: Subject, rule: CycleRule) -> date | None:
    """The day from which a cycle's window is counted: inclusion, or the last infusion before it.

    That of the cycle before, as the protocol has it; where that one was left out, of the one given last.
    """
    if rule.after == "inclusion":
        return subject.inclusion.included_on if subject.inclusion else None
    before = [cycle.given_on for cycle in given_cycles(subject) if cycle.number < rule.number]
    return before[-1] if before else None


def window_of(subject: Subject, rule: CycleRule) -> Window | None:
    """When a cycle may be given; None as long as what it is counted from has not happened.

    After randomization no cycle is meant before the day of randomization, however early the interval would allow it.
    """
    since = anchor_day(subject, rule)
    if since is None:
        return None
    earliest, target, latest = (
        since + timedelta(days=days) for days in (rule.earliest_days, rule.target_days, rule.latest_days)
    )
    if rule.phase == "randomized" and subject.randomized_on is not None:
        earliest, target = max(earliest, subject.randomized_on), max(target, subject.randomized_on)
    return Window(earliest, target, latest)
