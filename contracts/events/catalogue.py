"""Every published fact and every topic, in one place."""

from contracts.events import assessment, enrolment, randomization, safety
from contracts.events.fact import Fact
from contracts.events.registry import Registry, Upcaster

PUBLISHED: tuple[type[Fact], ...] = (
    *enrolment.FACTS,
    *randomization.FACTS,
    *assessment.FACTS,
    *safety.FACTS,
)
UPCASTERS: tuple[Upcaster, ...] = ()
TOPICS: tuple[str, ...] = (
    enrolment.TOPIC,
    randomization.TOPIC,
    randomization.ALLOCATION_TOPIC,
    assessment.TOPIC,
    safety.TOPIC,
)


def registry(*private: type[Fact]) -> Registry:
    """The registry of a service: all published facts and its own private ones. Raises `RegistryError`."""
    return Registry((*PUBLISHED, *private), UPCASTERS)
