"""The small world of dosimetry's tests: an included subject, a qualified camera, two cycles, and an API to call."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from contracts.events.enrolment import ConsentSigned, DeathRecorded, SubjectIncluded, SubjectScreened
from contracts.protocol.load import load
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import DeathCause, Sex
from services.chassis.images import Images
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Store
from services.chassis.register import SUBJECTS, StoredRegister
from services.dosimetry.app import SERVICE
from services.dosimetry.consumers import REGISTRY
from services.dosimetry.handlers.context import Context
from services.dosimetry.policy import POLICY
from tests.unit.hearing import Api, Parts, running

PROTOCOL = load()
STUDY, SITE, SUBJECT = "RELUTH", "01", "01-001"
NOW = datetime(2022, 12, 1, 10, tzinfo=UTC)
STARTED = datetime(2022, 2, 1, 8, 15, tzinfo=UTC)
HOURS = (4, 24, 72, 192)
CENTRE = f"/sites/{SITE}/dosimetry-qualifications"
INFUSIONS, SCANS, READ, DOSES, CUMULATIVE, ANNULMENTS = (
    f"/subjects/{SUBJECT}/{name}"
    for name in (
        "dosimetry-infusions",
        "dosimetry-scans",
        "dosimetry",
        "absorbed-doses",
        "cumulative-doses",
        "dosimetry-annulments",
    )
)
QUALIFICATION = {
    "camera": "NM-670",
    "acquisition": "SPECT_CT",
    "calibration_factor": "5.67",
    "recovery": [{"volume_ml": "5.6", "coefficient": "0.52"}, {"volume_ml": "26.5", "coefficient": "0.81"}],
    "phantom_on": "2022-01-10",
    "cross_checked_on": "2022-01-10",
    "cross_check_percent": "-1.2",
    "valid_from": "2022-01-10",
    "valid_to": "2022-11-30",
}


def screened(subject: str = SUBJECT) -> SubjectScreened:
    return SubjectScreened(
        study=STUDY,
        site=subject[:2],
        subject=subject,
        sex=Sex.FEMALE,
        birth_month="1958-04",
        screened_on=date(2022, 1, 5),
    )


def consented(subject: str = SUBJECT) -> ConsentSigned:
    return ConsentSigned(study=STUDY, subject=subject, version="1.0", signed_on=date(2022, 1, 10))


def included(subject: str = SUBJECT) -> SubjectIncluded:
    return SubjectIncluded(study=STUDY, subject=subject, included_on=date(2022, 1, 20), assessment=UUID(int=5))


def died(subject: str = SUBJECT) -> DeathRecorded:
    return DeathRecorded(study=STUDY, subject=subject, died_on=date(2022, 9, 1), cause=DeathCause.TUMOUR)


def infusion(cycle: int = 1, **changed: Any) -> dict[str, Any]:
    started = STARTED + timedelta(weeks=8 * (cycle - 1))
    body = {"cycle": cycle, "administered_mbq": "7400", "infusion_started_at": started.isoformat()}
    return {**body, **changed}


def region(organ: str = "KIDNEY_L", activity: str = "71.4", **changed: Any) -> dict[str, Any]:
    return {"organ": organ, "mass_g": "160", "activity_mbq": activity, "sd_mbq": "3.5", **changed}


def scan(hours: int = 24, cycle: int = 1, **changed: Any) -> dict[str, Any]:
    started = STARTED + timedelta(weeks=8 * (cycle - 1))
    return {
        "cycle": cycle,
        "acquired_at": (started + timedelta(hours=hours)).isoformat(),
        "acquisition": "SPECT_CT",
        "camera": "NM-670",
        "reconstruction": {"algorithm": "OSEM", "iterations": 6, "subsets": 10, "corrections": ["ATTENUATION"]},
        "study_uid": f"1.2.826.0.1.{cycle}.{hours}",
        "quality": "PASSED",
        "regions": [region()],
        **changed,
    }


class Dosimetry(Api[Context]):
    """The service behind its routes, with the words of this trial."""

    _sent = 0

    async def sends(
        self, path: str, body: object, role: str = "investigator", *sites: str, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """A request of the own site, or of `sites`; with a key of its own unless one is given."""
        self._sent += 1
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.post(path, body, role, *(sites or (SITE,)), key=key or f"k{self._sent}", headers=named)
        await self.parts.catch_up()
        return answer

    async def made(self, path: str, body: object) -> str:
        """Record something; the event id of it."""
        answer = await self.sends(path, body)
        assert answer.status_code == 201, answer.text
        recorded: str = answer.json()["recorded"][0]["event_id"]
        return recorded

    async def told(self, path: str = READ, role: str = "investigator", **query: Any) -> Any:
        """What a read answers."""
        answer = await self.get(path, role, SITE, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def count(self) -> int:
        """How many facts are recorded."""
        return len(await self.parts.types())


IMAGES = Images({"01": "https://pacs.hospital.example/studies/{study_uid}"})


@asynccontextmanager
async def dosimetry(
    state_dir: Path,
    *,
    protocols: Mapping[str, Protocol] | None = None,
    hearing_timeout: float = 0.0,
    store: Store | None = None,
) -> AsyncIterator[Dosimetry]:
    """The service behind its routes. It has heard nothing yet."""

    def context(parts: Parts) -> Context:
        register = StoredRegister(parts.projections)
        known = protocols or {STUDY: PROTOCOL}
        return Context(parts.facts, known, parts.clock, register, "reluth-test", IMAGES, hearing_timeout)

    parts = Parts("dosimetry", REGISTRY, (SUBJECTS,), NOW, store or MemoryStore())
    async with running(parts, context, SERVICE.routers, POLICY, state_dir) as api:
        yield Dosimetry(api.parts, api.context, api.app, api.client, api.issuer)


@asynccontextmanager
async def ready(state_dir: Path) -> AsyncIterator[Dosimetry]:
    """One included subject, one qualified camera, the infusion of the first cycle."""
    async with dosimetry(state_dir) as api:
        await api.parts.hear(screened(), consented(), included())
        await api.parts.catch_up()
        await api.made(CENTRE, QUALIFICATION)
        await api.made(INFUSIONS, infusion())
        yield api
