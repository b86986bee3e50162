"""What webhooks of a site are told: its own facts, and of somebody who was erased no more than that."""

from collections.abc import Awaitable, Callable
from typing import Final

from contracts.events import course, enrolment, treatment
from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact, SiteFact, SubjectFact
from contracts.vocabulary.identifiers import site_of
from services.chassis.webhooks.port import Subscription
from services.enrolment.handlers.context import Context

TYPES: Final = tuple(sorted({fact.type_name for fact in (*enrolment.FACTS, *course.FACTS, *treatment.FACTS)}))
"""What can be asked for: everything that is published. Of it `treatment` tells the arm, to those who may see it."""


def telling(ctx: Context) -> Callable[[Subscription, Envelope[Fact]], Awaitable[bool]]:
    """Whether a fact is told to a webhook, whose scope is a site of the study that is its realm."""

    async def told(to: Subscription, envelope: Envelope[Fact]) -> bool:
        match envelope.fact:
            case SubjectErased(study=study, subject=subject):
                return (study, site_of(subject)) == (to.realm, to.scope)
            case SubjectFact(study=study, subject=subject):
                own = (study, site_of(subject)) == (to.realm, to.scope)
                return own and not await _erased(ctx, envelope.stream)
            case SiteFact(study=study, site=site):
                return (study, site) == (to.realm, to.scope)
            case _:
                return False

    return told


async def _erased(ctx: Context, stream: str) -> bool:
    """Looked up for each fact: an erasure counts from the moment that it is recorded, for replays as well."""
    return any(event.type == SubjectErased.type_name for event in await ctx.facts.log.read_stream(stream))
