"""A randomizer whole but for its servers: the real handlers, log in memory, sealing, and an enrolment that says yes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import jwt
from fastapi import FastAPI

from contracts.events.catalogue import registry
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.randomization import CommitmentStamped, StratumLevel
from contracts.protocol.arms import BigStick, Complete, Minimization, Randomization, TwoStage
from contracts.protocol.model import Protocol
from contracts.protocol.versions import Versions
from contracts.vocabulary.sealed import SealedText
from services.chassis.auth.guard import Auth
from services.chassis.auth.issuer import LocalIssuer
from services.chassis.auth.tokens import TokenVerifier
from services.chassis.command import CommandId
from services.chassis.facts import Facts, Outcome
from services.chassis.health import HealthChecks
from services.chassis.http.app import create_app
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import Batch, Log, LogUnavailable, Recorded, StoredEvent
from services.chassis.refusal import Refusal, Refused
from services.chassis.sealing.kek import LocalKeks
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.chassis.settings import settings_of
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.context import current_request
from services.randomizer.custody import Custodian
from services.randomizer.domain import decide
from services.randomizer.domain.commands import Authorization, ChangeCap, SignDraft, Stamp
from services.randomizer.domain.configuration import CAP, configuration
from services.randomizer.domain.facts import PRIVATE
from services.randomizer.domain.state import INITIAL, evolve, foreseen
from services.randomizer.handlers import life
from services.randomizer.handlers.context import Context
from services.randomizer.handlers.randomize import randomize
from services.randomizer.policy import POLICY
from services.randomizer.routes import router

from .world import RELUTH, STRATUM, STUDY, TODAY, authorization, stamped
from .world import randomize as asking

SPONSOR = Provenance(actor="sponsor-1", roles=("sponsor",))
STATISTICIAN = Provenance(actor="statistician-1", roles=("statistician",))
RANDOMIZER = Provenance(actor="dr-7", roles=("randomizer",), site="01")
MORNING = datetime(2022, 3, 1, 9, tzinfo=UTC)
NOT_AUTHORIZED = Refusal("randomization-not-authorized", 409, "Gate 2 is not passed.", "See `reasons`.")


def capped(cap: int) -> Protocol:
    """The protocol with another cap."""
    caps = tuple(one.model_copy(update={"limit": cap}) if one.name == CAP else one for one in RELUTH.caps)
    return RELUTH.model_copy(update={"caps": caps})


_EQUAL = {factor.id: "1" for factor in RELUTH.factors}
_MINIMIZED = {"measure": "range", "probability": "4/5", "weights": _EQUAL, "source": "a test"}
METHODS: Mapping[str, Randomization] = {
    "blocks": RELUTH.randomization,
    "minimization": Minimization(method="minimization", **_MINIMIZED),
    "big stick": BigStick(method="stratified_big_stick", mti=3, source="a test"),
    "two stages": TwoStage(method="two_stage", mti=3, **_MINIMIZED),
    "complete": Complete(method="complete", source="a test"),
}
WITHIN_STRATUM = {"blocks": 3, "big stick": 3, "two stages": 3}
"""The largest difference of the arms within a stratum, where the method bounds it."""


def by_method(name: str, cap: int) -> Protocol:
    """The protocol with another method and cap."""
    return capped(cap).model_copy(update={"randomization": METHODS[name]})


class GivingWayLog(MemoryLog):
    """Gives way to others before it reads and before it writes, as one over a network does."""

    async def read_stream(
        self, stream: str, *, after: int = 0, until: int | datetime | None = None
    ) -> Sequence[StoredEvent]:
        await asyncio.sleep(0)
        return await super().read_stream(stream, after=after, until=until)

    async def append(self, batch: Batch) -> Recorded:
        await asyncio.sleep(0)
        return await super().append(batch)


class FlakyLog(GivingWayLog):
    """Fails appends, before or after they are written."""

    before = after = 0

    async def append(self, batch: Batch) -> Recorded:
        if self.before:
            self.before -= 1
            raise LogUnavailable
        recorded = await super().append(batch)
        if self.after:
            self.after -= 1
            raise LogUnavailable
        return recorded


class KindEnrolment:
    """Authorizes everybody, into the stratum it is told; the same key gets the same authorization."""

    def __init__(self, strata: Mapping[str, Sequence[StratumLevel]] | None = None) -> None:
        self.strata = strata or {}
        self.asked: list[tuple[str, str]] = []
        self.refusal: Refused | None = None
        self.failure: Exception | None = None
        self.day = TODAY
        self.protocol = RELUTH
        self.lacking: str | None = None
        """A factor that it says nothing of."""
        self.told: Mapping[str, object] = {}
        """What it says instead of what is right."""

    async def authorize(self, study: str, subject: str, key: str) -> Authorization:
        self.asked.append((subject, key))
        await asyncio.sleep(0)  # a question gives way to others, as one over the network does
        for error in (self.failure, self.refusal):
            if error is not None:
                raise error
        stratum = [level for level in self.strata.get(subject, STRATUM) if level.factor != self.lacking]
        told = {
            "study": study,
            "authorized_on": self.day,
            "criteria_version": self.protocol.criteria_version,
            "protocol_sha256": self.protocol.sha256,
            "requested_by": caller() or RANDOMIZER.actor,
            "event_id": UUID(bytes=sha256(key.encode()).digest()[:16]),
        }
        return replace(authorization(subject, stratum, **told), **self.told)


def caller() -> str | None:
    """Whose token came with the request, where there is one: enrolment is asked as the caller."""
    request = current_request()
    if request is None or request.authorization is None:
        return None
    token = request.authorization.removeprefix("Bearer ")
    claims: dict[str, str] = jwt.decode(token, options={"verify_signature": False})
    return claims["sub"]


class KindWitness:
    """Stamps whatever it is shown, and remembers it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.failure: Exception | None = None

    async def stamp(self, sha256: str) -> Stamp:
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        self.seen.append(sha256)
        return stamped(sha256, MORNING)


