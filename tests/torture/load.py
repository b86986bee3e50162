"""Site systems at work: real commands over HTTP, each in a journal before it is sent and when it was answered."""

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any, TextIO
from uuid import UUID

import httpx

from contracts.protocol.load import load
from services.cli.demo.cohort import Action, Course, Step, cohort
from services.cli.demo.drive import STUDY
from services.cli.demo.opening import open_allocation
from services.cli.demo.sites import site_opening
from tests.torture.system import Whole
from tests.torture.ways import WAYS

SITES = tuple(f"{n:02d}" for n in range(1, 11))
TIMEOUT = 5.0
ABANDONED_AFTER_SILENCE = 0.15
"""How often a site that got no answer never asks again: only the log knows then what became of it."""
LONGEST_PAUSE = 30.0
"""Seconds after which a site asks again about a subject that a service has not heard of."""
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_LATER = frozenset({502, 503, 504})


class Fate(StrEnum):
    """What a site knows of its request."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    ABANDONED = "abandoned"


@dataclass(slots=True)
class Request:
    """A command under one key. `number` is its place in the journal; `events` are those that its answer names."""

    key: str
    service: str
    path: str
    body: dict[str, Any]
    role: str
    site: str
    sent_at: float = 0.0
    answered_at: float = 0.0
    attempts: int = 0
    fate: Fate = Fate.OPEN
    status: int = 0
    code: str = ""
    position: int | None = None
    """Of the last fact that others may wait for. None: there is none."""
    replayed: bool = False
    answer: dict[str, Any] | None = None


@dataclass(slots=True)
class Strange:
    """An answer that no service may give, whatever is broken."""

    at: float
    service: str
    status: int
    what: str


@dataclass(slots=True)
class Load:
    """Some workers that share subjects. `journal` holds every request, in the order of their first sending."""

    system: Whole
    seed: int
    file: Path
    workers: int = 8
    think: float = 0.02
    courses: int = 100
    journal: list[Request] = field(default_factory=list)
    strange: list[Strange] = field(default_factory=list)
    later: list[tuple[float, str, int]] = field(default_factory=list)
    """When a service said "later", and with which status."""
    silent: int = 0
    known: dict[str, str] = field(default_factory=dict)
    """Subjects that safety has heard of, with their sites."""
    _tokens: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    _due: list["_Subject"] = field(default_factory=list)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _lines: TextIO | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _chances: list[Random] = field(default_factory=list)

    async def open(self) -> None:
        """Open the allocation and the sites, as the sponsor does."""
        self._lines = self.file.open("a", encoding="utf-8", buffering=1)
        chance = Random(f"{self.seed}/open")
        await open_allocation(_Sponsor(self, chance), "torture")
        requests, protocol = [], load()
        for site in SITES:
            opening = site_opening(
                protocol, site, f"Centre {site}", date(2022, 1, 10), consent="3.1", randomizer=f"randomizer-{site}"
            )
            requests += [self._request(chance, "enrolment", e.path, e.body, e.role, e.site or "") for e in opening]
        for request in requests:
            await self.send(request)
            assert request.fate is Fate.ACKNOWLEDGED, request
        self._due = [_Subject(_now(course)) for course in cohort(self.courses, self.seed, SITES)]
        self._chances = [Random(f"{self.seed}/site-{n}") for n in range(self.workers)]

    def go(self) -> None:
        """Let the workers begin, or go on."""
        self._stop.clear()
        self._tasks = [asyncio.create_task(self._work(chance)) for chance in self._chances]

    async def stop(self) -> None:
        """Let each worker hear the answer that it waits for. Raises what a worker died of."""
        self._stop.set()
        async with asyncio.timeout(180):
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """End at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._lines is not None:
            self._lines.close()

    def check_alive(self) -> None:
        """Raise what a worker died of."""
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.result()

    @property
    def acknowledged(self) -> int:
        return sum(request.fate is Fate.ACKNOWLEDGED for request in self.journal)

    async def send(self, request: Request, *, chance: Random | None = None) -> None:
        """Until there is an answer, the same key again and again. With `chance`, silence may be the end of it.

        A 409 with Retry-After leaves it open: nothing is recorded, and its sender may come back to it.
        """
        if not request.attempts:
            self.journal.append(request)
            request.sent_at = time.time()
        while request.fate is Fate.OPEN:
            request.attempts += 1
            self._say(request, "sent")
            try:
                response = await self._post(request)
            except httpx.TransportError:
                self.silent += 1
                if chance is not None and chance.random() < ABANDONED_AFTER_SILENCE:
                    request.fate = Fate.ABANDONED
                    self._say(request, "abandoned")
                    return
                await asyncio.sleep(0.2)
                continue
            if not self._heard(request, response):
                if response.status_code == 409:
                    return
                await asyncio.sleep(min(float(response.headers.get("retry-after", "1")), 1.0))

    def _heard(self, request: Request, response: httpx.Response) -> bool:
        """Take the answer. False: it says "later"."""
        status = response.status_code
        if response.is_success:
            request.fate, request.answer = Fate.ACKNOWLEDGED, response.json()
            position = response.headers.get("Reluth-Position")
            request.position = None if position is None else int(position)
            request.replayed = response.headers.get("Idempotent-Replayed") == "true"
        elif status in _LATER or (status == 409 and "retry-after" in response.headers):
            self.later.append((time.time(), request.service, status))
            if (status != 503 and status != 409) or "retry-after" not in response.headers:
                self.strange.append(Strange(time.time(), request.service, status, response.text[:300]))
            return False
        elif status >= 500:
            self.strange.append(Strange(time.time(), request.service, status, response.text[:300]))
            return False
        else:
            request.fate = Fate.REFUSED
            request.code = str(response.json().get("type", "")).rpartition(":")[2]
        request.status, request.answered_at = status, time.time()
        self._say(request, request.fate.value)
        return True

    async def _post(self, request: Request) -> httpx.Response:
        return await self.system.client.post(
            f"{self.system.urls[request.service]}{request.path}",
            json=request.body,
            headers={
                "Authorization": f"Bearer {self._token(request.role, request.site)}",
                "Idempotency-Key": request.key,
                "X-Correlation-Id": request.key,
            },
            timeout=TIMEOUT,
        )

    def _token(self, role: str, site: str) -> str:
        made, token = self._tokens.get((role, site), (0.0, ""))
        if time.monotonic() - made > 3600 or not token:
            token = self.system.issuer.mint(f"{role}-{site or 'all'}", [role], [site] if site else [])
            self._tokens[(role, site)] = (time.monotonic(), token)
        return token

    def _say(self, request: Request, what: str) -> None:
        assert self._lines is not None
        said = {"key": request.key, "at": time.time(), "what": what, "service": request.service, "path": request.path}
        if what == "sent":
            said["body"] = request.body
        elif request.answer is not None:
            said |= {"position": request.position, "answer": request.answer}
        self._lines.write(json.dumps(said) + "\n")

    def _request(
        self, chance: Random, service: str, what: str, body: Mapping[str, Any], role: str, site: str
    ) -> Request:
        key = str(UUID(int=chance.getrandbits(128), version=4))
        return Request(key, service, f"/studies/{STUDY}/{what}", dict(body), role, site)

    # --- what a worker does

    async def _work(self, chance: Random) -> None:
        while not self._stop.is_set():
            subject = next((one for one in self._due if one.ready()), None)
            if subject is not None and (chance.random() < 0.6 or not self.known):
                subject.busy = True
                try:
                    await self._next_step(subject, chance)
                finally:
                    subject.busy = False
                if not subject.steps:
                    self._due.remove(subject)
            elif self.known:
                await self.send(self._extra(chance), chance=chance)
            await asyncio.sleep(self.think * 2 * chance.random())

    async def _next_step(self, subject: "_Subject", chance: Random) -> None:
        """The next step of a course. A service that has not heard of the subject yet is asked again in a moment."""
        request = subject.pending
        if request is None:
            request = subject.pending = self._step(subject, subject.steps[0], chance)
        await self.send(request, chance=chance)
        if request.fate is Fate.OPEN:
            subject.not_before = time.monotonic() + subject.pause
            subject.pause = min(subject.pause * 2, LONGEST_PAUSE)
            return
        subject.pending, subject.pause = None, 1.0
        step = subject.steps.pop(0)
        if request.fate is Fate.ACKNOWLEDGED and request.answer is not None:
            if step.action is Action.SCREEN:
                subject.name = request.answer["recorded"][0]["fact"]["subject"]
            if request.service == "safety":
                self.known[subject.name] = subject.course.site
        elif step.action in (Action.SCREEN, Action.CONSENT, Action.INCLUDE):
            subject.steps.clear()  # nothing can follow

    def _step(self, subject: "_Subject", step: Step, chance: Random) -> Request:
        site = subject.course.site
        if step.action is Action.SCREEN:
            body = {"site": site, **step.body, "screened_on": step.on.isoformat()}
            return self._request(chance, "enrolment", "subjects", body, "coordinator", site)
        if step.action is Action.RANDOMIZE:
            return self._request(chance, "randomizer", "randomizations", {"subject": subject.name}, "randomizer", site)
        service, what, role = WAYS[step.action]
        return self._request(chance, service, f"subjects/{subject.name}/{what}", step.body, role, site)

    def _extra(self, chance: Random) -> Request:
        """What goes on for subjects that are known."""
        subject = chance.choice(list(self.known))
        site, day = self.known[subject], _yesterday().isoformat()
        kind = chance.random()
        if kind < 0.6:
            value, unit = f"{chance.uniform(20, 300):.1f}", "10*9/L"
            body: dict[str, Any] = {"analyte": "PLATELETS", "value": value, "unit": unit, "sampled_on": day}
            body |= {"lower_limit": "150", "upper_limit": "400"}
            return self._request(chance, "safety", f"subjects/{subject}/laboratory-results", body, "coordinator", site)
        if kind < 0.8:
            body = {"term": 10028813, "grade": chance.randint(1, 3), "onset_on": day, "causality": "PROBABLE"}
            body["aware_at"] = f"{day}T06:00:00+00:00"
            return self._request(chance, "safety", f"subjects/{subject}/adverse-events", body, "investigator", site)
        value = {"field": "creatinine", "value": str(chance.randint(58, 104)), "unit": "umol/L", "observed_on": day}
        return self._request(
            chance, "enrolment", f"subjects/{subject}/findings", {"findings": [value]}, "coordinator", site
        )


