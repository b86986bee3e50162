"""Lists over enrolment's own log: sites, subjects, visits. Thrown away and rebuilt at will; no gate reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final, Self

from sqlalchemy import Column, Date, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    RunInEnded,
    ScheduledVisit,
    SiteActivated,
    SitePaused,
    SiteResumed,
    SubjectIncluded,
    SubjectScreened,
    SurvivalContactRecorded,
    VisitsScheduled,
)
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.identifiers import site_of
from services.chassis.projections.port import FeedName
from services.chassis.projections.projection import AnyProjection
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader
from services.enrolment.domain.facts import SubjectNumberIssued
from services.enrolment.domain.records import Schedule
from services.enrolment.domain.state import RANDOMIZATION, Participation, participation, visits_to_come


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


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A subject in the list: how far it has come, and when."""

    study: str
    subject: str
    site: str
    screened_on: date | None = None
    consented_on: date | None = None
    included_on: date | None = None
    cycles: int = 0
    exit_reason: RunInExit | None = None
    ended_on: date | None = None
    randomized_on: date | None = None
    last_alive_on: date | None = None
    died_on: date | None = None

    @classmethod
    def of_key(cls, key: str) -> Self:
        """A subject of whom only the number is known."""
        study, subject = key.split("/")
        return cls(study, subject, site_of(subject))

    @property
    def participation(self) -> Participation:
        """As the write side has it."""
        return participation(
            consented=self.consented_on is not None,
            included=self.included_on is not None,
            cycles=self.cycles,
            exit_reason=self.exit_reason,
            randomized=self.randomized_on is not None,
        )