class CountingSealer(Sealer):
    """Counts how often something is opened."""

    opened = 0

    async def unseal(self, sealed: SealedText, *, purpose: str) -> str:
        self.opened += 1
        return await super().unseal(sealed, purpose=purpose)


@dataclass
class Service:
    """One process of the randomizer."""

    protocol: Protocol = RELUTH
    log: Log = field(default_factory=lambda: GivingWayLog(lambda: MORNING))
    enrolment: KindEnrolment = field(default_factory=KindEnrolment)
    sealer: CountingSealer = field(
        default_factory=lambda: CountingSealer(MemorySubjectKeys(), LocalKeks([bytes(range(32))]))
    )
    now: datetime = MORNING
    witness: KindWitness = field(default_factory=KindWitness)

    def __post_init__(self) -> None:
        self.enrolment.protocol = self.protocol
        self.ctx = Context(
            facts=Facts(self.log, registry(*PRIVATE), "randomizer"),
            protocols={self.protocol.study.id: Versions.of(self.protocol)},
            clock=lambda: self.now,
            custodian=Custodian(self.sealer),
            enrolment=self.enrolment,
            witness=self.witness,
        )

    async def draft(self, key: str = "draft", by: Provenance = SPONSOR) -> Outcome:
        return await life.draft(self.ctx, STUDY, None, "As the protocol says", command(key), by)

    async def sign(
        self, version: int = 1, by: Provenance = SPONSOR, *, key: str | None = None, sha256: str | None = None
    ) -> Outcome:
        cmd = SignDraft(STUDY, version, sha256 or configuration(self.protocol).sha256, by.actor)
        return await life.sign(self.ctx, cmd, "Read", command(key or f"sign {version} {by.actor}"), by)

    async def signed(self, version: int = 1) -> None:
        """Draft a version and have two persons sign it."""
        await self.draft(f"draft {version}")
        await self.sign(version, SPONSOR)
        await self.sign(version, STATISTICIAN)

    async def activate(self, key: str = "activate", version: int = 1) -> Outcome:
        """Open the allocation, or amend it: draft, both signatures, activation."""
        await self.signed(version)
        return await self.activate_only(key, version)

    async def activate_only(self, key: str = "activate", version: int = 1) -> Outcome:
        """Activate a version that was signed."""
        return await life.activate(self.ctx, STUDY, version, command(key), SPONSOR)

    async def change_cap(self, cap: int, key: str = "cap") -> Outcome:
        asked = command(key, str(cap))
        return await life.change_cap(self.ctx, ChangeCap(STUDY, cap), "Amendment 3", asked, SPONSOR)

    async def change(self, what: str, by: Provenance = SPONSOR, key: str | None = None) -> Outcome:
        """Pause, resume, close or sign_lock."""
        return await getattr(life, what)(self.ctx, STUDY, "Because", command(key or f"{what} {by.actor}"), by)

    async def randomize(self, subject: str, key: str | None = None) -> Outcome:
        asked = command(key or f"randomize {subject}", subject)
        return await randomize(self.ctx, STUDY, subject, asked, RANDOMIZER)

    async def one_after_the_other(self, subjects: Sequence[str]) -> list[str]:
        """The arms of these subjects if they come in this order once the version in force came into force."""
        envelopes = await self.history()
        opened = max(n for n, e in enumerate(envelopes, start=1) if isinstance(e.fact, CommitmentStamped))
        state, arms = INITIAL, []
        for envelope in envelopes[:opened]:
            state = evolve(state, envelope)
        draw = await self.ctx.custodian.draws(state)
        for one in subjects:
            facts = decide.randomize(state, asking(one, self.enrolment.strata.get(one, STRATUM)), draw)
            arms.append(facts[-1].arm)
            state = foreseen(state, facts, RANDOMIZER.actor)
        return arms

    async def history(self, stream: str = "allocation-RELUTH") -> list[Envelope[Fact]]:
        return await self.ctx.facts.history(stream)

    async def counted(self) -> Counter[str]:
        """How many facts of each type the whole log holds."""
        return Counter(event.type for event in await self.log.read(0, 100_000))


