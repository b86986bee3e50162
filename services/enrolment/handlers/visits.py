"""Visits and deviations: what a site sends of one visit in one append, and what time alone makes so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from contracts.events.envelope import Provenance
from contracts.events.fact import Fact
from services.chassis.command import Call, CommandId
from services.chassis.facts import Answer, Outcome, Unit
from services.enrolment.domain import refusals
from services.enrolment.domain.deviations import missed
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject.ending import due_ends
from services.enrolment.handlers.context import Context, created, setting_of
from services.enrolment.handlers.entries import Entry, Noted, append_all, append_facts, decide_all
from services.enrolment.handlers.notes import sealed_in

TIMER: Final = Provenance("system:timer")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a site sent of one visit: its entries in the order in which they are decided, the visit first."""

    study: str
    subject: str
    entries: tuple[Entry, ...]
    on: date


async def record_visit(ctx: Context, call: Call, sent: Sent) -> Outcome:
    """Record everything of a visit or nothing. Refused with every error at once; the note is sealed only then."""
    ctx.protocol(sent.study)
    stream = subject_stream(sent.study, sent.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        setting = await setting_of(ctx, sent.study, subject, sent.on)
        decide_all(subject, setting, sent.entries, refusals.visits.VISIT_NOT_ACCEPTED)
        entries = await sealed_in(ctx, sent.entries)
        noted = append_all(unit, stream, subject, setting, entries, refusals.visits.VISIT_NOT_ACCEPTED)
        return created(noted.ids, [fact.published() for fact in noted.facts])

    return await ctx.texts.transact(call.command, call.provenance, work, in_turn=stream)


async def take_note_of_time(ctx: Context, study: str, subjects: Iterable[str]) -> int:
    """Record of these subjects what time alone has made so: visits missed, ends of study. How many facts.

    Who is looked at may come from a read model: here it is decided again on the write side. Any number of replicas may
    do so at once: what is recorded already is not decided again, and of two that decide at once one writes.
    """
    return sum([await _of_one(ctx, study, subject) for subject in subjects])


async def _of_one(ctx: Context, study: str, subject: str) -> int:
    stream = subject_stream(study, subject)
    now = await ctx.facts.load(stream, Subject(), evolve)
    if now.state.screening is None or now.state.erased_on is not None:
        return 0
    if not due(now.state, await setting_of(ctx, study, now.state)):
        return 0
    found = 0

    async def work(unit: Unit) -> Answer:
        nonlocal found
        subject_now = await unit.load(stream, Subject(), evolve)
        setting = await setting_of(ctx, study, subject_now)
        noted = Noted(subject_now)
        facts = due(subject_now, setting)
        if facts:
            append_facts(unit, stream, noted, setting, facts, occurred_on=setting.today)
        found = len(facts)
        return Answer(200, {"facts": found})

    # One key for what was due of this state: a second replica is answered what the first one wrote.
    once = sha256(f"timer/{study}/{subject}/{now.version}/{ctx.today(ctx.protocol(study))}".encode())
    outcome = await ctx.facts.transact(CommandId(once.hexdigest(), once.digest()), TIMER, work, in_turn=stream)
    return 0 if outcome.replayed else found


def due(subject: Subject, setting: Setting) -> tuple[Fact, ...]:
    """The facts that time alone has made so by today."""
    return (*missed(subject, setting), *due_ends(subject, setting))
