"""The list of subjects: a fold of enrolment's own log, one row for each subject. No gate reads it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import reduce
from typing import Any, Final, Self

from sqlalchemy import Column, Date, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events.course import (
    ConsentWithdrawn,
    EndOfStudyReached,
    LongTermFollowUpReached,
    LostToFollowUpDeclared,
    NotIncluded,
    ProgressionNoted,
    RecordAnnulled,
    SubjectErased,
    SubjectRecontacted,
)
from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    RandomizationAuthorized,
    RunInEnded,
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
from services.enrolment.domain.participation import Milestones, Participation, participation
from services.enrolment.domain.state import RANDOMIZATION

Told = Mapping[str, Any]
"""What the list keeps of one fact: its event's id, its type, and of its content what the list needs."""


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A subject in the list: where it is, and when it came there.

    `told` is what the rest is folded from: an annulled fact is left out of it, and the row folded again.
    """

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
    erased_on: date | None = None
    so_far: Milestones = field(default_factory=Milestones)
    told: tuple[Told, ...] = ()

    @classmethod
    def of_key(cls, key: str) -> Self:
        """A subject of whom only the number is known."""
        study, subject = key.split("/")
        return cls(study, subject, site_of(subject))

    @property
    def participation(self) -> Participation:
        """As the write side has it."""
        return participation(self.so_far)


class SubjectList:
    """One row for each screened subject, a `Projection`."""

    name = "subjects"
    version = 4
    feed = FeedName.LOG
    handles: tuple[type[Fact], ...] = (
        SubjectScreened,
        ConsentSigned,
        NotIncluded,
        SubjectIncluded,
        CycleAdministered,
        RandomizationAuthorized,
        RunInEnded,
        VisitsScheduled,
        ProgressionNoted,
        LongTermFollowUpReached,
        SurvivalContactRecorded,
        LostToFollowUpDeclared,
        SubjectRecontacted,
        ConsentWithdrawn,
        EndOfStudyReached,
        DeathRecorded,
        RecordAnnulled,
        SubjectErased,
    )

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study and subject."""
        return envelope.fact.key

    def initial(self, key: str) -> SubjectRow:
        """A subject of whom only the number is known."""
        return SubjectRow.of_key(key)

    def fold(self, state: SubjectRow, envelope: Envelope[Fact]) -> SubjectRow:
        """The subject after the fact. Of one that was erased the number and the withdrawal are left."""
        fact = envelope.fact
        if state.erased_on is not None:
            return state
        if isinstance(fact, RecordAnnulled):
            gone = str(fact.annulled)
            kept = tuple(one for one in state.told if one["event_id"] != gone)
            return state if len(kept) == len(state.told) else _folded(state, kept)
        if (told := _told(envelope)) is None:
            return state
        if isinstance(fact, SubjectErased):
            return _folded(state, (told,))
        return _folded(state, (*state.told, told))

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
            Column("erased_on", Date),
            Column("told", JSONB, nullable=False),
        ]

    def to_row(self, state: SubjectRow) -> Mapping[str, Any]:
        """The subject as columns."""
        values = {one.name: getattr(state, one.name) for one in fields(state) if one.name != "so_far"}
        reason = state.exit_reason.value if state.exit_reason else None
        told = [dict(one) for one in state.told]
        return {**values, "exit_reason": reason, "told": told, "participation": state.participation.value}

    def from_row(self, row: Mapping[str, Any]) -> SubjectRow:
        """The subject of a row."""
        return _folded(SubjectRow(row["study"], row["subject"], row["site"]), tuple(row["told"]))


def _told(envelope: Envelope[Fact]) -> Told | None:
    """What is kept of a fact; None: nothing."""
    fact = envelope.fact
    match fact:
        case VisitsScheduled() if fact.anchor != RANDOMIZATION:
            return None
        case VisitsScheduled(anchor_on=day):
            kept: dict[str, Any] = {"on": day.isoformat()}
        case RunInEnded() as f:
            kept = {"on": f.ended_on.isoformat(), "reason": f.reason.value}
        case CycleAdministered() as f:
            kept = {"on": f.given_on.isoformat()}
        case _:
            about = getattr(fact, _DAY[fact.type_name]) if fact.type_name in _DAY else None
            kept = {"on": about.isoformat() if about else None}
    return {"event_id": str(envelope.event_id), "type": fact.type_name, **kept}


_DAY: Final[Mapping[str, str]] = {
    SubjectScreened.type_name: "screened_on",
    ConsentSigned.type_name: "signed_on",
    SubjectIncluded.type_name: "included_on",
    SurvivalContactRecorded.type_name: "last_alive_on",
    DeathRecorded.type_name: "died_on",
    SubjectErased.type_name: "erased_on",
}


def _folded(row: SubjectRow, told: tuple[Told, ...]) -> SubjectRow:
    """The row of these facts alone."""
    return replace(reduce(_step, told, SubjectRow(row.study, row.subject, row.site)), told=told)


def _step(row: SubjectRow, told: Told) -> SubjectRow:
    day = date.fromisoformat(told["on"]) if told["on"] else None
    so_far = row.so_far
    match told["type"]:
        case SubjectScreened.type_name:
            return replace(row, screened_on=day)
        case ConsentSigned.type_name:
            return replace(row, consented_on=row.consented_on or day, so_far=replace(so_far, consented=True))
        case SubjectIncluded.type_name:
            return replace(row, included_on=day, so_far=replace(so_far, included=True))
        case CycleAdministered.type_name:
            return replace(row, cycles=row.cycles + 1, so_far=replace(so_far, cycles=row.cycles + 1))
        case RunInEnded.type_name:
            reason = RunInExit(told["reason"])
            return replace(row, exit_reason=reason, ended_on=day, so_far=replace(so_far, exit_reason=reason))
        case VisitsScheduled.type_name:
            return replace(row, randomized_on=day, so_far=replace(so_far, randomized=True))
        case SurvivalContactRecorded.type_name if day is not None:
            return replace(row, last_alive_on=max(day, row.last_alive_on or day))
        case DeathRecorded.type_name:
            return replace(row, died_on=day, so_far=replace(so_far, dead=True))
        case SubjectErased.type_name:
            return replace(row, erased_on=day, so_far=replace(so_far, withdrawn=True))
        case kind if kind in _MARKS:
            return replace(row, so_far=_MARKS[kind](so_far))
        case _:
            return row


_MARKS: Final[Mapping[str, Callable[[Milestones], Milestones]]] = {
    NotIncluded.type_name: lambda m: replace(m, not_included=True),
    RandomizationAuthorized.type_name: lambda m: replace(m, authorized=True),
    ProgressionNoted.type_name: lambda m: replace(m, progressed=True),
    LongTermFollowUpReached.type_name: lambda m: replace(m, long_term=True),
    LostToFollowUpDeclared.type_name: lambda m: replace(m, lost=True),
    SubjectRecontacted.type_name: lambda m: replace(m, lost=False),
    ConsentWithdrawn.type_name: lambda m: replace(m, withdrawn=True),
    EndOfStudyReached.type_name: lambda m: replace(m, ended=True),
}
