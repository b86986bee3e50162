"""Analytics whole but for its servers: inbox and read models in memory, fed as the relays would, behind its routes."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from contracts.events.catalogue import registry
from contracts.events.envelope import Provenance
from contracts.events.fact import Fact
from contracts.events.registry import canonical
from contracts.events.wire import Message, to_headers
from services.analytics.policy import POLICY
from services.analytics.projections import projections
from services.analytics.reading import SOURCES, Reading
from services.analytics.routes import router
from services.analytics.views import Context
from services.chassis.auth.guard import Auth
from services.chassis.auth.issuer import LocalIssuer
from services.chassis.auth.tokens import TokenVerifier
from services.chassis.health import HealthChecks
from services.chassis.http.app import create_app
from services.chassis.inbox.inbox import Fetched, Inbox, Record
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Partition, Store
from services.chassis.projections.feed import InboxFeed
from services.chassis.projections.projections import Projections
from services.chassis.settings import settings_of
from services.chassis.telemetry import Telemetry

from .world import PROTOCOL, STUDY, day

REGISTRY = registry()
SOURCE_OF = {topic: source for source, topics in SOURCES.items() for topic in topics}


@dataclass
class Published:
    """What the other services have published: numbered as their outboxes and logs number it."""

    topic_prefix: str = ""
    out: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    keys: Counter[tuple[str, str]] = field(default_factory=Counter)

    def message(self, fact: Fact) -> Message:
        """The next message of the fact's source. Every second place of its log is taken by a private fact."""
        topic = str(fact.topic)
        source = SOURCE_OF[topic]
        self.out[source] += 1
        self.topics[topic] += 1
        self.keys[(topic, fact.key)] += 1
        name = f"{source} {self.out[source]}".encode()
        return Message(
            topic=self.topic_prefix + topic,
            topic_pos=self.topics[topic],
            key=fact.key,
            key_seq=self.keys[(topic, fact.key)],
            out_pos=self.out[source],
            source=source,
            event_id=UUID(bytes=sha256(name).digest()[:16]),
            type=fact.type_name,
            schema=fact.type_version,
            stream=fact.key,
            version=self.keys[(topic, fact.key)],
            position=2 * self.out[source],
            recorded_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=self.out[source]),
            chain=sha256(name).hexdigest(),
            provenance=Provenance(actor="somebody"),
            value=canonical(fact.model_dump(mode="json")),
        )


class Service:
    """One process of analytics."""

    def __init__(self, store: Store | None = None, *, topic_prefix: str = "") -> None:
        self.store = store or MemoryStore()
        self.now = datetime(*day(400).timetuple()[:3], 12, tzinfo=UTC)
        self.kept = Projections(self.store, projections(), [InboxFeed(self.store, REGISTRY)], clock=lambda: self.now)
        self.inbox = Inbox(self.store, REGISTRY, [self.kept], clock=lambda: self.now)
        self.published = Published(topic_prefix)
        self.ctx = Context({STUDY: PROTOCOL}, lambda: self.now, Reading(self.kept, topic_prefix))
        self._offsets: Counter[str] = Counter()

    async def told(self, *facts: Fact) -> list[Message]:
        """Deliver facts in this order, one at a time."""
        messages = [self.published.message(fact) for fact in facts]
        for message in messages:
            await self.deliver(message)
        return messages

    async def deliver(self, message: Message) -> None:
        """Hand one message to the inbox, as a consumer of its topic does."""
        at = self._offsets[message.topic]
        record = Record(at, message.key.encode(), to_headers(message), message.value)
        result = await self.inbox.receive("cluster", [Fetched(Partition(message.topic, 0), at, at + 1, [record])])
        assert not result.stopped
        self._offsets[message.topic] += 1


def shuffled(messages: Iterable[Message], seed: int) -> list[Message]:
    """The messages in another order: each topic keeps its own, which topic comes next is drawn."""
    draw = random.Random(seed)
    waiting: dict[str, list[Message]] = {}
    for message in messages:
        waiting.setdefault(message.topic, []).append(message)
    merged = []
    while waiting:
        topic = draw.choice(sorted(waiting))
        merged.append(waiting[topic].pop(0))
        if not waiting[topic]:
            del waiting[topic]
    return merged


@dataclass
class Api:
    """The service behind its routes, and tokens for everybody."""

    service: Service
    client: httpx.AsyncClient
    issuer: LocalIssuer
    app: FastAPI

    def token(self, *roles: str, sites: Sequence[str] = ()) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.mint('-'.join((*roles, *sites)), list(roles), list(sites))}"}

    async def get(self, path: str, role: str, *sites: str, **query: str | int) -> httpx.Response:
        return await self.client.get(f"/studies/RELUTH{path}", headers=self.token(role, sites=sites), params=query)

    async def read(self, path: str, role: str, *sites: str, **query: str | int) -> Any:
        """The body of an answer that must be one."""
        answer = await self.get(path, role, *sites, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def running(service: Service, state_dir: Path) -> AsyncIterator[Api]:
    """The service as an application, without a port."""
    settings = settings_of("analytics", state_dir=state_dir, consistency_timeout=0.2)
    issuer = LocalIssuer(state_dir, issuer="http://issuer.test", audience="reluth")
    verifier = TokenVerifier(issuer, issuer="http://issuer.test", audience="reluth")
    await service.kept.start()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[Context]:
        yield service.ctx

    app = create_app(
        title="analytics",
        version="0",
        routers=[router],
        lifespan=lifespan,
        settings=settings,
        auth=Auth(verifier, POLICY),
        health=HealthChecks(),
        telemetry=Telemetry.of("analytics", settings),
    )
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://analytics.test") as client,
    ):
        yield Api(service, client, issuer, app)
