"""Reads of the past on a real PostgreSQL, against a fold of the log's rows that shares no code with the service."""

import json
import random
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest

from contracts.events.course import RecordAnnulled
from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    Finding,
    FindingsRecorded,
    NewAnticancerTherapyStarted,
    RunInEnded,
    SiteActivated,
    SitePaused,
    SiteResumed,
    SubjectIncluded,
    SubjectScreened,
    SurvivalContactRecorded,
    VisitsScheduled,
)
from contracts.events.envelope import Provenance
from contracts.events.fact import Fact, SiteFact, SubjectFact
from contracts.protocol.versions import Versions
from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.log.postgres import PostgresLog
from services.chassis.quarantine.memory import MemoryQuarantine
from services.chassis.settings import Settings
from services.chassis.webhooks.memory import MemoryWebhooks
from services.enrolment.app import SERVICE
from services.enrolment.consumers import REGISTRY
from services.enrolment.domain.facts import SubjectNumberIssued
from services.enrolment.domain.site import conduct_stream, site_stream
from services.enrolment.domain.state import subject_stream
from services.enrolment.handlers.context import Context
from services.enrolment.policy import POLICY
from services.enrolment.routes.common import Services
from services.enrolment.views.readers import Views, past_of, projections
from tests.conftest import Database
from tests.unit.enrolment.world import PROTOCOL, STUDY, Assessments
from tests.unit.hearing import Api, Parts, running

FIRST: Final = date(2022, 1, 10)
SITES: Final = ("01", "02", "03")
SUBJECTS: Final = 24
INSTANTS: Final = 1000


class Clock:
    """Goes on by some seconds, or stands still: several facts then have one recorded time."""

    def __init__(self, chance: random.Random) -> None:
        self.now, self._chance = datetime(2023, 1, 1, tzinfo=UTC), chance

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=self._chance.choice((0, 0, 137, 1000, 86_400_000)))
        return self.now


def _course(chance: random.Random, subject: str) -> Iterator[Fact]:
    """What is recorded of a subject, in this order; days are late, early or the same as chance has it."""
    who: Mapping[str, Any] = {"study": STUDY, "subject": subject}
    day = FIRST + timedelta(days=chance.randrange(60))

    def later(most: int = 40) -> date:
        nonlocal day
        day += timedelta(days=chance.randrange(most))
        return day

    yield SubjectScreened(**who, site=subject[:2], sex=Sex.FEMALE, birth_month="1956-04", screened_on=day)
    if chance.random() < 0.9:
        yield ConsentSigned(**who, version="1.0", signed_on=later(5))
    for _ in range(chance.randrange(3)):
        found = [
            Finding(
                field=name, value=str(chance.randrange(300)), observed_on=day - timedelta(days=chance.randrange(90))
            )
            for name in chance.sample(("platelets", "alt", "ast", "ecog"), chance.randrange(1, 4))
        ]
        yield FindingsRecorded(**who, findings=tuple(found))
    if chance.random() < 0.8:
        yield SubjectIncluded(**who, included_on=later(), assessment=UUID(int=1))
        for cycle in range(1, 1 + chance.randrange(3)):
            mbq = Decimal(chance.randrange(7000, 7800))
            yield CycleAdministered(**who, cycle=cycle, given_on=later(), prescribed_mbq=mbq, administered_mbq=mbq)
        for scan in range(chance.randrange(3)):
            yield VisitsScheduled(
                **who, anchor="randomization", anchor_on=day + timedelta(days=9 * scan - 4), visits=()
            )
    for _ in range(chance.randrange(4)):  # word of an earlier day comes later
        yield SurvivalContactRecorded(**who, last_alive_on=later() - timedelta(days=chance.randrange(30)))
    if chance.random() < 0.4:
        yield NewAnticancerTherapyStarted(**who, started_on=later(), therapy=TherapyClass.EVEROLIMUS)
    if chance.random() < 0.3:
        yield RunInEnded(**who, reason=RunInExit.TOXICITY, ended_on=later())
    if chance.random() < 0.3:
        yield DeathRecorded(**who, died_on=later(), cause=DeathCause.TUMOUR)


