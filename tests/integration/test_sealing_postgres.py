"""Subject keys in PostgreSQL keep the same promises as those in memory."""

import asyncpg
import pytest

from services.chassis.sealing.conformance import CASES, Case
from services.chassis.sealing.postgres import PostgresSubjectKeys
from tests.conftest import Database


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_keys_in_postgresql_conform(case: Case, database: Database) -> None:
    async with asyncpg.create_pool(database.url, min_size=1, max_size=8) as pool:
        await case(PostgresSubjectKeys(pool))


async def test_no_key_can_be_taken_out_by_the_services_role(database: Database) -> None:
    async with asyncpg.create_pool(database.url, min_size=1, max_size=2) as pool:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute("DELETE FROM subject_keys")
