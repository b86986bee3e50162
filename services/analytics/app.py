"""Analytics put together: the one place where its domain meets its adapters."""

from pathlib import Path

from contracts.events.catalogue import registry
from contracts.protocol.load import studies
from contracts.protocol.versions import newest
from services.analytics.policy import POLICY
from services.analytics.projections import SUBSCRIPTIONS, projections
from services.analytics.reading import Reading
from services.analytics.routes import router
from services.analytics.views import Context
from services.chassis.assembly import Parts, ServiceSpec


def _context(parts: Parts) -> Context:
    reading = Reading(parts.projections, parts.settings.topic_prefix)
    return Context(newest(studies(parts.settings.study_files)), parts.clock, reading)


SERVICE = ServiceSpec(
    name="analytics",
    description="Participant flow, disease status, disease control at six months, alerts. Owns no fact.",
    registry=registry(),
    policy=POLICY,
    routers=(router,),
    context=_context,
    subscriptions=SUBSCRIPTIONS,
    projections=projections,
    examples=Path(__file__).with_name("examples.json"),
)
