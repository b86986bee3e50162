"""One service put together: its log, relay, inbox, projections and reactions behind its HTTP application.

Beside `app.py` the only place where ports meet PostgreSQL and Kafka; only `app.py` and the command line import it.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, FastAPI

from contracts.events.catalogue import OWNERS
from contracts.events.registry import Registry
from services.chassis.auth.discovery import OidcKeys
from services.chassis.auth.guard import Auth
from services.chassis.auth.outgoing import Upstream
from services.chassis.auth.policy import Policy
from services.chassis.auth.tokens import TokenVerifier
from services.chassis.clock import Clock, system_clock
from services.chassis.facts import Facts
from services.chassis.health import Check, Condition, HealthChecks
from services.chassis.http.app import create_app
from services.chassis.inbox.inbox import Inbox
from services.chassis.inbox.kafka import ConsumerSettings, KafkaConsumer
from services.chassis.inbox.parking import Parking
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.kafka import KafkaConnection
from services.chassis.log.postgres import PostgresLog
from services.chassis.migrations.run import migrate
from services.chassis.pool import open_pool
from services.chassis.projections.feed import InboxFeed, LogFeed
from services.chassis.projections.operations import Operations
from services.chassis.projections.projection import AnyProjection
from services.chassis.projections.projections import Projections
from services.chassis.quarantine.port import Quarantine
from services.chassis.quarantine.postgres import PostgresQuarantine
from services.chassis.reactions.reactions import Reaction, Reactions
from services.chassis.relay.kafka import KafkaProducer
from services.chassis.relay.postgres import PostgresCursor
from services.chassis.relay.relay import Relay, RelaySettings
from services.chassis.relay.render import render
from services.chassis.sealing.kek import kek_of
from services.chassis.sealing.postgres import PostgresSubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.chassis.settings import KafkaSecurity, Settings
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.tracing import Tracing
from services.chassis.watch import watch
from services.chassis.webhooks.deliverer import Deliverer, Pace, Told
from services.chassis.webhooks.port import Webhooks
from services.chassis.webhooks.postgres import PostgresWebhooks
from services.chassis.webhooks.sending import Sender

C = TypeVar("C")
_logger = logging.getLogger(__name__)


class NotConfigured(ValueError):
    """A setting without which the service cannot run is missing; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the chassis hands to a service, to build its context from."""

    settings: Settings
    clock: Clock
    facts: Facts
    sealer: Sealer
    projections: Projections
    upstream: Callable[[str], Upstream]
    webhooks: Webhooks
    quarantine: Quarantine


class Loop(Protocol):
    """Something that a service does by itself until it is told to stop."""

    async def run(self) -> None:
        """Go on until `stop`; what it raises ends the service's readiness."""
        ...

    def stop(self) -> None:
        """Finish what is in hand and end."""
        ...