def _house(chance: random.Random, site: str) -> Iterator[Fact]:
    where: Mapping[str, Any] = {"study": STUDY, "site": site}
    yield SiteActivated(**where, name=f"Centre {site}", activated_on=FIRST, consent_versions=("1.0",))
    day = FIRST
    for _ in range(3):
        day += timedelta(days=chance.randrange(1, 60))
        yield SitePaused(**where, paused_on=day)
        day += timedelta(days=chance.randrange(1, 60))
        yield SiteResumed(**where, resumed_on=day)


async def _record(facts: Facts, fact: Fact, number: int) -> UUID:
    match fact:
        case SubjectFact():
            stream = subject_stream(STUDY, fact.subject)
        case SitePaused() | SiteResumed():
            stream = conduct_stream(STUDY, fact.site)
        case SiteFact():
            stream = site_stream(STUDY, fact.site)
    made: list[UUID] = []

    async def work(unit: Unit) -> Answer:
        await unit.load(stream, None, lambda state, _: state)
        day = FIRST + timedelta(days=number % 90) if isinstance(fact, SubjectNumberIssued) else None
        made[:] = unit.append(stream, [fact], occurred_on=day)
        return Answer(201, {})

    await facts.transact(CommandId(f"key-{number}", sha256(b"").digest()), Provenance("acc-1"), work)
    return made[0]


async def _fill(facts: Facts, chance: random.Random) -> None:
    """All courses at once, now one goes on and now another; some of what was recorded is annulled."""
    numbers = dict.fromkeys(SITES, 0)
    going: list[Iterator[Fact]] = [_house(chance, site) for site in SITES]
    for _ in range(SUBJECTS):
        site = chance.choice(SITES)
        numbers[site] += 1
        going.append(_course(chance, f"{site}-{numbers[site]:03d}"))
    may_go: list[tuple[str, UUID]] = []
    count = 0
    while going:
        course = chance.choice(going)
        if (fact := next(course, None)) is None:
            going.remove(course)
            continue
        if isinstance(fact, SubjectScreened):
            issued = SubjectNumberIssued(
                study=STUDY, site=fact.site, subject=fact.subject, sequence=int(fact.subject[3:])
            )
            count += 1
            await _record(facts, issued, count)
        count += 1
        event_id = await _record(facts, fact, count)
        if isinstance(fact, SurvivalContactRecorded | NewAnticancerTherapyStarted | CycleAdministered | DeathRecorded):
            may_go.append((fact.subject, event_id))
        if may_go and chance.random() < 0.08:
            subject, gone = may_go.pop(chance.randrange(len(may_go)))
            count += 1
            await _record(facts, RecordAnnulled(study=STUDY, subject=subject, annulled=gone), count)


# ---- the past once more: rows and dictionaries, and no code of the service

Event = dict[str, Any]
_DAY_OF: Final = {
    "enrolment.subject-screened": "screened_on",
    "enrolment.consent-signed": "signed_on",
    "enrolment.subject-included": "included_on",
    "enrolment.cycle-administered": "given_on",
    "enrolment.visits-scheduled": "anchor_on",
    "enrolment.survival-contact-recorded": "last_alive_on",
    "enrolment.new-anticancer-therapy-started": "started_on",
    "enrolment.run-in-ended": "ended_on",
    "enrolment.death-recorded": "died_on",
    "enrolment.site-activated": "activated_on",
    "enrolment.site-paused": "paused_on",
    "enrolment.site-resumed": "resumed_on",
}


async def _rows(pool: "asyncpg.Pool[asyncpg.Record]") -> list[Event]:
    found = await pool.fetch("SELECT pos, event_id, type, payload, meta, recorded_at FROM events ORDER BY pos")
    return [{**row, "payload": json.loads(row["payload"]), "meta": json.loads(row["meta"])} for row in found]


