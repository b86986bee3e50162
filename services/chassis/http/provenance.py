"""Who stands behind the facts that a request records."""

from typing import Annotated

from fastapi import Depends, Request

from contracts.events.envelope import Provenance
from services.chassis.auth.guard import authenticated
from services.chassis.telemetry.context import current_request
from services.chassis.telemetry.tracing import traceparent


async def provenance(request: Request) -> Provenance:
    """The caller as the token names it, the correlation id and the trace of this request.

    The site is that of the token if it names exactly one; a caller for several sites acts for the one in the fact.
    """
    who, context = await authenticated(request), current_request()
    return Provenance(
        actor=who.actor,
        roles=tuple(sorted(who.roles)),
        site=next(iter(who.sites)) if len(who.sites) == 1 else None,
        correlation_id=context.correlation_id if context else None,
        traceparent=traceparent(),
    )


Origin = Annotated[Provenance, Depends(provenance)]
