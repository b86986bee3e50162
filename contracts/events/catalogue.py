"""Every published fact and every topic, in one place."""

from contracts.events import (
    assessment,
    biomarkers,
    course,
    dosimetry,
    enrolment,
    questionnaires,
    randomization,
    review,
    safety,
    treatment,
)
from contracts.events.fact import Fact
from contracts.events.registry import Registry, Upcaster

PUBLISHED: tuple[type[Fact], ...] = (
    *enrolment.FACTS,
    *course.FACTS,
    *treatment.FACTS,
    *randomization.FACTS,
    *assessment.FACTS,
    *review.FACTS,
    *questionnaires.FACTS,
    *biomarkers.FACTS,
    *safety.FACTS,
    *dosimetry.FACTS,
)
UPCASTERS: tuple[Upcaster, ...] = (*enrolment.UPCASTERS, *assessment.UPCASTERS)
TOPICS: tuple[str, ...] = (
    enrolment.TOPIC,
    treatment.TOPIC,
    randomization.TOPIC,
    randomization.ALLOCATION_TOPIC,
    assessment.TOPIC,
    safety.TOPIC,
    dosimetry.TOPIC,
)
OWNERS: dict[str, str] = {
    enrolment.TOPIC: "enrolment",
    treatment.TOPIC: "enrolment",
    randomization.TOPIC: "randomizer",
    randomization.ALLOCATION_TOPIC: "randomizer",
    assessment.TOPIC: "assessment",
    safety.TOPIC: "safety",
    dosimetry.TOPIC: "dosimetry",
}
# The blinding of the scans' readers is a boundary of the system: assessment is on no line but enrolment's own.
READERS: dict[str, tuple[str, ...]] = {
    enrolment.TOPIC: ("randomizer", "assessment", "safety", "dosimetry", "analytics"),
    treatment.TOPIC: ("safety", "analytics"),
    randomization.TOPIC: ("enrolment", "analytics"),
    randomization.ALLOCATION_TOPIC: ("enrolment", "analytics"),
    assessment.TOPIC: ("enrolment", "analytics"),
    safety.TOPIC: ("analytics",),
    dosimetry.TOPIC: (),  # doses of cycles 3 and 4 tell the arm: nobody reads it until somebody needs to
}


def subscriptions(service: str) -> tuple[str, ...]:
    """The topics that a service reads."""
    return tuple(topic for topic in TOPICS if service in READERS[topic])


def registry(*private: type[Fact]) -> Registry:
    """The registry of a service: all published facts and its own private ones. Raises `RegistryError`."""
    return Registry((*PUBLISHED, *private), UPCASTERS)
