"""Enrolment put together: the one place where its domain meets its adapters."""

from pathlib import Path

from contracts.protocol.load import studies
from services.chassis.assembly import Parts, ServiceSpec
from services.chassis.background import Repeated
from services.chassis.quarantine.routes import router as quarantine
from services.chassis.quarantine.texts import swept
from services.enrolment import consumers
from services.enrolment.handlers.context import Context
from services.enrolment.handlers.erasure import LOOK_SECONDS, Erasures
from services.enrolment.handlers.telling import telling
from services.enrolment.handlers.timer import look
from services.enrolment.policy import POLICY
from services.enrolment.questions import ASSESSMENT, AssessmentOverHttp
from services.enrolment.routes import (
    course,
    cycles,
    eligibility,
    reads,
    sites,
    subjects,
    versions,
    visits,
    webhooks,
)
from services.enrolment.routes.common import Services
from services.enrolment.views.readers import Views, past_of, projections


def _services(parts: Parts) -> Services:
    assessments = AssessmentOverHttp(parts.upstream(ASSESSMENT))
    context = Context(
        parts.facts, studies(parts.settings.study_files), parts.clock, assessments, parts.sealer, parts.quarantine
    )
    return Services(context, Views.over(parts.projections), past_of(parts.facts, parts.settings), parts.webhooks)


SERVICE = ServiceSpec(
    name="enrolment",
    description="Sites, subjects, consent, the two gates, run-in cycles and visits.",
    registry=consumers.REGISTRY,
    policy=POLICY,
    routers=(
        sites.router,
        subjects.router,
        cycles.router,
        visits.router,
        course.router,
        eligibility.router,
        versions.router,
        webhooks.router,
        quarantine,
        reads.router,
    ),
    context=_services,
    subscriptions=consumers.SUBSCRIPTIONS,
    projections=projections,
    told=lambda services: telling(services.context),
    reactions=lambda services: consumers.reactions(services.context),
    tasks=lambda services, settings: {
        "timer": Repeated("timer", lambda: look(services.context, services.views), settings.timer_seconds),
        "erasures": Repeated("erasures", Erasures(services.context).look, LOOK_SECONDS),
        "quarantine": swept(services.context.texts, settings.quarantine_days),
    },
    examples=Path(__file__).with_name("examples.json"),
)
