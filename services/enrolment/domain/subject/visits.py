"""The visits that follow from something that happened."""

from datetime import date

from contracts.events.enrolment import VisitsScheduled
from contracts.protocol.model import Protocol
from services.enrolment.domain.schedule import visits_from


def schedule(protocol: Protocol, subject: str, anchor: str, day: date) -> VisitsScheduled:
    """The visits that follow from an anchor. Those wholly before it are not visits to come."""
    visits = tuple(visit for visit in visits_from(protocol, anchor, day) if visit.latest_on >= day)
    return VisitsScheduled(study=protocol.study.id, subject=subject, anchor=anchor, anchor_on=day, visits=visits)
