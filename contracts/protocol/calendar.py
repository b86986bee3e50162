"""Planned visits and what has become of them on a day: the one definition, pure dates in and out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from contracts.protocol.model import Protocol
from contracts.protocol.schedule import Offset, VisitRule
from contracts.vocabulary.month import add_months


class VisitStatus(StrEnum):
    """What has become of a planned visit. Outside its window is a deviation, not a lost visit (ruling 11)."""

    PLANNED = "PLANNED"
    DUE = "DUE"
    OVERDUE = "OVERDUE"
    DONE = "DONE"
    DONE_OUT_OF_WINDOW = "DONE_OUT_OF_WINDOW"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit with its dates. `limit_on` is the last day on which a late visit still counts, if there is one."""

    visit: str
    name: str
    target_on: date
    earliest_on: date
    latest_on: date
    limit_on: date | None
    timepoint: str | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A visit as it was scheduled, and from what."""

    visit: str
    anchor: str
    anchor_on: date
    target_on: date
    earliest_on: date
    latest_on: date

    def covers(self, day: date) -> bool:
        """Whether a day lies in the window."""
        return self.earliest_on <= day <= self.latest_on


@dataclass(frozen=True, slots=True)
class Happened:
    """What visits depend on: those that took place, the anchors reached, and when nothing is to come any more."""

    done: Mapping[str, date] = field(default_factory=dict)
    reached: Mapping[str, date] = field(default_factory=dict)
    over_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A scheduled visit on a day, with the day on which it took place if it did."""

    slot: Slot
    status: VisitStatus
    done_on: date | None


def plan(protocol: Protocol, anchor: str, on: date, arm: str | None = None) -> tuple[PlannedVisit, ...]:
    """The visits that follow from an anchor, in the order of the protocol file; none if no visit has this anchor.

    Without an arm those of all arms; with one, those of this arm alone that not all have.
    """
    rules = (rule for rule in protocol.every_visit if rule.anchor == anchor)
    return tuple(visit_from(rule, on) for rule in rules if (arm in rule.arms if arm is not None else not rule.arms))


def visit_from(rule: VisitRule, on: date) -> PlannedVisit:
    """The visit of a rule, counted from the day of its anchor."""
    target = _target(rule.target, on)
    return PlannedVisit(
        visit=rule.id,
        name=rule.name,
        target_on=target,
        earliest_on=target - timedelta(days=rule.days_before),
        latest_on=target + timedelta(days=rule.days_after),
        limit_on=on + timedelta(days=rule.limit_days) if rule.limit_days is not None else None,
        timepoint=rule.timepoint,
    )


def follow_up_ends(protocol: Protocol, reached: Mapping[str, date]) -> date | None:
    """The day on which the follow-up is complete; None before it has begun (ruling 19)."""
    rule = protocol.follow_up
    since = reached.get(rule.since)
    if rule.randomized_since is not None and "randomization" in reached:
        since = reached.get(rule.randomized_since)
    return add_months(since, rule.months) if since is not None else None


def calendar(protocol: Protocol, slots: Iterable[Slot], happened: Happened, on: date) -> tuple[Standing, ...]:
    """Every scheduled visit with its status on a day, by target date."""
    known = tuple(slots)
    ordered = sorted(known, key=lambda slot: (slot.target_on, slot.visit))
    return tuple(_standing(protocol, slot, known, happened, on) for slot in ordered)


def _standing(protocol: Protocol, slot: Slot, slots: tuple[Slot, ...], happened: Happened, on: date) -> Standing:
    rule = protocol.visit.get(slot.visit)
    done = happened.done.get(slot.visit)
    if done is None and rule is not None and rule.done_at is not None:
        done = happened.reached.get(rule.done_at)
    if done is not None and done <= on:
        status = VisitStatus.DONE if slot.covers(done) else VisitStatus.DONE_OUT_OF_WINDOW
        return Standing(slot, status, done)
    ended = min((day for day in _ends(protocol, rule, slot, happened) if day <= on), default=None)
    if ended is not None:
        # What was still possible when it ended was not missed.
        return Standing(slot, VisitStatus.CANCELLED if ended <= slot.latest_on else VisitStatus.MISSED, None)
    return Standing(slot, _awaited(rule, slot, slots, on), None)


def _awaited(rule: VisitRule | None, slot: Slot, slots: tuple[Slot, ...], on: date) -> VisitStatus:
    if on < slot.earliest_on:
        return VisitStatus.PLANNED
    if on <= slot.latest_on:
        return VisitStatus.DUE
    last = _last_day(rule, slot, slots)
    return VisitStatus.MISSED if last is not None and on > last else VisitStatus.OVERDUE


def _last_day(rule: VisitRule | None, slot: Slot, slots: tuple[Slot, ...]) -> date | None:
    """The last day on which a late visit still counts: its limit, else the day before the next one of its anchor."""
    if rule is not None and rule.limit_days is not None:
        return slot.anchor_on + timedelta(days=rule.limit_days)
    later = [other for other in slots if other.anchor == slot.anchor and other.earliest_on > slot.latest_on]
    return min((other.earliest_on for other in later), default=date.max) - timedelta(days=1) if later else None


def _ends(protocol: Protocol, rule: VisitRule | None, slot: Slot, happened: Happened) -> Iterator[date]:
    """The days from which on the visit is not awaited any more."""
    if happened.over_on is not None:
        yield happened.over_on
    for anchor in rule.ends_at if rule is not None else ():
        if anchor in happened.reached:
            yield happened.reached[anchor]
    complete = follow_up_ends(protocol, happened.reached)
    if complete is not None and slot.target_on > complete:
        yield slot.anchor_on  # never awaited


def _target(offset: Offset, on: date) -> date:
    """Months are calendar months: 31 August + 6 months is 28 or 29 February."""
    if offset.months is not None:
        return add_months(on, offset.months)
    return on + timedelta(days=offset.days or 0)
