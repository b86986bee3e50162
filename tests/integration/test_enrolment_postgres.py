"""Enrolment's lists and numbers on a real PostgreSQL: what they keep is what the model in memory keeps."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest

from contracts.events.enrolment import RandomizationAuthorized
from contracts.events.fact import SiteFact
from contracts.vocabulary.duties import Duty
from services.chassis.facts import Facts, Outcome
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.log.postgres import PostgresLog
from services.chassis.projections.operations import Operations
from services.chassis.refusal import Refused
from services.enrolment.consumers import REGISTRY
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.domain.site import Site, evolve_site
from services.enrolment.views.readers import projections
from tests.conftest import Database
from tests.unit.enrolment.service import enrolment
from tests.unit.enrolment.world import C1, C2, REQUESTED, Assessments, World, scan


@pytest.fixture
async def store(database: Database) -> AsyncIterator[PostgresStore]:
    pool = await asyncpg.create_pool(database.url, min_size=1, max_size=4)
    try:
        yield PostgresStore(pool)
    finally:
        await pool.close()


async def test_the_lists_are_kept_found_and_rebuilt(store: PostgresStore, tmp_path: Path) -> None:
    async with enrolment(tmp_path, store=store) as site:
        first = await site.ready_to_randomize()
        await site.activate("02")
        second = await site.screen("02")
        await site.api.parts.catch_up()
        listed = (await site.get("/subjects", "monitor")).json()["items"]
        assert [(item["subject"], item["participation"]) for item in listed] == [
            (first, "RUN_IN"),
            (second, "SCREENED"),
        ]
        assert (await site.get("/subjects", "coordinator", "02")).json()["items"] == listed[1:]
        page = (await site.get("/subjects", "monitor", limit=1)).json()
        rest = (await site.get("/subjects", "monitor", limit=1, cursor=page["next"])).json()
        assert page["items"] + rest["items"] == listed
        found = (await site.get("/subjects", "monitor", participation="RUN_IN")).json()["items"]
        assert found == listed[:1]
        (visits,) = (await site.get("/visits", "monitor")).json()["items"]
        assert visits == (await site.get(f"/subjects/{first}/visits")).json()
        sites = (await site.get("/sites", "ops")).json()["items"]
        assert [(item["site"], item["screened"]) for item in sites] == [("01", 1), ("02", 1)]
        for projection, rows in zip(projections(), (2, 2, 1, 0), strict=True):
            rebuilt = await Operations(site.api.parts.projections).rebuild(projection.name)
            assert (rebuilt.same, rebuilt.rows, rebuilt.parked) == (True, rows, 0)


@pytest.fixture
async def processes(database: Database) -> AsyncIterator[tuple[World, World]]:
    """Two processes of the service over one database; assessment shows control to both."""
    logs = [await PostgresLog.open(database.url) for _ in range(2)]
    try:
        worlds = []
        for number, log in enumerate(logs):
            world = World(keys=f"process-{number}")
            facts = Facts(log, REGISTRY, "enrolment")
            world.ctx = replace(world.ctx, facts=facts)
            world.assessments.answer = scan()
            worlds.append(world)
        yield worlds[0], worlds[1]
    finally:
        for log in logs:
            await log.close()


async def test_two_processes_issue_numbers_without_collision_or_gap(processes: tuple[World, World]) -> None:
    await processes[0].activate()
    numbers = await asyncio.gather(*(processes[n % 2].screen(key=f"screen-{n}") for n in range(40)))
    assert sorted(numbers) == [f"01-{n:03d}" for n in range(1, 41)]


async def _treated(world: World) -> str:
    """Somebody at an open site for whom nothing is lacking but the authorization."""
    subject = await world.screen()
    await world.consent(subject)
    await world.findings(subject)
    await world.include(subject)
    await world.cycle(subject, 1, C1)
    await world.cycle(subject, 2, C2)
    return subject


def _when_asked(assessments: Assessments, times: int) -> asyncio.Event:
    """Set when assessment is asked for the n-th time: an authorization is then being decided."""
    asked, real = asyncio.Event(), Assessments.standing

    async def standing(
        study: str, subject: str, timepoint: str, *, as_of: datetime | None = None
    ) -> ScanEvidence | None:
        answer = await real(assessments, study, subject, timepoint)
        if assessments.asked >= times:
            asked.set()
        return answer

    assessments.standing = standing  # type: ignore[method-assign]
    return asked


async def _then(event: asyncio.Event, doing: Awaitable[Outcome]) -> Outcome:
    await event.wait()
    return await doing


async def test_no_authorization_stands_beside_a_pause_or_a_duty_taken_back(processes: tuple[World, World]) -> None:
    """One process authorizes, the other closes the site and takes the duty back, at the same moments."""
    here, there = processes
    await here.activate()
    await here.delegate()
    there.delegation = here.delegation
    subjects = [await _treated(here) for _ in range(4)]
    results: list[object] = []
    for turn in range(12):
        here.assessments.asked = 0
        closing = there.pause(REQUESTED) if turn % 2 else there.end_delegation(there.delegation, REQUESTED)
        # Those about one subject take turns: when the fifth asks, at least one before it is written.
        authorizing = [here.authorize(subject) for subject in subjects * 2]
        when = _when_asked(here.assessments, 1 + turn % 8)
        results += await asyncio.gather(*authorizing, _then(when, closing), return_exceptions=True)
        await (there.resume(REQUESTED) if turn % 2 else there.delegate(on=REQUESTED))
    assert not [one for one in results if isinstance(one, BaseException) and not isinstance(one, Refused)]
    assert {one.refusal.code for one in results if isinstance(one, Refused)} == {"randomization-not-authorized"}

    site, authorized = Site(), 0
    for event in await here.ctx.facts.log.read(0, 100_000):  # in the order of the log, whatever the clocks say
        envelope = here.ctx.facts.envelope(event)
        if isinstance(envelope.fact, RandomizationAuthorized):
            authorized += 1
            held = site.delegation("acc-1", Duty.RANDOMIZE, REQUESTED)
            assert site.open_on(REQUESTED), envelope.position
            assert held is not None, envelope.position
            assert envelope.fact.delegation == held.event_id
        elif isinstance(envelope.fact, SiteFact):
            site = evolve_site(site, envelope)
    outcomes = [one for one in results if isinstance(one, Outcome) and "authorized" in str(one.answer.body)]
    assert authorized == len(outcomes)
    assert 0 < authorized < 12 * 8, "both orders were seen"


async def test_a_busy_site_makes_nobody_wait_for_good(processes: tuple[World, World]) -> None:
    """Each screening moves the site's stream, on which the authorizations of the other process depend."""
    here, there = processes
    await here.activate()
    await here.delegate()
    subjects = [await _treated(here) for _ in range(4)]
    authorizing = [here.authorize(subject) for subject in subjects * 3]
    results = await asyncio.gather(*authorizing, *(there.screen() for _ in range(60)))
    assert sum(isinstance(one, Outcome) for one in results) == 12
    assert here.assessments.asked == 12, "no screening made one decide again"
    assert sorted(one for one in results if isinstance(one, str)) == [f"01-{n:03d}" for n in range(5, 65)]
