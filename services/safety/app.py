"""Safety put together: the one place where its domain meets its adapters."""

from pathlib import Path

from contracts.protocol.load import studies
from contracts.protocol.versions import newest
from services.chassis.assembly import Parts, ServiceSpec
from services.chassis.quarantine.routes import router as quarantine
from services.chassis.quarantine.texts import swept
from services.chassis.register import StoredRegister
from services.safety import consumers, rulebook
from services.safety.alert_list import Alerts
from services.safety.handlers import Context
from services.safety.policy import POLICY
from services.safety.routes import router


def _context(parts: Parts) -> Context:
    return Context(
        parts.facts,
        newest(studies(parts.settings.study_files)),
        parts.clock,
        parts.sealer,
        parts.quarantine,
        StoredRegister(parts.projections),
        Alerts(parts.projections),
        rulebook.load(),
    )


SERVICE = ServiceSpec(
    name="safety",
    description="Adverse events, laboratory results with their grades, alerts.",
    registry=consumers.REGISTRY,
    policy=POLICY,
    routers=(router, quarantine),
    context=_context,
    subscriptions=consumers.SUBSCRIPTIONS,
    projections=consumers.projections,
    reactions=consumers.reactions,
    tasks=lambda ctx, settings: {"quarantine": swept(ctx.texts, settings.quarantine_days)},
    examples=Path(__file__).with_name("examples.json"),
)
