"""Reads of the past: a stream as recorded by then, of that clinical day. Nothing here is a condition of a command."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import TypeVar

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.assessment.handlers.context import Context
from services.chassis.folds import Evolve, Loaded, folded
from services.chassis.http.moment import Moment

S = TypeVar("S")


def until(envelopes: Iterable[Envelope[Fact]], day: date | None) -> Iterable[Envelope[Fact]]:
    """The facts that are not dated later than a clinical day; all of them without one."""
    return (one for one in envelopes if day is None or one.occurred_on is None or one.occurred_on <= day)


async def stream_at(ctx: Context, stream: str, initial: S, evolve: Evolve[S], at: Moment) -> Loaded[S]:
    """A stream as recorded by then, without what is dated later. `version` is that of what was recorded by then."""
    history = await ctx.facts.history(stream, as_of=at.as_of)
    whole = folded(Loaded(initial, 0, 0), evolve, history)
    if at.valid_at is None:
        return whole
    return replace(whole, state=reduce(evolve, until(history, at.valid_at), initial))
