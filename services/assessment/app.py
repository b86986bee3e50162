"""Assessment put together: the one place where its domain meets its adapters."""

from pathlib import Path

from contracts.protocol.load import studies
from contracts.protocol.versions import newest
from services.assessment import consumers
from services.assessment.handlers.context import Context
from services.assessment.policy import POLICY
from services.assessment.routes import biomarkers, cases, questionnaires, readings, review, timepoints, uploads
from services.assessment.routes.common import Services
from services.assessment.views.readers import Views, past_of, projections
from services.assessment.views.review import StoredCases
from services.chassis.assembly import Parts, ServiceSpec
from services.chassis.images import Images
from services.chassis.quarantine.routes import router as quarantine
from services.chassis.quarantine.texts import swept
from services.chassis.register import StoredRegister


def _services(parts: Parts) -> Services:
    protocols = newest(studies(parts.settings.study_files))
    register = StoredRegister(parts.projections)
    kept = StoredCases(parts.projections)
    images = Images(parts.settings.pacs_links)
    context = Context(parts.facts, protocols, parts.clock, parts.sealer, parts.quarantine, register, kept, images)
    return Services(context, Views.over(parts.projections), past_of(parts.facts, parts.settings))


SERVICE = ServiceSpec(
    name="assessment",
    description="Tumour assessments. This service cannot know the arm.",
    registry=consumers.REGISTRY,
    policy=POLICY,
    routers=(
        readings.router,
        timepoints.router,
        questionnaires.router,
        biomarkers.router,
        uploads.router,
        review.router,
        cases.router,
        quarantine,
    ),
    context=_services,
    media_types=frozenset({uploads.CSV}),
    subscriptions=consumers.SUBSCRIPTIONS,
    projections=projections,
    reactions=lambda services: consumers.reactions(services.context),
    tasks=lambda services, settings: {"quarantine": swept(services.context.texts, settings.quarantine_days)},
    examples=Path(__file__).with_name("examples.json"),
)
