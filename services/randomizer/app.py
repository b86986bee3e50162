"""The randomizer put together: the one place where its domain meets its adapters."""

from functools import partial
from pathlib import Path

from contracts.events.catalogue import registry
from contracts.protocol.load import studies
from services.chassis.assembly import NotConfigured, Parts, ServiceSpec
from services.chassis.clock import Clock
from services.chassis.settings import Settings
from services.randomizer import consumers
from services.randomizer.custody import Custodian
from services.randomizer.domain.facts import PRIVATE
from services.randomizer.handlers.context import Context
from services.randomizer.handlers.randomize import seeds_open
from services.randomizer.policy import POLICY
from services.randomizer.questions import ENROLMENT, EnrolmentOverHttp
from services.randomizer.routes import router
from services.randomizer.witness import Chosen, witness_of
from services.randomizer.witness.tokens import NotBelieved


def _context(parts: Parts) -> Context:
    return Context(
        parts.facts,
        studies(parts.settings.study_files),
        parts.clock,
        Custodian(parts.sealer),
        EnrolmentOverHttp(parts.upstream(ENROLMENT)),
        _witness(parts.settings, parts.clock),
    )


def _witness(settings: Settings, clock: Clock) -> Chosen:
    """Raises `NotConfigured` for certificates that are not there or are none: better known now than at activation."""
    try:
        return witness_of(settings, clock)
    except NotBelieved:
        raise NotConfigured(f"RELUTH_TIMESTAMP_CA_FILE: {settings.timestamp_ca_file} holds no certificate") from None
    except OSError as error:
        where = settings.timestamp_ca_file
        raise NotConfigured(f"RELUTH_TIMESTAMP_CA_FILE: {where} cannot be read ({error.strerror})") from None


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
    examples=Path(__file__).with_name("examples.json"),
)
