"""The randomizer put together: the one place where its domain meets its adapters."""

from functools import partial

from contracts.events.catalogue import registry
from contracts.protocol.load import studies
from services.chassis.assembly import Parts, ServiceSpec
from services.randomizer import consumers
from services.randomizer.custody import Custodian
from services.randomizer.domain.facts import PRIVATE
from services.randomizer.handlers.context import Context
from services.randomizer.handlers.randomize import seeds_open
from services.randomizer.policy import POLICY
from services.randomizer.questions import ENROLMENT, EnrolmentOverHttp
from services.randomizer.routes import router
from services.randomizer.witness import witness_of


def _context(parts: Parts) -> Context:
    return Context(
        parts.facts,
        studies(parts.settings.study_files),
        parts.clock,
        Custodian(parts.sealer),
        EnrolmentOverHttp(parts.upstream(ENROLMENT)),
        witness_of(parts.settings, parts.clock),
    )


SERVICE = ServiceSpec(
    name="randomizer",
    description="The allocation of a subject to an arm, and nothing else. Answers are final.",
    registry=registry(*PRIVATE),
    policy=POLICY,
    routers=(router,),
    context=_context,
    subscriptions=consumers.SUBSCRIPTIONS,
    reactions=consumers.reactions,
    checks=lambda context: {"allocation-seed": partial(seeds_open, context)},
)
