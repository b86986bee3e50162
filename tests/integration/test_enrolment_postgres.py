"""Enrolment's lists and numbers on a real PostgreSQL: what they keep is what the model in memory keeps."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from services.chassis.facts import Facts
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.log.postgres import PostgresLog
from services.chassis.projections.operations import Operations
from services.enrolment.consumers import REGISTRY
from services.enrolment.handlers.context import Context
from services.enrolment.views import projections
from tests.conftest import Database
from tests.unit.enrolment.service import enrolment
from tests.unit.enrolment.world import World


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
            (first, "RUNIN_C2"),
            (second, "SCREENED"),
        ]
        assert (await site.get("/subjects", "coordinator", "02")).json()["items"] == listed[1:]
        page = (await site.get("/subjects", "monitor", limit=1)).json()
        rest = (await site.get("/subjects", "monitor", limit=1, cursor=page["next"])).json()
        assert page["items"] + rest["items"] == listed
        found = (await site.get("/subjects", "monitor", participation="RUNIN_C2")).json()["items"]
        assert found == listed[:1]
        (visits,) = (await site.get("/visits", "monitor")).json()["items"]
        assert visits == (await site.get(f"/subjects/{first}/visits")).json()
        sites = (await site.get("/sites", "ops")).json()["items"]
        assert [(item["site"], item["screened"]) for item in sites] == [("01", 1), ("02", 1)]
        for projection, rows in zip(projections(), (2, 2, 1), strict=True):
            rebuilt = await Operations(site.api.parts.projections).rebuild(projection.name)
            assert (rebuilt.same, rebuilt.rows, rebuilt.parked) == (True, rows, 0)


async def test_two_processes_issue_numbers_without_collision_or_gap(database: Database) -> None:
    logs = [await PostgresLog.open(database.url) for _ in range(2)]
    try:
        processes = []
        for log in logs:
            world = World()
            facts = Facts(log, REGISTRY, "enrolment")
            world.ctx = Context(facts, world.ctx.protocols, world.ctx.clock, world.assessments)
            processes.append(world)
        await processes[0].activate()
        numbers = await asyncio.gather(*(processes[n % 2].screen(key=f"screen-{n}") for n in range(40)))
        assert sorted(numbers) == [f"01-{n:03d}" for n in range(1, 41)]
    finally:
        for log in logs:
            await log.close()
