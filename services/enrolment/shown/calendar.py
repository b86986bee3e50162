"""The visits of a subject as an iCalendar (RFC 5545), for the diary of a site. No personal data but the number."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from contracts.protocol.calendar import Standing, VisitStatus
from contracts.protocol.model import Protocol

_STATUS: Final[Mapping[VisitStatus, str]] = {
    VisitStatus.CANCELLED: "CANCELLED",
    VisitStatus.MISSED: "CANCELLED",
    VisitStatus.PLANNED: "TENTATIVE",
}
"""Anything else is confirmed: due, overdue or done."""


def calendar_of(
    protocol: Protocol, subject: str, standings: tuple[Standing, ...], version: int | None, stamp: datetime
) -> bytes:
    """The text, in UTF-8: one event of a whole day for each visit, on the day of the visit or on its target.

    The id of an event stays when it moves; `version`, that of the subject's stream, is its sequence and only grows.
    Without it the later stamp counts (RFC 5546, 2.1.5): it would count what is kept from a reader.
    """
    made = Calendar()
    made.add("prodid", "-//ReLUTH//visits//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for standing in standings:
        made.add_component(_event(protocol, subject, standing, version, stamp))
    return bytes(made.to_ical())


def _event(protocol: Protocol, subject: str, standing: Standing, version: int | None, stamp: datetime) -> Event:
    slot, rule = standing.slot, protocol.visit.get(standing.slot.visit)
    day = standing.done_on or slot.target_on
    event = Event()
    event.add("uid", f"{protocol.study.id}-{subject}-{slot.visit}@reluth".lower())
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    if version is not None:
        event.add("sequence", version)
    event.add("status", _STATUS.get(standing.status, "CONFIRMED"))
    event.add("summary", f"{subject} {slot.visit} {rule.name if rule else ''}".strip())
    window = f"Window {slot.earliest_on.isoformat()} to {slot.latest_on.isoformat()}. {standing.status.value}."
    event.add("description", window)
    event.add("transp", "TRANSPARENT")
    return event
