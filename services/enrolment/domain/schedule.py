"""Planned visits as the log keeps them."""

from datetime import date

from contracts.events.enrolment import ScheduledVisit
from contracts.protocol.calendar import PlannedVisit, plan
from contracts.protocol.model import Protocol

__all__ = ["PlannedVisit", "plan", "visits_from"]


def visits_from(protocol: Protocol, anchor: str, on: date, arm: str | None = None) -> tuple[ScheduledVisit, ...]:
    """The visits that follow from an anchor: those of all arms, or with an arm those of this arm alone."""
    return tuple(
        ScheduledVisit(
            visit=visit.visit,
            target_on=visit.target_on,
            earliest_on=visit.earliest_on,
            latest_on=visit.latest_on,
        )
        for visit in plan(protocol, anchor, on, arm)
    )
