"""Planned visits: target dates and windows from the day of an anchor."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.events.enrolment import ScheduledVisit
from contracts.protocol.model import Protocol
from contracts.protocol.schedule import Offset, VisitRule
from contracts.vocabulary.month import add_months


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


def plan(protocol: Protocol, anchor: str, on: date) -> tuple[PlannedVisit, ...]:
    """The visits that follow from an anchor, in the order of the protocol file; none if no visit has this anchor."""
    return tuple(_planned(rule, on) for rule in protocol.visits if rule.anchor == anchor)


def visits_from(protocol: Protocol, anchor: str, on: date) -> tuple[ScheduledVisit, ...]:
    """The same visits as the log keeps them."""
    return tuple(
        ScheduledVisit(
            visit=visit.visit,
            target_on=visit.target_on,
            earliest_on=visit.earliest_on,
            latest_on=visit.latest_on,
        )
        for visit in plan(protocol, anchor, on)
    )


def _planned(rule: VisitRule, on: date) -> PlannedVisit:
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


def _target(offset: Offset, on: date) -> date:
    """Months are calendar months: 31 August + 6 months is 28 or 29 February."""
    if offset.months is not None:
        return add_months(on, offset.months)
    return on + timedelta(days=offset.days or 0)
