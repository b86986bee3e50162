"""The read model of sites: one row for each activated site."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events.enrolment import (
    SiteActivated,
    SitePaused,
    SiteResumed,
)
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.chassis.projections.port import FeedName
from services.enrolment.domain.facts import SubjectNumberIssued


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in the list. `screened` counts the subject numbers that it gave out."""

    study: str
    site: str
    name: str = ""
    activated_on: date | None = None
    paused_on: date | None = None
    consent_versions: tuple[str, ...] = ()
    screened: int = 0


class SiteList:
    """One row for each activated site, a `Projection`."""

    name = "sites"
    version = 2
    feed = FeedName.LOG
    handles: tuple[type[Fact], ...] = (SiteActivated, SitePaused, SiteResumed, SubjectNumberIssued)

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study and site."""
        match envelope.fact:
            case SiteActivated() | SitePaused() | SiteResumed() | SubjectNumberIssued() as f:
                return f"{f.study}/{f.site}"
            case _:
                return None

    def initial(self, key: str) -> SiteRow:
        """A site of which only the number is known."""
        study, site = key.split("/")
        return SiteRow(study, site)

    def fold(self, state: SiteRow, envelope: Envelope[Fact]) -> SiteRow:
        """The site after the fact."""
        match envelope.fact:
            case SiteActivated() as f:
                return replace(
                    state, name=f.name, activated_on=f.activated_on, consent_versions=tuple(f.consent_versions)
                )
            case SitePaused(paused_on=day):
                return replace(state, paused_on=day)
            case SiteResumed():
                return replace(state, paused_on=None)
            case SubjectNumberIssued(sequence=sequence):
                return replace(state, screened=sequence)
            case _:
                return state

    def columns(self) -> Sequence[Column[Any]]:
        """The fields of `SiteRow`."""
        return [
            Column("study", Text, nullable=False, index=True),
            Column("site", Text, nullable=False),
            Column("name", Text, nullable=False),
            Column("activated_on", Date),
            Column("paused_on", Date),
            Column("consent_versions", JSONB, nullable=False),
            Column("screened", Integer, nullable=False),
        ]

    def to_row(self, state: SiteRow) -> Mapping[str, Any]:
        """The site as columns."""
        return {**asdict(state), "consent_versions": list(state.consent_versions)}

    def from_row(self, row: Mapping[str, Any]) -> SiteRow:
        """The site of a row."""
        return SiteRow(
            row["study"],
            row["site"],
            row["name"],
            row["activated_on"],
            row["paused_on"],
            tuple(row["consent_versions"]),
            row["screened"],
        )
