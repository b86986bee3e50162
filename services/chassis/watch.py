"""What health pages and metrics show of a service: its log, its relay, its inbox and all that follows it."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.chassis.health import Condition, HealthChecks
from services.chassis.inbox import ranges
from services.chassis.inbox.inbox import Inbox
from services.chassis.log.port import Log
from services.chassis.projections.projections import Projections
from services.chassis.reactions.reactions import Reactions
from services.chassis.relay.relay import RelayState, RelayStatus
from services.chassis.telemetry import Telemetry


class Watched(Protocol):
    """The parts of a service that say something of themselves."""

    @property
    def log(self) -> Log:
        """The service's log."""
        ...

    @property
    def inbox(self) -> Inbox:
        """What it received."""
        ...

    @property
    def projections(self) -> Projections:
        """Its read models."""
        ...

    @property
    def reactions(self) -> Reactions:
        """What it does because of others."""
        ...


def watch(service: Watched, loops: Mapping[str, Any], health: HealthChecks, telemetry: Telemetry) -> None:
    """Register the conditions of the parts and a collector of their numbers. `loops` has `relay`, perhaps `inbox`."""
    relay: RelayStatus = loops["relay"].status

    async def log() -> Condition:
        head = await service.log.head()
        return Condition.ok(position=head.position, hash=head.hash.hex())

    async def relaying() -> Condition:
        return relay.condition()

    async def projections() -> Condition:
        return service.projections.status.condition()

    async def inbox() -> Condition:
        return service.inbox.status.condition()

    async def consumer() -> Condition:
        condition: Condition = loops["inbox"].status.condition()
        return condition

    async def reactions() -> Condition:
        return service.reactions.condition()

    health.ready_when("log", log)
    health.ready_when("relay", relaying)
    health.ready_when("projections", projections)
    if "inbox" in loops:
        health.ready_when("inbox", inbox)
        health.ready_when("consumer", consumer)
        health.consistent_when("inbox", service.inbox.completeness)
    if "reactions" in loops:
        health.ready_when("reactions", reactions)
    telemetry.metrics.registry.register(DataFlow(telemetry.service, relay, service))


class DataFlow(Collector):
    """How far facts have come, read at the moment of a scrape from what the parts remember; asks no database."""

    def __init__(self, service: str, relay: RelayStatus, watched: Watched) -> None:
        self._service, self._relay, self._watched = service, relay, watched

    def collect(self) -> Iterator[Metric]:
        """One family per question that a person on call would ask."""
        relay, inbox = self._relay, self._watched.inbox.status
        yield self._one("reluth_outbox_head", "Messages of the outbox", relay.head)
        yield self._one("reluth_relay_position", "Messages that the broker has acknowledged", relay.out_pos)
        yield self._one("reluth_relay_leading", "1 while this process publishes", relay.state is RelayState.LEADING)
        yield self._one("reluth_relay_failures_total", "Sends that failed and were repeated", relay.failures)
        yield self._one("reluth_relay_announcements_total", "Times that all readers were told how far", relay.announced)
        yield self._one("reluth_inbox_position", "Messages in the inbox log", inbox.in_pos)
        yield self._one("reluth_inbox_duplicates_total", "Messages that were there already", inbox.duplicates)
        yield self._one("reluth_inbox_waiting_keys", "Keys that wait for a missing message", len(inbox.waiting))
        topics = inbox.topics
        held = {topic: standing.topic_pos for topic, standing in topics.items()}
        yield self._many("reluth_inbox_held", "n where 1..n of a topic are all held", "topic", held)
        announced = {topic: standing.announced for topic, standing in topics.items()}
        yield self._many("reluth_inbox_announced", "Messages that the source said it has", "topic", announced)
        missing = {topic: ranges.count(standing.missing) for topic, standing in topics.items()}
        yield self._many(
            "reluth_inbox_missing", "Messages below the highest or announced one that are not there", "topic", missing
        )
        yield self._many("reluth_inbox_unhandled_total", "Messages of a type unknown here", "type", inbox.unhandled)
        of = self._watched.projections.status
        yield self._many("reluth_projection_position", "Place in its feed", "projection", of.positions)
        yield self._many("reluth_projection_parked", "Keys that could not be folded", "projection", of.parked)
        to = self._watched.reactions.status
        lag, parked = {n: s.lag for n, s in to.items()}, {n: s.parked for n, s in to.items()}
        yield self._many("reluth_reaction_lag", "Inbox positions not looked at", "reaction", lag)
        yield self._many("reluth_reaction_parked", "Keys that were refused", "reaction", parked)

    def _one(self, name: str, says: str, value: float) -> Metric:
        family = GaugeMetricFamily(name, says, labels=("service",))
        family.add_metric((self._service,), value)
        return family

    def _many(self, name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
        family = GaugeMetricFamily(name, says, labels=("service", label))
        for key, value in sorted(values.items()):
            family.add_metric((self._service, key), value)
        return family
