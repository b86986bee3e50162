"""What the randomizer does because of enrolment: it looks whether a finding came too late for an allocation."""

from typing import Any, Final

from contracts.events import enrolment
from contracts.events.enrolment import FindingsRecorded, RandomizationAuthorized, VisitsScheduled
from contracts.events.envelope import Envelope
from services.chassis.reactions.reactions import Reaction
from services.randomizer.handlers import discrepancies
from services.randomizer.handlers.context import Context
from services.randomizer.handlers.discrepancies import KnownBases

SUBSCRIPTIONS: Final = (enrolment.TOPIC,)
"""Nothing that is heard here decides about an allocation: that is asked over HTTP, on the write side."""


def reactions(ctx: Context) -> tuple[Reaction, ...]:
    """One reaction to all three facts: they must be handled in the order of the subject's own stream."""
    bases = KnownBases(ctx.facts)

    async def told(envelope: Envelope[Any], key: str) -> None:
        match envelope.fact:
            case RandomizationAuthorized():
                await discrepancies.take_note_of_verdict(ctx, envelope, key)
            case FindingsRecorded():
                await discrepancies.take_note_of_findings(ctx, bases, envelope, key)
            case VisitsScheduled():
                await discrepancies.take_note_of_visits(ctx, bases, envelope, key)

    return (Reaction("look-for-late-findings", (RandomizationAuthorized, FindingsRecorded, VisitsScheduled), told),)
