"""Free text about a subject: the one way by which it enters a fact."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from contracts.vocabulary.identifiers import site_of
from contracts.vocabulary.sealed import SealedText
from services.chassis.quarantine.keep import must_pass
from services.chassis.quarantine.port import About
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


async def sealed_note(ctx: Context, study: str, subject: str, text: str, *, purpose: str, by: str) -> SealedText:
    """Seal a text under the subject's own key. `purpose` names the field that it is for: elsewhere it does not open.

    Raises `Refused` (410) where the key was destroyed, (422) for a text that is too long, or in which
    somebody is found who was sent `by` this account: that one is held, see `services.chassis.quarantine`.
    """
    about = About(study, site_of(subject), f"{study}/{subject}")
    await must_pass(ctx.quarantine, ctx.sealer, text, about, purpose=purpose, by=by, now=ctx.clock())
    return await ctx.sealer.seal(f"{study}/{subject}", text, purpose=purpose)


async def sealed_in(ctx: Context, entries: Sequence[Entry], *, by: str) -> tuple[Entry, ...]:
    """The entries with what was written beside them sealed into their commands. Raises `Refused` as `sealed_note`."""
    return tuple([await _sealed_in(ctx, entry, by) for entry in entries])


async def _sealed_in(ctx: Context, entry: Entry, by: str) -> Entry:
    cmd = entry.command
    if entry.note is None:
        return entry
    if not isinstance(cmd, PerformVisit | ReportDeviation | WithdrawConsent | DeclareLost):
        raise TypeError(f"{type(cmd).__name__} has no note")
    sealed = await sealed_note(ctx, cmd.study, cmd.subject, entry.note, purpose=PURPOSES[type(cmd)], by=by)
    return replace(entry, command=replace(cmd, note=sealed), note=None)
