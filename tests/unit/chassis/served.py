"""A small service made by the factory, for tests of the factory."""

import io
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, FastAPI
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from services.chassis.auth.guard import EACH, Auth, may, public
from services.chassis.auth.issuer import LocalIssuer
from services.chassis.auth.policy import Action, Policy, Scope
from services.chassis.auth.sites import body_field
from services.chassis.auth.tokens import TokenVerifier
from services.chassis.auth.who import Who
from services.chassis.health import HealthChecks
from services.chassis.http.app import create_app
from services.chassis.http.as_of import AsOfParameter
from services.chassis.http.conditional import Conditional, ConditionRequired
from services.chassis.http.consistency import Positions, consistent
from services.chassis.http.idempotency import Command, asks
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.refusal import Refusal
from services.chassis.settings import settings_of
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.logs import logger_of
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.tracing import Tracing

ISSUER, AUDIENCE = "http://issuer.test", "reluth"
WRITE, READ, OVERVIEW = Action("things.write"), Action("things.read"), Action("things.overview")
POLICY = Policy(
    {
        WRITE: {"investigator": Scope.OWN_SITE},
        READ: {"investigator": Scope.OWN_SITE, "sponsor": Scope.ALL_SITES},
        OVERVIEW: {"investigator": Scope.OWN_SITE, "sponsor": Scope.ALL_SITES},
    }
)
FULL = Refusal("shelf-full", 409, "The shelf is full.", "Take something away first.")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=20)


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    site: str
    on: date
    colour: Colour = Colour.RED
    at: AwareDatetime | None = None
    amount: Decimal | None = Field(default=None, ge=0, max_digits=6)
    parts: list[Inner] = Field(default_factory=list, max_length=3)
    note: str | None = None

    @field_validator("note")
    @classmethod
    def _no_shouting(cls, value: str | None) -> str | None:
        if value is not None and value.isupper():
            raise ValueError(f"{value!r} is shouting" if "QUOTE" in value else "write it in lower case")
        return value


class Held:
    """Positions that are held up to `at`."""

    def __init__(self, at: int) -> None:
        self.at, self.asked = at, 0

    async def wait_for(self, position: int, timeout: float) -> bool:
        self.asked += 1
        return position <= self.at


@dataclass
class Served:
    """The application, what it did, and how to call it."""

    app: FastAPI
    issuer: LocalIssuer
    spans: InMemorySpanExporter
    telemetry: Telemetry
    health: HealthChecks
    logs: io.StringIO
    acted: list[Any] = field(default_factory=list)
    failure: Exception | None = None

    def token(self, *roles: str, sites: Sequence[str] = (), actor: str = "u-1") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.mint(actor, roles, sites)}"}

    def lines(self) -> list[dict[str, Any]]:
        """What was logged, parsed."""
        return [json.loads(line) for line in self.logs.getvalue().splitlines()]

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://service.test", headers=headers)


def serve(
    tmp_path: Path,
    *,
    positions: Callable[[], Positions | dict[str, Positions]] = lambda: Held(10),
    extra: Sequence[APIRouter] = (),
    **settings: Any,
) -> Served:
    """The service, with things to write and to read."""
    router = APIRouter()

    def act(did: Any) -> None:
        if served.failure is not None:
            raise served.failure
        served.acted.append(did)

    @router.post("/things", status_code=201, responses=problems(FULL))
    async def post_thing(
        body: Thing, who: Annotated[Who, may(WRITE, site_from=body_field("site"))], command: Command
    ) -> dict[str, str]:
        act(body)
        return {"key": command.key, "hash": command.request_hash.hex(), "actor": who.actor}

    @router.post("/sites/{site}/marks", status_code=201)
    async def post_mark(
        site: str, who: Annotated[Who, may(WRITE, site_from="site")], command: Command, when: Conditional
    ) -> dict[str, Any]:
        when.require(3)
        act(site)
        return {"key": command.key, "hash": command.request_hash.hex(), "expected": when.expected}

    @router.put("/sites/{site}", status_code=200)
    async def put_site(
        site: str, who: Annotated[Who, may(WRITE, site_from="site")], when: ConditionRequired
    ) -> dict[str, Any]:
        return {"expected": when.expected}

    @router.post("/questions", dependencies=[asks()])
    async def ask(who: Annotated[Who, may(OVERVIEW)]) -> dict[str, str]:
        return {"actor": who.actor}

    @router.get("/things")
    async def list_things(
        who: Annotated[Who, may(READ, site_from=EACH)], page: Paged, colour: Colour | None = None
    ) -> Page[int]:
        after = page.after if isinstance(page.after, int) else 0
        items = list(range(after + 1, min(after + page.limit, 7) + 1))
        return page.page(items, more=items[-1] < 7, last=items[-1])

    @router.get("/past")
    async def past(who: Annotated[Who, may(READ, site_from=EACH)], at: AsOfParameter) -> dict[str, str]:
        return {"at": repr(at)}

    @router.get("/fresh")
    async def fresh(
        who: Annotated[Who, may(READ, site_from=EACH)], _: Annotated[None, consistent(lambda _: positions())]
    ) -> dict[str, bool]:
        return {"fresh": True}

    @router.get("/open/{name}", dependencies=[public()])
    async def open_door(name: str) -> dict[str, int]:
        act(name)
        return {"length": len(name)}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[object]:
        yield object()

    spans, logs = InMemorySpanExporter(), io.StringIO()
    telemetry = Telemetry(
        "things", logger_of("things", "debug", logs), Tracing("things", exporter=spans), Metrics("things")
    )
    issuer = LocalIssuer(tmp_path, issuer=ISSUER, audience=AUDIENCE)
    health = HealthChecks(deadline=0.05)
    app = create_app(
        title="Things",
        version="1",
        routers=[router, *extra],
        lifespan=lifespan,
        settings=settings_of("things", **settings),
        auth=Auth(TokenVerifier(issuer, issuer=ISSUER, audience=AUDIENCE), POLICY),
        health=health,
        telemetry=telemetry,
    )
    served = Served(app, issuer, spans, telemetry, health, logs)
    return served
