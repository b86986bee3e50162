"""Reads of the past: a stream as recorded by then, of that clinical day. Nothing here is a condition of a command."""

from dataclasses import replace
from functools import reduce
from typing import TypeVar

from services.chassis.folds import Evolve, Loaded, folded
from services.chassis.http.moment import Moment
from services.dosimetry.handlers.context import Context

S = TypeVar("S")


async def stream_at(ctx: Context, stream: str, initial: S, evolve: Evolve[S], at: Moment) -> Loaded[S]:
    """A stream as recorded by then, without what is dated later. `version` is that of what was recorded by then."""
    history = await ctx.facts.history(stream, as_of=at.as_of)
    whole = folded(Loaded(initial, 0, 0), evolve, history)
    if at.valid_at is None:
        return whole
    counted = (one for one in history if one.occurred_on is None or one.occurred_on <= at.valid_at)
    return replace(whole, state=reduce(evolve, counted, initial))