def _known(events: list[Event], as_of: int | datetime | None, day: str | None) -> list[Event]:
    """What stood then, of that day."""
    if isinstance(as_of, int):
        events = [e for e in events if e["pos"] <= as_of]
    elif as_of is not None:
        events = [e for e in events if e["recorded_at"] <= as_of]
    gone = {e["payload"]["annulled"] for e in events if e["type"].endswith("annulled")}
    stood = [e for e in events if str(e["event_id"]) not in gone]
    if day is None:
        return stood
    kept = []
    for event in stood:
        body, kind = event["payload"], event["type"]
        if kind == "enrolment.findings-recorded":
            some = [one for one in body["findings"] if one["observed_on"] <= day]
            kept += [{**event, "payload": {**body, "findings": some}}] if some else []
        elif kind == "enrolment.subject-number-issued":
            kept += [event] if event["meta"]["occurred_on"] <= day else []
        elif kind == "enrolment.visits-scheduled":
            mine = [e for e in stood if e["type"] == kind and e["payload"]["subject"] == body["subject"]]
            kept += [event] if event["pos"] == mine[-1]["pos"] and body["anchor_on"] <= day else []
        elif kind in _DAY_OF:
            kept += [event] if body[_DAY_OF[kind]] <= day else []
    return kept


def _subject(events: list[Event], subject: str) -> dict[str, Any] | None:
    """What is shown of a subject: the last of each kind, or all of them."""
    mine: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        if event["payload"].get("subject") == subject and not event["type"].endswith("issued"):
            mine.setdefault(event["type"].removeprefix("enrolment."), []).append(event["payload"])

    def last(kind: str, field: str) -> Any:
        return mine[kind][-1][field] if kind in mine else None

    if "subject-screened" not in mine:
        return None
    return {
        "screened_on": last("subject-screened", "screened_on"),
        "signed_on": last("consent-signed", "signed_on"),
        "included_on": last("subject-included", "included_on"),
        "cycles": [(c["cycle"], c["given_on"], c["administered_mbq"]) for c in mine.get("cycle-administered", [])],
        "randomized_on": last("visits-scheduled", "anchor_on"),
        "ended_on": last("run-in-ended", "ended_on"),
        "died_on": last("death-recorded", "died_on"),
        "last_alive_on": max((c["last_alive_on"] for c in mine.get("survival-contact-recorded", [])), default=None),
        "therapies": [t["started_on"] for t in mine.get("new-anticancer-therapy-started", [])],
        "findings": sorted(
            (f["field"], f["observed_on"], f["value"]) for r in mine.get("findings-recorded", []) for f in r["findings"]
        ),
    }