class SubjectList:
    """One row for each screened subject, a `Projection`."""

    name = "subjects"
    version = 2
    feed = FeedName.LOG
    handles: tuple[type[Fact], ...] = (
        SubjectScreened,
        ConsentSigned,
        SubjectIncluded,
        CycleAdministered,
        RunInEnded,
        VisitsScheduled,
        SurvivalContactRecorded,
        DeathRecorded,
    )

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study and subject."""
        return envelope.fact.key

    def initial(self, key: str) -> SubjectRow:
        """A subject of whom only the number is known."""
        return SubjectRow.of_key(key)

    def fold(self, state: SubjectRow, envelope: Envelope[Fact]) -> SubjectRow:
        """The subject after the fact."""
        match envelope.fact:
            case SubjectScreened() as f:
                return replace(state, screened_on=f.screened_on)
            case ConsentSigned() as f:
                return replace(state, consented_on=f.signed_on)
            case SubjectIncluded() as f:
                return replace(state, included_on=f.included_on)
            case CycleAdministered() as f:
                return replace(state, cycles=f.cycle)
            case RunInEnded() as f:
                return replace(state, exit_reason=f.reason, ended_on=f.ended_on)
            case VisitsScheduled() as f if f.anchor == RANDOMIZATION:
                return replace(state, randomized_on=f.anchor_on)
            case SurvivalContactRecorded() as f:
                return replace(state, last_alive_on=max(f.last_alive_on, state.last_alive_on or f.last_alive_on))
            case DeathRecorded() as f:
                return replace(state, died_on=f.died_on)
            case _:
                return state

    def columns(self) -> Sequence[Column[Any]]:
        """The fields of `SubjectRow`, and the participation for filters."""
        return [
            Column("study", Text, nullable=False, index=True),
            Column("subject", Text, nullable=False),
            Column("site", Text, nullable=False),
            Column("participation", Text, nullable=False),
            Column("screened_on", Date),
            Column("consented_on", Date),
            Column("included_on", Date),
            Column("cycles", Integer, nullable=False),
            Column("exit_reason", Text),
            Column("ended_on", Date),
            Column("randomized_on", Date),
            Column("last_alive_on", Date),
            Column("died_on", Date),
        ]

    def to_row(self, state: SubjectRow) -> Mapping[str, Any]:
        """The subject as columns."""
        reason = state.exit_reason.value if state.exit_reason else None
        return {**asdict(state), "exit_reason": reason, "participation": state.participation.value}

    def from_row(self, row: Mapping[str, Any]) -> SubjectRow:
        """The subject of a row."""
        values = {name: row[name] for name in SubjectRow.__dataclass_fields__}
        reason = row["exit_reason"]
        return SubjectRow(**{**values, "exit_reason": RunInExit(reason) if reason else None})


@dataclass(frozen=True, slots=True)
class VisitRow:
    """The visits of a subject, and what cuts them off."""

    study: str
    subject: str
    site: str
    schedules: tuple[Schedule, ...] = ()
    ended_on: date | None = None
    died_on: date | None = None

    @property
    def to_come(self) -> tuple[tuple[Schedule, ScheduledVisit], ...]:
        """The visits that are still meant to be, each with the schedule it belongs to."""
        return visits_to_come(self.schedules, ended_on=self.ended_on, died_on=self.died_on)


class VisitBook:
    """One row for each subject with visits, a `Projection`."""

    name = "visits"
    version = 1
    feed = FeedName.LOG
    handles: tuple[type[Fact], ...] = (VisitsScheduled, RunInEnded, DeathRecorded)

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study and subject."""
        return envelope.fact.key

    def initial(self, key: str) -> VisitRow:
        """Nothing scheduled."""
        study, subject = key.split("/")
        return VisitRow(study, subject, site_of(subject))

    def fold(self, state: VisitRow, envelope: Envelope[Fact]) -> VisitRow:
        """The visits after the fact. A schedule replaces the one of the same anchor."""
        match envelope.fact:
            case VisitsScheduled() as f:
                others = tuple(schedule for schedule in state.schedules if schedule.anchor != f.anchor)
                return replace(state, schedules=(*others, Schedule(f.anchor, f.anchor_on, f.visits)))
            case RunInEnded() as f:
                return replace(state, ended_on=f.ended_on)
            case DeathRecorded() as f:
                return replace(state, died_on=f.died_on)
            case _:
                return state

    def columns(self) -> Sequence[Column[Any]]:
        """The fields of `VisitRow`."""
        return [
            Column("study", Text, nullable=False, index=True),
            Column("subject", Text, nullable=False),
            Column("site", Text, nullable=False),
            Column("schedules", JSONB, nullable=False),
            Column("ended_on", Date),
            Column("died_on", Date),
        ]

    def to_row(self, state: VisitRow) -> Mapping[str, Any]:
        """The visits as columns."""
        return {
            "study": state.study,
            "subject": state.subject,
            "site": state.site,
            "schedules": [
                {
                    "anchor": schedule.anchor,
                    "anchor_on": schedule.anchor_on.isoformat(),
                    "visits": [visit.model_dump(mode="json") for visit in schedule.visits],
                }
                for schedule in state.schedules
            ],
            "ended_on": state.ended_on,
            "died_on": state.died_on,
        }

    def from_row(self, row: Mapping[str, Any]) -> VisitRow:
        """The visits of a row."""
        schedules = tuple(
            Schedule(
                one["anchor"],
                date.fromisoformat(one["anchor_on"]),
                tuple(ScheduledVisit.model_validate(visit) for visit in one["visits"]),
            )
            for one in row["schedules"]
        )
        return VisitRow(row["study"], row["subject"], row["site"], schedules, row["ended_on"], row["died_on"])


SITES: Final = SiteList()
SUBJECTS: Final = SubjectList()
VISITS: Final = VisitBook()


def projections() -> tuple[AnyProjection, ...]:
    """The read models of this service."""
    return SITES, SUBJECTS, VISITS


@dataclass(frozen=True, slots=True)
class Views:
    """Readers of the read models."""

    sites: ProjectionReader[SiteRow]
    subjects: ProjectionReader[SubjectRow]
    visits: ProjectionReader[VisitRow]

    @classmethod
    def over(cls, kept: Projections) -> Self:
        """Readers of what these projections keep."""
        return cls(ProjectionReader(kept, SITES), ProjectionReader(kept, SUBJECTS), ProjectionReader(kept, VISITS))
