"""The relay's lease on real PostgreSQL."""

import asyncpg
import pytest

from services.chassis.relay import conformance
from services.chassis.relay.postgres import PostgresCursor
from tests.conftest import Database


@pytest.mark.parametrize("case", conformance.CASES, ids=lambda c: c.__name__)
async def test_postgresql_conforms(case: conformance.Case, database: Database) -> None:
    async with asyncpg.create_pool(database.url, min_size=1, max_size=2) as pool:
        await case(PostgresCursor(pool))
