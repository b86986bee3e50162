"""Assessment put together: the one place where its domain meets its adapters."""

from pathlib import Path

from contracts.protocol.load import studies
from contracts.protocol.versions import newest
from services.assessment import consumers
from services.assessment.consumers import StoredRegister
from services.assessment.handlers import Context
from services.assessment.policy import POLICY
from services.assessment.routes import router
from services.chassis.assembly import Parts, ServiceSpec


def _context(parts: Parts) -> Context:
    protocols = newest(studies(parts.settings.study_files))
    return Context(parts.facts, protocols, parts.clock, parts.sealer, StoredRegister(parts.projections))


SERVICE = ServiceSpec(
    name="assessment",
    description="Tumour assessments. This service cannot know the arm.",
    registry=consumers.REGISTRY,
    policy=POLICY,
    routers=(router,),
    context=_context,
    subscriptions=consumers.SUBSCRIPTIONS,
    projections=consumers.projections,
    reactions=consumers.reactions,
    examples=Path(__file__).with_name("examples.json"),
)
