"""For services that listen to enrolment: its facts through a real outbox and inbox in memory, and an API to call."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx
from fastapi import APIRouter, FastAPI

from contracts.events.catalogue import registry as every_fact
from contracts.events.envelope import Provenance
from contracts.events.fact import Fact
from contracts.events.registry import Registry
from contracts.events.wire import to_headers
from services.chassis.auth.guard import Auth
from services.chassis.auth.issuer import LocalIssuer
from services.chassis.auth.policy import Policy
from services.chassis.auth.tokens import TokenVerifier
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.health import HealthChecks
from services.chassis.http.app import create_app
from services.chassis.inbox.inbox import Fetched, Inbox, Record
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Partition, Store
from services.chassis.log.memory import MemoryLog
from services.chassis.projections.feed import InboxFeed, LogFeed
from services.chassis.projections.port import KEPT_UP
from services.chassis.projections.projection import AnyProjection
from services.chassis.projections.projections import Projections
from services.chassis.relay.render import render
from services.chassis.sealing.kek import LocalKeks
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.chassis.settings import settings_of
from services.chassis.telemetry import Telemetry

C = TypeVar("C")
STUDY = "RELUTH"


@dataclass
class Parts:
    """What the chassis gives a service, with everything in memory and a clock that is set."""

    name: str
    registry: Registry
    projected: Sequence[AnyProjection]
    now: datetime
    store: Store = field(default_factory=MemoryStore)
    sealer: Sealer = field(default_factory=lambda: Sealer(MemorySubjectKeys(), LocalKeks([bytes(range(32))])))

    def __post_init__(self) -> None:
        self.log = MemoryLog(self.clock)
        self.facts = Facts(self.log, self.registry, self.name)
        feeds = (InboxFeed(self.store, self.registry), LogFeed(self.log, self.facts.envelope))
        self.projections = Projections(self.store, self.projected, feeds, clock=self.clock)
        self.inbox = Inbox(self.store, self.registry, (self.projections,), clock=self.clock)
        self._enrolment = Facts(MemoryLog(self.clock), every_fact(), "enrolment")
        self._delivered = 0

    def clock(self) -> datetime:
        return self.now

    async def hear(self, *facts: Fact) -> None:
        """Enrolment records these facts, and what it publishes arrives."""
        for fact in facts:
            await self._record(fact)
        messages = await self._enrolment.log.read_outbox(self._delivered, 1000)
        start = self._delivered
        records = [
            Record(start + n, message.key.encode(), to_headers(message), message.value)
            for n, message in enumerate(render(stored, "enrolment") for stored in messages)
        ]
        self._delivered += len(records)
        partition = Partition("reluth.enrolment", 0)
        received = await self.inbox.receive("cluster", [Fetched(partition, start, self._delivered, records)])
        assert not received.stopped

    async def _record(self, fact: Fact) -> None:
        async def work(unit: Unit) -> Answer:
            await unit.load(fact.key, None, lambda state, _: state)
            unit.append(fact.key, [fact])
            return Answer(201, {})

        head = await self._enrolment.log.head()
        key = sha256(f"{head.position}".encode())
        await self._enrolment.transact(CommandId(key.hexdigest(), key.digest()), Provenance("enrolment"), work)

    async def catch_up(self) -> None:
        """Projections hold everything that is recorded, as they do a moment after a command."""
        async with self.store.begin(snapshot=True) as tx:
            generations = await tx.generations.all()
        for generation in generations:
            while generation.status in KEPT_UP and await self.projections.move(generation):
                pass

    async def types(self) -> list[str]:
        """What this service has recorded."""
        return [event.type for event in await self.log.read(0, 10_000)]


@dataclass
class Api(Generic[C]):
    """A service behind its routes, and tokens for everybody."""

    parts: Parts
    context: C
    app: FastAPI
    client: httpx.AsyncClient
    issuer: LocalIssuer

    def token(self, role: str, *sites: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.mint('-'.join((role, *sites)), [role], sites)}"}

    async def get(self, path: str, role: str, *sites: str, **query: Any) -> httpx.Response:
        return await self.client.get(f"/studies/{STUDY}{path}", headers=self.token(role, *sites), params=query)

    async def post(
        self, path: str, body: object, role: str, *sites: str, key: str, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        sent = {**self.token(role, *sites), "Idempotency-Key": key, **(headers or {})}
        if isinstance(body, str):
            sent["Content-Type"] = "application/json"
            return await self.client.post(f"/studies/{STUDY}{path}", content=body, headers=sent)
        return await self.client.post(f"/studies/{STUDY}{path}", json=body, headers=sent)


@asynccontextmanager
async def running(
    parts: Parts,
    context: Callable[[Parts], C],
    routers: Sequence[APIRouter],
    policy: Policy,
    state_dir: Path,
    media_types: frozenset[str] = frozenset(),
) -> AsyncIterator[Api[C]]:
    """The service as an application, without a port."""
    await parts.projections.start()
    settings = settings_of(parts.name, state_dir=state_dir)
    issuer = LocalIssuer(state_dir, issuer="http://issuer.test", audience="reluth")
    verifier = TokenVerifier(issuer, issuer="http://issuer.test", audience="reluth")
    made = context(parts)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[C]:
        yield made

    app = create_app(
        title=parts.name,
        version="0",
        routers=routers,
        lifespan=lifespan,
        settings=settings,
        auth=Auth(verifier, policy),
        health=HealthChecks(),
        telemetry=Telemetry.of(parts.name, settings),
        media_types=media_types,
    )
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service.test") as client,
    ):
        yield Api(parts, made, app, client, issuer)
