"""What dosimetry hears of others: enrolment alone. Nothing here is sealed, so an erasure has nothing to destroy."""

from typing import Final

from contracts.events import dosimetry, enrolment
from contracts.events.heard import HEARD
from contracts.events.registry import Registry

SUBSCRIPTIONS: Final = (enrolment.TOPIC,)
REGISTRY: Final = Registry((*HEARD, *dosimetry.FACTS))
