"""What safety hears of others: of enrolment six facts, and of treatment none yet. It cannot decode an allocation."""

from typing import Final

from contracts.events import enrolment, safety, treatment
from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope
from contracts.events.heard import HEARD
from contracts.events.registry import Registry
from services.chassis.projections.projection import AnyProjection
from services.chassis.reactions.reactions import Reaction
from services.chassis.register import SUBJECTS
from services.safety.alert_list import AlertList
from services.safety.domain.facts import PRIVATE
from services.safety.handlers import Context

SUBSCRIPTIONS: Final = (enrolment.TOPIC, treatment.TOPIC)
REGISTRY: Final = Registry((*HEARD, *treatment.FACTS, *safety.FACTS, *PRIVATE))
"""What treatment tells is known and passed over: counted as unknown by type, it would tell how many are in each arm."""


def reactions(ctx: Context) -> tuple[Reaction, ...]:
    """The texts of this service are sealed under keys of its own."""

    async def erased(envelope: Envelope[SubjectErased], _: str) -> None:
        await ctx.texts.forget(envelope.fact.key, "subject-erased")

    return (Reaction("forget-erased", (SubjectErased,), erased),)


def projections() -> list[AnyProjection]:
    """The read models of this service."""
    return [SUBJECTS, AlertList()]
