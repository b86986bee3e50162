"""Dosimetry put together: the one place where its domain meets its adapters."""

from importlib.metadata import version
from pathlib import Path

from contracts.protocol.load import studies
from contracts.protocol.versions import newest
from services.chassis.assembly import Parts, ServiceSpec
from services.chassis.images import Images
from services.chassis.register import SUBJECTS, StoredRegister
from services.dosimetry import consumers
from services.dosimetry.handlers.context import Context
from services.dosimetry.policy import POLICY
from services.dosimetry.routes import centres, doses, subjects


def _context(parts: Parts) -> Context:
    register = StoredRegister(parts.projections)
    protocols = newest(studies(parts.settings.study_files))
    images = Images(parts.settings.pacs_links)
    return Context(parts.facts, protocols, parts.clock, register, f"reluth-{version('reluth')}", images)


SERVICE = ServiceSpec(
    name="dosimetry",
    description="Qualified cameras, infusions, scans, and absorbed doses. It tells the arm: few may read it.",
    registry=consumers.REGISTRY,
    policy=POLICY,
    routers=(centres.router, subjects.router, doses.router),
    context=_context,
    subscriptions=consumers.SUBSCRIPTIONS,
    projections=lambda: (SUBJECTS,),
    examples=Path(__file__).with_name("examples.json"),
)
