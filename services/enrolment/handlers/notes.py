"""Free text about a subject: the one way by which it enters a fact."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from services.enrolment.domain.subject.loss import DeclareLost
from services.enrolment.domain.subject.visits import PerformVisit, ReportDeviation
from services.enrolment.domain.subject.withdrawal import WithdrawConsent
from services.enrolment.handlers.context import Context
from services.enrolment.handlers.entries import Entry

PURPOSES: Final[Mapping[type, str]] = MappingProxyType(
    {
        PerformVisit: "enrolment.visit-note",
        ReportDeviation: "enrolment.deviation-note",
        WithdrawConsent: "enrolment.withdrawal-note",
        DeclareLost: "enrolment.loss-note",
    }
)
"""Under which purpose the note of a command is sealed."""


async def sealed_in(ctx: Context, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries with what was written beside them sealed into their commands. Raises `Refused` as `Texts.sealed`."""
    return tuple([await _sealed_in(ctx, entry) for entry in entries])


async def _sealed_in(ctx: Context, entry: Entry) -> Entry:
    cmd = entry.command
    if entry.note is None:
        return entry
    if not isinstance(cmd, PerformVisit | ReportDeviation | WithdrawConsent | DeclareLost):
        raise TypeError(f"{type(cmd).__name__} has no note")
    sealed = await ctx.texts.sealed(cmd.study, cmd.subject, entry.note, purpose=PURPOSES[type(cmd)])
    return replace(entry, command=replace(cmd, note=sealed), note=None)
