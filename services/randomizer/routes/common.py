"""What the randomizer's routes share: the context, a body, a reason, the folded allocation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.chassis.freetext.clear import ClearReason
from services.chassis.http.needs import needs
from services.chassis.http.recorded import POSITION_HEADER
from services.randomizer.domain import discrepancies
from services.randomizer.domain.discrepancies import Queue, discrepancies_stream
from services.randomizer.domain.state import INITIAL, Allocation, allocation_stream, evolve
from services.randomizer.handlers.context import Context


def context(request: Request) -> Context:
    """What the lifespan yielded."""
    ctx: Context = request.app.state.services
    return ctx


Ctx = Annotated[Context, needs(context)]

Reason = Annotated[ClearReason, Field(examples=["Amendment 3: sample size re-estimated"])]


class Body(BaseModel):
    """What is sent. What is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonBody(Body):
    """Why it is done. Kept in clear for ever: nothing about a person belongs in it."""

    reason: Reason


async def folded(ctx: Context, study: str, at: int | datetime | None, response: Response) -> Allocation:
    """The allocation, and in the answer's header the position of the last published fact in it.

    Signatures and drafts are not published: who waited elsewhere for their positions would wait in vain.
    """
    ctx.protocol(study)
    loaded = await ctx.facts.load(allocation_stream(study), INITIAL, evolve, as_of=at)
    response.headers[POSITION_HEADER] = str(loaded.published)
    return loaded.state


async def queued(ctx: Context, study: str, at: int | datetime | None, response: Response) -> Queue:
    """What was said of randomizations after the fact; the header names a position that the whole answer holds."""
    ctx.protocol(study)
    loaded = await ctx.facts.load(discrepancies_stream(study), discrepancies.EMPTY, discrepancies.evolve, as_of=at)
    before = int(response.headers.get(POSITION_HEADER, 0))
    response.headers[POSITION_HEADER] = str(max(before, loaded.published))
    return loaded.state


def created(view: type[BaseModel]) -> Mapping[str, Any]:
    """Of a route that records something."""
    return {"status_code": 201, "response_model": view}
