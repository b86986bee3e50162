"""What assessment hears of others: enrolment alone, and of it six facts.

Narrow on purpose. The registry cannot decode an allocation, a randomization or a cycle, so that no code of this service
can show one, whatever should ever be delivered here (docs/adr/0010).
"""

from typing import Final

from contracts.events import assessment, biomarkers, enrolment, questionnaires, review
from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope
from contracts.events.heard import HEARD
from contracts.events.registry import Registry
from services.assessment.domain.facts import PRIVATE
from services.assessment.handlers.context import Context
from services.chassis.reactions.reactions import Reaction

SUBSCRIPTIONS: Final = (enrolment.TOPIC,)
_OWN: Final = (*assessment.FACTS, *review.FACTS, *questionnaires.FACTS, *biomarkers.FACTS)
REGISTRY: Final = Registry((*HEARD, *_OWN, *PRIVATE), assessment.UPCASTERS)


def reactions(ctx: Context) -> tuple[Reaction, ...]:
    """The texts of this service are sealed under keys of its own."""

    async def erased(envelope: Envelope[SubjectErased], _: str) -> None:
        await ctx.texts.forget(envelope.fact.key, "subject-erased")

    return (Reaction("forget-erased", (SubjectErased,), erased),)
