"""The services there are, in the order in which a fact usually meets them."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from services.chassis.assembly import ServiceSpec

NAMES: Final = ("enrolment", "randomizer", "assessment", "safety", "dosimetry", "analytics")
PARTITIONS: Final = 6  # of each topic: the most consumers of one service that can share the work


def spec(name: str) -> "ServiceSpec[Any]":
    """The service of that name. Imported only when asked for: a process that runs one need not load the others."""
    service: ServiceSpec[Any] = import_module(f"services.{name}.app").SERVICE
    return service


def topics(prefix: str = "") -> Mapping[str, int]:
    """Every topic and its number of partitions."""
    from contracts.events.catalogue import TOPICS

    return {prefix + topic: PARTITIONS for topic in TOPICS}