@dataclass(frozen=True)
class ServiceSpec(Generic[C]):
    """A service as data. `reactions` are given the context, because they act through the service's own handlers.

    `checks` are conditions of its own for taking requests, beside those of its parts. `told` decides which facts a
    webhook is told; a service without it has none. `tasks` are loops of its own, by the name under which health speaks
    of them.
    """

    name: str
    description: str
    registry: Registry
    policy: Policy
    routers: Sequence[APIRouter]
    context: Callable[[Parts], C]
    subscriptions: Sequence[str] = ()
    projections: Callable[[], Sequence[AnyProjection]] = tuple
    reactions: Callable[[C], Sequence[Reaction]] = lambda _: ()
    checks: Callable[[C], Mapping[str, Check]] = lambda _: {}
    tasks: Callable[[C, Settings], Mapping[str, Loop]] = lambda *_: {}
    told: Callable[[C], Told] | None = None
    media_types: frozenset[str] = field(default=frozenset())
    examples: Path | None = None  # the file with those of the API document

    def owned_topics(self, prefix: str = "") -> tuple[str, ...]:
        """The topics that this service alone writes."""
        return tuple(prefix + topic for topic, owner in OWNERS.items() if owner == self.name)

    def read_topics(self, prefix: str = "") -> tuple[str, ...]:
        """The topics of others that it reads."""
        return tuple(prefix + topic for topic in self.subscriptions)

    def create(self, settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
        """The service's application; everything opens and closes with its lifespan."""
        return _create(self, settings, clock)


@dataclass(slots=True)
class Opened(Generic[C]):
    """A service's inside, for its application and for the command line."""

    context: C
    log: PostgresLog
    store: PostgresStore
    facts: Facts
    projections: Projections
    reactions: Reactions
    inbox: Inbox
    cursor: PostgresCursor
    sealer: Sealer
    webhooks: PostgresWebhooks

    @property
    def operations(self) -> Operations:
        """What people do with projections."""
        return Operations(self.projections)

    @property
    def parking(self) -> Parking:
        """What was parked, by whomever."""
        return Parking(self.store, (self.operations, self.reactions))


def _required(value: Any, variable: str) -> str:
    if value is None:
        raise NotConfigured(f"RELUTH_{variable} is not set: see docs/settings.md")
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


@asynccontextmanager
async def opened(
    spec: ServiceSpec[C],
    settings: Settings,
    clock: Clock,
    upstream: Callable[[str], Upstream],
    *,
    tracing: Tracing | None = None,
    check: bool = True,
) -> AsyncIterator[Opened[C]]:
    """Connect to the service's database. Nothing runs by itself yet."""
    url = _required(settings.database_url, "DATABASE_URL")
    tracing = tracing or Tracing(spec.name)
    async with AsyncExitStack() as stack:
        log = await PostgresLog.open(
            url,
            clock=clock,
            readers=settings.database_pool,
            max_batch=settings.append_batch,
            max_waiting=settings.append_queue,
            check=check,
        )
        stack.push_async_callback(log.close)
        pool = await open_pool(url, settings.database_pool)
        stack.push_async_callback(pool.close)
        store = PostgresStore(pool)
        facts = Facts(log, spec.registry, spec.name, topic_prefix=settings.topic_prefix)
        kek = await stack.enter_async_context(kek_of(settings))
        sealer = Sealer(PostgresSubjectKeys(pool), kek, clock=clock)
        feeds = (InboxFeed(store, spec.registry), LogFeed(log, facts.envelope))
        projections = Projections(store, spec.projections(), feeds, clock=clock)
        webhooks, quarantine = PostgresWebhooks(pool), PostgresQuarantine(pool)
        context = spec.context(Parts(settings, clock, facts, sealer, projections, upstream, webhooks, quarantine))
        yield Opened(
            context,
            log,
            store,
            facts,
            projections,
            Reactions(store, feeds[0], spec.reactions(context), clock=clock, tracing=tracing),
            Inbox(
                store,
                spec.registry,
                (projections,),
                clock=clock,
                tracing=tracing,
                topics=spec.read_topics(settings.topic_prefix),
            ),
            PostgresCursor(pool),
            sealer,
            webhooks,
        )


def _create(spec: ServiceSpec[C], settings: Settings, clock: Clock) -> FastAPI:
    telemetry = Telemetry.of(spec.name, settings)
    client = httpx.AsyncClient(timeout=settings.upstream_timeout)
    issuer = _required(settings.oidc_issuer, "OIDC_ISSUER")
    verifier = TokenVerifier(
        OidcKeys(issuer, client),
        issuer=issuer,
        audience=settings.oidc_audience,
        roles_claim=settings.oidc_roles_claim,
        sites_claim=settings.oidc_sites_claim,
    )
    health = HealthChecks()

    def upstream(name: str) -> Upstream:
        if name not in settings.upstream_urls:
            raise NotConfigured(f"RELUTH_UPSTREAM_URLS does not say where {name} is")
        url = settings.upstream_urls[name]
        return Upstream(name, url, client, tracing=telemetry.tracing, timeout=settings.upstream_timeout)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[C]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(client.aclose)
            if settings.migration_url is not None:
                role = urlsplit(_required(settings.database_url, "DATABASE_URL")).username or ""
                await migrate(settings.migration_url.get_secret_value(), role)
            service = await stack.enter_async_context(
                opened(spec, settings, clock, upstream, tracing=telemetry.tracing)
            )
            await service.projections.start()
            loops = dict(_loops(spec, settings, service))
            if spec.told is not None:
                teller = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
                loops["webhooks"] = _deliverer(spec.told(service.context), settings, service, teller, clock)
            await stack.enter_async_context(_running(loops, health))
            watch(service, loops, health, telemetry)
            service.inbox.status.topics.update(await service.inbox.standings())
            for name, check in spec.checks(service.context).items():
                health.ready_when(name, check)
            yield service.context

    return create_app(
        title=f"ReLUTH {spec.name}",
        version=version("reluth"),
        description=spec.description,
        routers=spec.routers,
        lifespan=lifespan,
        settings=settings,
        auth=Auth(verifier, spec.policy),
        health=health,
        telemetry=telemetry,
        media_types=spec.media_types,
        examples=spec.examples,
    )


def _loops(spec: ServiceSpec[C], settings: Settings, service: Opened[C]) -> Mapping[str, Loop]:
    """What a service does by itself, by the name under which health speaks of it."""
    kafka = broker(settings)
    loops: dict[str, Loop] = {
        "relay": Relay(
            service.log,
            service.cursor,
            lambda: KafkaProducer(kafka),
            lambda message: render(message, spec.name),
            RelaySettings(poll_shortest=settings.relay_poll_min, poll_longest=settings.relay_poll_max),
            source=spec.name,
            topics=spec.owned_topics(settings.topic_prefix),
        ),
        "projections": service.projections,
    }
    if spec.subscriptions:
        loops["inbox"] = KafkaConsumer(
            service.inbox,
            kafka,
            f"{settings.topic_prefix}reluth-{spec.name}",
            spec.read_topics(settings.topic_prefix),
            ConsumerSettings(batch=settings.inbox_batch),
        )
    if service.reactions.reactions:
        loops["reactions"] = service.reactions
    loops.update(spec.tasks(service.context, settings))
    return loops


def _deliverer(
    told: Told, settings: Settings, service: Opened[C], client: httpx.AsyncClient, clock: Clock
) -> Deliverer:
    """What delivers to webhooks. Its client knows no proxy: an address is checked by the number it is reached at."""
    sender = Sender(client, settings.webhook_timeout, settings.webhook_private)
    pace = Pace(lease=settings.webhook_timeout + 50, give_up=settings.webhook_give_up * 3600)
    return Deliverer(service.facts, service.webhooks, service.sealer, sender, told, clock, pace)


def broker(settings: Settings) -> KafkaConnection:
    """How the settings say that the broker is reached."""
    secure = settings.kafka_security in (KafkaSecurity.SSL, KafkaSecurity.SASL_SSL)
    ca_file = str(settings.kafka_ca_file) if settings.kafka_ca_file else None
    return KafkaConnection(
        bootstrap=_required(settings.kafka_bootstrap, "KAFKA_BOOTSTRAP"),
        security_protocol=settings.kafka_security.value,
        ssl_context=ssl.create_default_context(cafile=ca_file) if secure else None,
        sasl_mechanism=settings.kafka_sasl_mechanism.value,
        username=settings.kafka_username,
        password=settings.kafka_password.get_secret_value() if settings.kafka_password else None,
    )


@asynccontextmanager
async def _running(loops: Mapping[str, Loop], health: HealthChecks) -> AsyncIterator[None]:
    """Run the loops; at the end ask each to finish what it has in hand, and wait."""
    tasks = {name: asyncio.create_task(_guarded(name, loop.run()), name=name) for name, loop in loops.items()}

    async def alive() -> Condition:
        ended = sorted(name for name, task in tasks.items() if task.done())
        return Condition.failed(ended=list(ended)) if ended else Condition.ok()

    health.ready_when("loops", alive)
    try:
        yield
    finally:
        for loop in loops.values():
            loop.stop()
        await asyncio.gather(*tasks.values(), return_exceptions=True)


async def _guarded(name: str, loop: Coroutine[Any, Any, None]) -> None:
    try:
        await loop
    except Exception:
        _logger.exception("%s ended", name)
        raise
