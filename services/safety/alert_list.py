"""The list of alerts: a read model over safety's own log, in the order in which they were raised."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, Text, Uuid

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.safety import AlertEpisodeClosed, AlertRaised
from contracts.vocabulary.identifiers import site_of
from services.chassis.projections.port import FeedName
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader, Read


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `closed_by` is the event after which its episode was over; `position` is that of the alert."""

    study: str
    subject: str
    site: str
    alert: UUID
    rule: str
    rule_version: int
    priority: int
    term: int
    grade: int
    evidence: UUID
    raised_at: datetime
    position: int
    open: bool
    closed_by: UUID | None = None


class AlertList:
    """A `Projection`: one row for each alert, keyed so that the order of keys is the order of raising."""

    name = "alert_list"
    version = 1
    feed = FeedName.LOG
    handles: tuple[type[Fact], ...] = (AlertRaised, AlertEpisodeClosed)

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study, moment, alert."""
        match envelope.fact:
            case AlertRaised() | AlertEpisodeClosed() as fact:
                moment = fact.raised_at.astimezone(UTC).isoformat(timespec="microseconds")
                return f"{fact.study}/{moment}/{fact.alert}"
            case _:
                return None

    def initial(self, key: str) -> Alert | None:
        """Not raised yet."""
        return None

    def fold(self, state: Alert | None, envelope: Envelope[Fact]) -> Alert | None:
        """Raises ValueError for the end of an episode that never began."""
        match envelope.fact:
            case AlertRaised() as fact:
                return Alert(
                    study=fact.study,
                    subject=fact.subject,
                    site=site_of(fact.subject),
                    alert=fact.alert,
                    rule=fact.rule,
                    rule_version=fact.rule_version,
                    priority=fact.priority,
                    term=fact.term,
                    grade=int(fact.grade),
                    evidence=fact.evidence,
                    raised_at=fact.raised_at,
                    position=envelope.position,
                    open=True,
                )
            case AlertEpisodeClosed() as fact:
                if state is None:
                    raise ValueError("the alert was never raised")
                return replace(state, open=False, closed_by=fact.evidence)
            case _:
                return state

    def columns(self) -> Sequence[Column[Any]]:
        """The fields of `Alert`."""
        return [
            Column("study", Text, nullable=False),
            Column("subject", Text, nullable=False),
            Column("site", Text, nullable=False, index=True),
            Column("alert", Uuid, nullable=False),
            Column("rule", Text, nullable=False),
            Column("rule_version", Integer, nullable=False),
            Column("priority", Integer, nullable=False),
            Column("term", Integer, nullable=False),
            Column("grade", Integer, nullable=False),
            Column("evidence", Uuid, nullable=False),
            Column("raised_at", DateTime(timezone=True), nullable=False),
            Column("position", BigInteger, nullable=False),
            Column("open", Boolean, nullable=False),
            Column("closed_by", Uuid),
        ]

    def to_row(self, state: Alert | None) -> Mapping[str, Any]:
        """The alert as columns. Raises ValueError for one that was never raised."""
        if state is None:
            raise ValueError("the alert was never raised")
        return asdict(state)

    def from_row(self, row: Mapping[str, Any]) -> Alert:
        """The alert of a row."""
        return Alert(**{name: value for name, value in row.items() if name != "key"})


class Alerts:
    """Questions to the list."""

    def __init__(self, projections: Projections) -> None:
        self._reader = ProjectionReader(projections, AlertList())

    async def find(
        self,
        study: str,
        *,
        sites: Collection[str] | None,
        subject: str | None = None,
        is_open: bool | None = None,
        after: str | None,
        limit: int,
    ) -> Read[dict[str, Alert | None]]:
        """Alerts by key, the oldest first. `sites`: of these alone; None: of all. Raises `Unavailable`."""
        where: dict[str, Any] = {"study": study}
        if sites is not None:
            where["site"] = sorted(sites)
        if subject is not None:
            where["subject"] = subject
        if is_open is not None:
            where["open"] = is_open
        return await self._reader.find(where, after=after, limit=limit)

    async def wait_for(self, position: int, timeout: float) -> bool:
        """Wait until the list holds a position of safety's log. True if it does."""
        return await self._reader.wait_for(position, timeout)
