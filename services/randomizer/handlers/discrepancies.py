"""Errors after the fact: annotate, verify strata, resolve; and what is heard of enrolment that makes somebody look.

No unit of work in here loads the allocation's stream: it would guard its version, and an allocation and an annotation
would then wait for each other. The stream is read beforehand; that a subject is randomized never stops being so.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from contracts.events.enrolment import FindingsRecorded, RandomizationAuthorized, VisitsScheduled
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import SubjectFact
from contracts.events.randomization import DiscrepancyKind, DiscrepancyOpened
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Outcome, Unit
from services.chassis.folds import Loaded, folded
from services.chassis.reactions.unit import react
from services.randomizer import shown
from services.randomizer.domain import discrepancies, late
from services.randomizer.domain.discrepancies import EMPTY, Annotate, Resolution, Resolve, discrepancies_stream, evolve
from services.randomizer.domain.facts import AuthorizationHeard, FindingsHeard
from services.randomizer.domain.late import NO_BASES, NOTHING, Bases, Basis, heard_stream
from services.randomizer.domain.state import allocation_stream
from services.randomizer.handlers.context import Context

RANDOMIZATION: Final = "randomization"
"""The anchor of the visits that enrolment plans when it has heard of a randomization."""


class NotAllocatedHere(Exception):
    """Enrolment has heard of a randomization that this log does not hold: it was put back to an older state."""


async def annotate(ctx: Context, cmd: Annotate, reason: str, command: CommandId, provenance: Provenance) -> Outcome:
    """Say what turned out to be wrong; a discrepancy is opened in the same append, one for each number concerned."""
    ctx.protocol(cmd.study)
    stream, randomized = discrepancies_stream(cmd.study), (await ctx.allocation(cmd.study)).randomized

    async def work(unit: Unit) -> Answer:
        said = discrepancies.annotate(await unit.load(stream, EMPTY, evolve), randomized, cmd)
        ids = unit.append(stream, said, occurred_on=cmd.today, reason=reason)
        openings = [
            discrepancies.opened(one.study, one.subject, DiscrepancyKind(one.annotation), because, cmd.today)
            for one, because in zip(said, ids, strict=True)
        ]
        unit.append(stream, openings, occurred_on=cmd.today)
        return Answer(201, shown.annotated(said[0], ids[0], reason, openings[0]).as_json())

    return await ctx.facts.transact(command, provenance, work, in_turn=stream)


async def verify_strata(ctx: Context, study: str, subject: str, command: CommandId, provenance: Provenance) -> Outcome:
    """Have enrolment derive the strata of the day of randomization again, from what is recorded now."""
    if answered := await ctx.facts.answered(command):
        return answered
    today, stream = ctx.today(study), discrepancies_stream(study)
    allocation = await ctx.allocation(study)
    one = discrepancies.randomized_one(allocation.randomized, subject)
    verified = discrepancies.verify(
        one, allocation.configuration, await ctx.enrolment.strata_on(study, subject, one.on), today
    )

    async def work(unit: Unit) -> Answer:
        queue = await unit.load(stream, EMPTY, evolve)
        (event_id,) = unit.append(stream, [verified], occurred_on=today)
        wrong = None
        if discrepancies.is_news(queue, verified):
            wrong = discrepancies.opened(study, subject, DiscrepancyKind.WRONG_STRATUM, event_id, today)
            unit.append(stream, [wrong], occurred_on=today)
        return Answer(201, shown.verified(verified, event_id, wrong).as_json())

    return await ctx.facts.transact(command, provenance, work, in_turn=stream)


async def resolve(ctx: Context, cmd: Resolve, reason: str, command: CommandId, provenance: Provenance) -> Outcome:
    """Say that somebody has looked, and what came of it."""
    ctx.protocol(cmd.study)
    stream = discrepancies_stream(cmd.study)

    async def work(unit: Unit) -> Answer:
        queue = await unit.load(stream, EMPTY, evolve)
        resolved = discrepancies.resolve(queue, cmd)
        unit.append(stream, [resolved], occurred_on=cmd.today, reason=reason)
        looked_at = replace(queue.discrepancies[cmd.discrepancy], resolution=Resolution(cmd.today, reason))
        return Answer(201, shown.DiscrepancyView.of(looked_at).as_json())

    return await ctx.facts.transact(command, provenance, work, in_turn=stream)


@dataclass(slots=True)
class KnownBases:
    """What strata rested on, by subject. A stream only grows: of what was folded before, only the rest is read."""

    facts: Facts
    _known: dict[str, Loaded[Bases]] = field(default_factory=dict)

    async def of(self, study: str, subject: str) -> Basis | None:
        """The basis of a subject as the log holds it now; None while it is not randomized."""
        known = self._known.get(study, Loaded(NO_BASES, 0, 0))
        more = await self.facts.log.read_stream(allocation_stream(study), after=known.version)
        self._known[study] = known = folded(known, late.evolve_bases, map(self.facts.envelope, more))
        return known.state.of.get(subject)


async def take_note_of_verdict(ctx: Context, heard: Envelope[RandomizationAuthorized], key: str) -> None:
    """Remember where the verdict stands: what enrolment records after it is too late for it."""
    fact = heard.fact
    placed = AuthorizationHeard(
        study=fact.study, subject=fact.subject, authorization=heard.event_id, version=heard.version
    )

    async def work(unit: Unit) -> None:
        stream = heard_stream(fact.study, fact.subject)
        await unit.load(stream, NOTHING, late.evolve)
        unit.append(stream, [placed])

    await _react(ctx, heard, key, work)


async def take_note_of_findings(ctx: Context, bases: KnownBases, heard: Envelope[FindingsRecorded], key: str) -> None:
    """Open a discrepancy if the findings came too late for the allocation; remember them if one may follow."""
    fact, findings = heard.fact, late.as_heard(heard)
    basis = await bases.of(fact.study, fact.subject)

    async def work(unit: Unit) -> None:
        stream = heard_stream(fact.study, fact.subject)
        known = await unit.load(stream, NOTHING, late.evolve)
        if basis is not None and late.is_late(known, basis, findings):
            await _open(unit, [_to_verify(findings, ctx.today(fact.study))])
        elif basis is None and known.verdicts:
            unit.append(stream, [findings])

    await _react(ctx, heard, key, work)


async def take_note_of_visits(ctx: Context, bases: KnownBases, heard: Envelope[VisitsScheduled], key: str) -> None:
    """Look at what was remembered, once enrolment has heard of the randomization. Raises `NotAllocatedHere`."""
    fact = heard.fact
    if fact.anchor != RANDOMIZATION:
        return
    basis = await bases.of(fact.study, fact.subject)

    async def work(unit: Unit) -> None:
        known = await unit.load(heard_stream(fact.study, fact.subject), NOTHING, late.evolve)
        if basis is None:
            raise NotAllocatedHere(fact.study, fact.subject)
        today = ctx.today(fact.study)
        await _open(unit, [_to_verify(one, today) for one in known.findings if late.is_late(known, basis, one)])

    await _react(ctx, heard, key, work)


def _to_verify(findings: FindingsHeard, today: date) -> DiscrepancyOpened:
    kind = DiscrepancyKind.STRATUM_TO_VERIFY
    return discrepancies.opened(findings.study, findings.subject, kind, findings.event, today)


async def _open(unit: Unit, openings: Sequence[DiscrepancyOpened]) -> None:
    """Open those that are not there yet."""
    if openings:
        stream = discrepancies_stream(openings[0].study)
        queue = await unit.load(stream, EMPTY, evolve)
        unit.append(stream, discrepancies.new(queue, openings))


async def _react(ctx: Context, heard: Envelope[SubjectFact], key: str, work: Callable[[Unit], Awaitable[None]]) -> None:
    """What another's fact leads to, once by its key. It happened, so there is nothing to refuse."""
    if heard.fact.study not in ctx.protocols:
        return

    async def answered(unit: Unit) -> Answer:
        await work(unit)
        return Answer(200, {})

    await react(ctx.facts, heard, key, answered, in_turn=discrepancies_stream(heard.fact.study))