@dataclass(frozen=True, slots=True)
class _Sponsor:
    """The port `opening.Office`. What it sends is in the journal, under keys of the load's own."""

    load: Load
    chance: Random

    async def read(self, path: str, role: str) -> Any:
        asked = self.load._request(self.chance, "randomizer", path, {}, role, "")
        headers = {"Authorization": f"Bearer {self.load._token(role, '')}"}
        url = self.load.system.urls[asked.service] + asked.path
        response = await self.load.system.client.get(url, headers=headers, timeout=TIMEOUT)
        return response.raise_for_status().json()

    async def send(self, path: str, body: Mapping[str, Any], role: str, key: str) -> tuple[str | None, Any]:
        request = self.load._request(self.chance, "randomizer", path, body, role, "")
        await self.load.send(request)
        return None if request.fate is Fate.ACKNOWLEDGED else request.code, request.answer


@dataclass(slots=True)
class _Subject:
    """One course on its way."""

    course: Course
    name: str = ""
    steps: list[Step] = field(default_factory=list)
    pending: Request | None = None
    busy: bool = False
    not_before: float = 0.0
    pause: float = 1.0

    def __post_init__(self) -> None:
        self.steps = list(self.course.before)

    def ready(self) -> bool:
        return not self.busy and bool(self.steps) and time.monotonic() >= self.not_before


def _yesterday() -> date:
    return datetime.now(UTC).date() - timedelta(days=1)


def _now(course: Course) -> Course:
    """The same course so that its last step is due yesterday: services run on the real calendar, or a day beside it."""
    shift = _yesterday() - max(step.on for step in course.before)

    def moved(match: re.Match[str]) -> str:
        return (date.fromisoformat(match[1]) + shift).isoformat()

    steps = tuple(
        Step(step.on + shift, step.action, step.name, json.loads(_DAY.sub(moved, json.dumps(dict(step.body)))))
        for step in course.before
    )
    return Course(course.number, course.site, steps, course.randomized_on, course.seed)
