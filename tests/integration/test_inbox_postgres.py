"""Inbox and projections on real PostgreSQL: the same conformance as the model in memory."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.chassis.inbox import conformance, conformance_marks
from services.chassis.inbox.postgres import PostgresStore
from tests.conftest import Database


@pytest.fixture
async def pool(database: Database) -> "AsyncIterator[asyncpg.Pool[asyncpg.Record]]":
    async with asyncpg.create_pool(database.url, min_size=1, max_size=4) as opened:
        yield opened


@pytest.mark.parametrize("case", [*conformance.CASES, *conformance_marks.CASES], ids=lambda c: c.__name__)
async def test_postgresql_conforms(case: conformance.Case, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    await case(PostgresStore(pool))
