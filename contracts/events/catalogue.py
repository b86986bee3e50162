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
OWNERS: dict[str, str] = {
    enrolment.TOPIC: "enrolment",
    randomization.TOPIC: "randomizer",
    randomization.ALLOCATION_TOPIC: "randomizer",
    assessment.TOPIC: "assessment",
    safety.TOPIC: "safety",
}
# The blinding of the scans' readers is a boundary of the system: assessment is on no line but enrolment's.
READERS: dict[str, tuple[str, ...]] = {
    enrolment.TOPIC: ("randomizer", "assessment", "safety", "analytics"),
    randomization.TOPIC: ("enrolment", "analytics"),
    randomization.ALLOCATION_TOPIC: ("analytics",),
    assessment.TOPIC: ("enrolment", "analytics"),
    safety.TOPIC: ("analytics",),
}


def subscriptions(service: str) -> tuple[str, ...]:
    """The topics that a service reads."""
    return tuple(topic for topic in TOPICS if service in READERS[topic])


def registry(*private: type[Fact]) -> Registry:
    """The registry of a service: all published facts and its own private ones. Raises `RegistryError`."""
    return Registry((*PUBLISHED, *private), UPCASTERS)
