"""Analytics over a real database: the same rows and answers as in memory, rebuilt to the same checksum."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from services.analytics.projections import projections
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.projections.operations import Operations
from tests.conftest import Database
from tests.unit.analytics.service import Service, running, shuffled
from tests.unit.analytics.test_projections import FACTS, checksums

OPEN_AND_CLOSED = (
    "/participant-flow",
    "/participant-flow/by-arm",
    "/disease-status",
    "/endpoints/dcr-6-months",
    "/endpoints/dcr-6-months/by-arm",
    "/alerts",
    "/positions",
)


@pytest.fixture
async def store(database: Database) -> AsyncIterator[PostgresStore]:
    async with asyncpg.create_pool(database.url, min_size=1, max_size=4) as pool:
        yield PostgresStore(pool)


async def test_postgresql_and_memory_give_the_same_answers(store: PostgresStore, tmp_path: Path) -> None:
    answers = []
    for service, seed in ((Service(), 1), (Service(store), 2)):
        async with running(service, tmp_path / str(seed)) as api:
            messages = [service.published.message(fact) for fact in FACTS]
            for message in shuffled(messages, seed):
                await service.deliver(message)
            answers.append([await api.read(path, "safety_board") for path in OPEN_AND_CLOSED])
            answers.append([await api.read("/alerts", "investigator", "02")])
            answers[-1].append(await checksums(service))
    assert answers[:2] == answers[2:]


async def test_rebuilt_from_nothing_they_equal_the_live_ones(store: PostgresStore, tmp_path: Path) -> None:
    service = Service(store)
    async with running(service, tmp_path) as api:
        await service.told(*FACTS)
        before = await api.read("/endpoints/dcr-6-months/by-arm", "statistician")
        operations = Operations(service.kept)
        for model in projections():
            assert (await operations.rebuild(model.name)).same is True, model.name
            await operations.switch(model.name)
        assert await api.read("/endpoints/dcr-6-months/by-arm", "statistician") == before