def _sites(events: list[Event]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        body, kind = event["payload"], event["type"].removeprefix("enrolment.")
        if kind in ("site-activated", "site-paused", "site-resumed", "subject-number-issued"):
            site = found.setdefault(body["site"], {"name": "", "on": None, "paused": None, "screened": 0})
            match kind:
                case "site-activated":
                    site.update(name=body["name"], on=body["activated_on"])
                case "site-paused":
                    site["paused"] = body["paused_on"]
                case "site-resumed":
                    site["paused"] = None
                case _:
                    site["screened"] = body["sequence"]
    return {name: tuple(site.values()) for name, site in found.items()}


def _shown(view: dict[str, Any]) -> dict[str, Any]:
    """The same of a view."""
    return {
        "screened_on": view["screened_on"],
        "signed_on": view["consent"] and view["consent"]["signed_on"],
        "included_on": view["included_on"],
        "cycles": [(c["cycle"], c["given_on"], c["administered_mbq"]) for c in view["cycles"]],
        "randomized_on": view["randomized_on"],
        "ended_on": view["exit"] and view["exit"]["ended_on"],
        "died_on": view["death"] and view["death"]["died_on"],
        "last_alive_on": view["last_alive_on"],
        "therapies": [t["started_on"] for t in view["new_therapies"]],
        "findings": sorted((f["field"], f["observed_on"], f["value"]) for f in view["findings"]),
    }


def _line(told: dict[str, Any]) -> tuple[Any, ...]:
    """The same of a line in the list."""
    names = ("screened_on", "signed_on", "included_on", "randomized_on", "ended_on", "died_on")
    return (*(told[name] for name in names), len(told["cycles"]))


# ---- the comparison


@asynccontextmanager
async def _service(database: Database, clock: Clock, state_dir: Path) -> AsyncIterator[Api[Services]]:
    log = await PostgresLog.open(database.url, clock=clock)
    try:
        parts = Parts("enrolment", REGISTRY, projections(), clock.now)
        parts.log, parts.facts = log, Facts(log, REGISTRY, "enrolment")  # type: ignore[assignment]

        def services(made: Parts) -> Services:
            context = Context(
                made.facts,
                {STUDY: Versions.of(PROTOCOL)},
                clock,
                Assessments(),
                made.sealer,
                MemoryQuarantine(),
            )
            return Services(context, Views.over(made.projections), past_of(made.facts, Settings()), MemoryWebhooks())

        async with running(parts, services, SERVICE.routers, POLICY, state_dir) as api:
            yield api
    finally:
        await log.close()


def _instants(chance: random.Random, events: list[Event]) -> Iterator[tuple[int | datetime | None, str | None]]:
    """Positions and times, at events and between them, before the first and after the last; days as well, or none."""
    days = sorted({FIRST + timedelta(days=n) for n in range(-5, 400, 3)})
    for _ in range(INSTANTS):
        at: int | datetime | None
        match chance.randrange(5):
            case 0 | 1:
                at = chance.randrange(len(events) + 3)
            case 2:
                at = chance.choice(events)["recorded_at"]
            case 3:
                at = chance.choice(events)["recorded_at"] + timedelta(microseconds=chance.randrange(-500, 500_000))
            case _:
                at = None
        yield at, chance.choice(days).isoformat() if at is None or chance.random() < 0.6 else None


@pytest.mark.parametrize("seed", [20260331])
async def test_a_thousand_instants_of_the_past_are_what_the_log_says(
    database: Database, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    clock = Clock(chance)
    pool = await asyncpg.create_pool(database.url, min_size=1, max_size=2)
    async with _service(database, clock, tmp_path) as api:
        await _fill(api.parts.facts, chance)
        events = await _rows(pool)
        everybody = sorted({e["payload"]["subject"] for e in events if "subject" in e["payload"]})
        assert len(everybody) == SUBJECTS
        assert sum(e["type"].endswith("annulled") for e in events) >= 5
        token, seen = api.token("monitor"), {200: 0, 404: 0}

        async def get(path: str, at: int | datetime | None, day: str | None) -> Any:
            query = {"as_of": str(at) if isinstance(at, int) else at.isoformat() if at else None, "valid_at": day}
            asked = {name: value for name, value in query.items() if value is not None}
            return await api.client.get(f"/studies/{STUDY}{path}", headers=token, params={**asked, "limit": 200})

        for n, (at, day) in enumerate(_instants(chance, events)):
            known = _known(events, at, day)
            subject = chance.choice(everybody)
            answer, told = await get(f"/subjects/{subject}", at, day), _subject(known, subject)
            seen[answer.status_code] += 1
            assert (answer.status_code == 200) is (told is not None), (at, day, subject)
            assert told is None or _shown(answer.json()) == told, (at, day, subject)
            if n % 2:
                items = (await get("/subjects", at, day)).json()["items"]
                lines = {
                    line["subject"]: (
                        line["screened_on"],
                        line["consented_on"],
                        line["included_on"],
                        line["randomized_on"],
                        line["ended_on"],
                        line["died_on"],
                        line["cycles"],
                    )
                    for line in items
                    if line["screened_on"]
                }
                expected = {s: _line(one) for s in everybody if (one := _subject(known, s)) is not None}
                assert lines == expected, (at, day)
            else:
                items = (await get("/sites", at, day)).json()["items"]
                found = {s["site"]: (s["name"], s["activated_on"], s["paused_on"], s["screened"]) for s in items}
                assert found == _sites(known), (at, day)
        assert min(seen.values()) > INSTANTS // 20, seen
    await pool.close()
