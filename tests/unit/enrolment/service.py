"""Enrolment behind its routes, with everything in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from contracts.protocol.versions import Versions
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Store
from services.chassis.quarantine.memory import MemoryQuarantine
from services.chassis.settings import Settings
from services.chassis.webhooks.memory import MemoryWebhooks
from services.cli.demo.sites import site_opening
from services.enrolment.app import SERVICE
from services.enrolment.consumers import REGISTRY
from services.enrolment.handlers.context import Context
from services.enrolment.policy import POLICY
from services.enrolment.routes.common import Services
from services.enrolment.views.readers import Views, past_of, projections
from tests.unit.hearing import Api, Parts, running

from .world import (
    C1,
    C2,
    CONSENTED,
    ELIGIBLE,
    INCLUDED,
    OBSERVED,
    OPENED,
    PROTOCOL,
    REQUESTED,
    SCREENED,
    STUDY,
    Assessments,
    scan,
)

FINDINGS: list[dict[str, Any]] = [
    {"field": field, "value": value, "unit": unit, "observed_on": OBSERVED.isoformat()}
    for field, (value, unit) in ELIGIBLE.items()
]
INVESTIGATOR = ("investigator", "01")


@dataclass
class Site:
    """A hospital's system talking to the service."""

    api: Api[Services]
    assessments: Assessments

    def __post_init__(self) -> None:
        self._keys = 0

    async def post(self, path: str, body: object, *who: str, key: str | None = None, **headers: str) -> httpx.Response:
        self._keys += 1
        role, *sites = who or INVESTIGATOR
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.api.post(path, body, role, *sites, key=key or f"key-{self._keys}", headers=named)

    async def get(self, path: str, *who: str, **query: Any) -> httpx.Response:
        role, *sites = who or INVESTIGATOR
        return await self.api.get(path, role, *sites, **query)

    async def done(self, path: str, body: object, *who: str) -> dict[str, Any]:
        answer = await self.post(path, body, *who)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def activate(self, site: str = "01") -> None:
        for entry in site_opening(PROTOCOL, site, f"Centre {site}", OPENED, consent="1.0"):
            await self.done(f"/{entry.path}", entry.body, entry.role)

    async def delegate(self, site: str = "01") -> UUID:
        """The randomizer account of the site may randomize. The delegation."""
        body = {"person": f"randomizer-{site}", "duty": "RANDOMIZE", "from_on": OPENED.isoformat()}
        made = await self.done(f"/sites/{site}/delegations", body, "investigator", site)
        return UUID(made["recorded"][0]["event_id"])

    async def screen(self, site: str = "01") -> str:
        body = {"site": site, "sex": "F", "birth_month": "1956-04", "screened_on": SCREENED.isoformat()}
        made = await self.done("/subjects", body, "coordinator", site)
        subject: str = made["recorded"][0]["fact"]["subject"]
        return subject

    async def include(self, subject: str) -> None:
        who = ("investigator", subject[:2])
        consent = {"version": "1.0", "signed_on": CONSENTED.isoformat()}
        await self.done(f"/subjects/{subject}/consents", consent, *who)
        await self.done(f"/subjects/{subject}/findings", {"findings": FINDINGS}, *who)
        await self.done(f"/subjects/{subject}/inclusion", {"included_on": INCLUDED.isoformat()}, *who)

    async def treat(self, subject: str) -> None:
        for number, day in ((1, C1), (2, C2)):
            body = {"cycle": number, "given_on": day.isoformat(), "administered_mbq": "7390.5"}
            await self.done(f"/subjects/{subject}/cycles", body, "pharmacist", subject[:2])
        self.assessments.answer = scan()

    async def ready_to_randomize(self) -> str:
        await self.activate()
        await self.delegate()
        subject = await self.screen()
        await self.include(subject)
        await self.treat(subject)
        return subject


@asynccontextmanager
async def enrolment(state_dir: Path, today: date = REQUESTED, store: Store | None = None) -> AsyncIterator[Site]:
    """The service behind its routes. Nothing is recorded yet."""
    assessments = Assessments()

    def services(parts: Parts) -> Services:
        protocols, held = {STUDY: Versions.of(PROTOCOL)}, MemoryQuarantine()
        context = Context(parts.facts, protocols, parts.clock, assessments, parts.sealer, held)
        return Services(context, Views.over(parts.projections), past_of(parts.facts, Settings()), MemoryWebhooks())

    now = datetime.combine(today, time(12), UTC)
    parts = Parts("enrolment", REGISTRY, projections(), now, store or MemoryStore())
    async with running(parts, services, SERVICE.routers, POLICY, state_dir) as api:
        yield Site(api, assessments)
