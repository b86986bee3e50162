"""Reads of the past: a subject, a site or a day as of a moment. Nothing here is a condition of a command."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from typing import TypeVar
from zoneinfo import ZoneInfo

from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from services.chassis.folds import Evolve, Loaded, folded
from services.chassis.http.as_of import AsOf
from services.chassis.http.moment import Moment
from services.enrolment.domain import valid_time
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.handlers.context import Context

S = TypeVar("S")


async def subject_at(ctx: Context, study: str, subject: str, at: Moment) -> Loaded[Subject]:
    """A subject as recorded by then, of that day. `version` and `position` are those of the last fact that counted.

    What was erased is erased in every past too: the erasure counts whenever it was recorded.
    """
    ctx.protocol(study)
    history = await ctx.facts.history(subject_stream(study, subject))
    known, later = recorded_by(history, at.as_of)
    loaded = folded(Loaded(Subject(), 0, 0), evolve, known)
    if loaded.state.erased_on is not None:
        return loaded
    loaded = replace(loaded, state=valid_time.on(loaded.state, at.valid_at))
    if loaded.state.screening is None:
        return loaded
    return folded(loaded, evolve, [one for one in later if isinstance(one.fact, SubjectErased)])


async def site_at(ctx: Context, study: str, site: str, at: Moment) -> Loaded[Site]:
    """A site as recorded by then, of that day. `version` is that of its conduct, on which commands depend."""
    ctx.protocol(study)
    opened = await _folded_at(ctx, site_stream(study, site), Site(), evolve_site, at)
    conduct = await _folded_at(ctx, conduct_stream(study, site), Site(), evolve_site, at)
    position = max(opened.position, conduct.position)
    return replace(conduct, state=opened.state.conducted(conduct.state), position=position)


async def time_of(ctx: Context, as_of: AsOf) -> datetime | None:
    """The recorded time of a moment, for those who keep another log. None: now, or later."""
    if isinstance(as_of, int):
        found = await ctx.facts.log.read(as_of - 1, 2) if as_of > 0 else ()
        # With nothing behind it the position is the present, and others may know more by now.
        return found[0].recorded_at if len(found) == 2 else None
    return as_of if as_of is not None and as_of < ctx.clock() else None


async def day_of(ctx: Context, protocol: Protocol, at: Moment) -> date:
    """The clinical day that a read is about: the one asked for, or the date of the moment, or today."""
    if at.valid_at is not None:
        return at.valid_at
    moment = await time_of(ctx, at.as_of)
    return moment.astimezone(ZoneInfo(protocol.study.time_zone)).date() if moment else ctx.today(protocol)


def recorded_by(
    history: Iterable[Envelope[Fact]], as_of: AsOf
) -> tuple[Sequence[Envelope[Fact]], Sequence[Envelope[Fact]]]:
    """What was recorded by then, and what was recorded later."""
    known: list[Envelope[Fact]] = []
    later: list[Envelope[Fact]] = []
    for one in history:
        match as_of:
            case None:
                counts = True
            case int():
                counts = one.position <= as_of
            case moment:
                counts = one.recorded_at <= moment
        (known if counts else later).append(one)
    return known, later


async def _folded_at(ctx: Context, stream: str, initial: S, evolve: Evolve[S], at: Moment) -> Loaded[S]:
    history = await ctx.facts.history(stream, as_of=at.as_of)
    whole = folded(Loaded(initial, 0, 0), evolve, history)
    if at.valid_at is None:
        return whole
    return replace(whole, state=reduce(evolve, valid_time.until(history, at.valid_at), initial))
