"""What a fact of another service leads to here: one unit of work, in that fact's name."""

from collections.abc import Awaitable, Callable
from hashlib import sha256

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Unit


async def react(
    facts: Facts,
    heard: Envelope[Fact],
    key: str,
    work: Callable[[Unit], Awaitable[Answer]],
    *,
    in_turn: str,
    causes: bool = True,
) -> None:
    """Run `work` once by its key, however often the fact is heard of. The actor is this service, not who caused it.

    `causes`: what follows names the fact. Not where its id is for fewer readers than what follows from it.

    Raises what `Facts.transact` raises.
    """
    because = Provenance(
        actor=f"service:{facts.source}",
        correlation_id=heard.provenance.correlation_id,
        causation_id=str(heard.event_id) if causes else None,
        traceparent=heard.provenance.traceparent,
    )
    await facts.transact(CommandId(key, sha256(heard.event_id.bytes).digest()), because, work, in_turn=in_turn)