def command(key: str, request: str = "") -> CommandId:
    return CommandId(sha256(key.encode()).hexdigest(), sha256(request.encode()).digest())


@dataclass
class Api:
    """The service behind its routes, and tokens for everybody."""

    service: Service
    client: httpx.AsyncClient
    issuer: LocalIssuer

    def token(self, role: str, *sites: str) -> dict[str, str]:
        actor = "-".join((role, *sites))
        return {"Authorization": f"Bearer {self.issuer.mint(actor, [role], sites)}"}

    async def get(self, path: str, role: str, *sites: str, **query: str | int) -> httpx.Response:
        return await self.client.get(f"/studies/RELUTH{path}", headers=self.token(role, *sites), params=query)

    async def post(self, path: str, body: object, role: str, *sites: str, key: str = "k-1") -> httpx.Response:
        headers = {**self.token(role, *sites), "Idempotency-Key": key}
        return await self.client.post(f"/studies/RELUTH{path}", json=body, headers=headers)


@asynccontextmanager
async def running(service: Service, state_dir: Path) -> AsyncIterator[Api]:
    """The service as an application, without a port."""
    settings = settings_of("randomizer", state_dir=state_dir)
    issuer = LocalIssuer(state_dir, issuer="http://issuer.test", audience="reluth")
    verifier = TokenVerifier(issuer, issuer="http://issuer.test", audience="reluth")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[Context]:
        yield service.ctx

    app = create_app(
        title="randomizer",
        version="0",
        routers=[router],
        lifespan=lifespan,
        settings=settings,
        auth=Auth(verifier, POLICY),
        health=HealthChecks(),
        telemetry=Telemetry.of("randomizer", settings),
    )
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://randomizer.test") as client,
    ):
        yield Api(service, client, issuer)
