"""No consumer is ahead of its source in the snapshots of one moment, although services read each other in circles."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from services.chassis.log.port import Batch, NewEvent, StreamAppend
from services.chassis.log.postgres import PostgresLog
from services.cli.backup import moment
from services.cli.backup.manifest import BackupRefused
from services.cli.backup.moment import one_moment
from tests.restore.installation import Installation

ROUNDS = 40
PAUSE = 0.02  # seconds between the snapshots of a round: several facts are told in it, if nobody is kept from it
NOW = "SELECT (SELECT pos FROM log_head), (SELECT in_pos FROM inbox_head)"


@asynccontextmanager
async def told(source: str, consumer: str) -> AsyncIterator[None]:
    """Facts are appended to one database, and each, once committed, is held by the other one a moment later."""
    log, reader = await PostgresLog.open(source), await asyncpg.connect(consumer)

    async def tell() -> None:
        while True:
            event = NewEvent(uuid4(), "test.happened", 1, b"{}", b"{}")
            recorded = await log.append(Batch((StreamAppend(f"test-{event.event_id}", 0, (event,)),)))
            await reader.execute("UPDATE inbox_head SET in_pos = greatest(in_pos, $1)", recorded.position)

    task = asyncio.create_task(tell())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await reader.close()
        await log.close()


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the two snapshots of a moment now the first and now the second comes late."""
    snapshot, order = moment._snapshot, itertools.cycle((PAUSE, 0, 0, PAUSE))

    async def late(*arguments: Any) -> moment.Snapshot:
        await asyncio.sleep(next(order))
        return await snapshot(*arguments)

    monkeypatch.setattr(moment, "_snapshot", late)


async def test_no_consumer_is_ahead_of_its_source(elsewhere: Installation, apart: None) -> None:
    await elsewhere.create("enrolment", "assessment")
    one, other = elsewhere.urls("enrolment"), elsewhere.urls("assessment")
    seen = []
    async with told(one.app, other.app), told(other.app, one.app):
        for _ in range(ROUNDS):
            async with one_moment({"one": one.owner, "other": other.owner}) as snapshots:
                seen.append([tuple(await s.connection.fetchrow(NOW)) for s in snapshots.values()])
    ahead = [at for at in seen if at[1][1] > at[0][0] or at[0][1] > at[1][0]]
    assert not ahead, f"{len(ahead)} of {ROUNDS}"
    assert seen[-1][0][0] > seen[0][0][0] + ROUNDS / 2, "facts were appended meanwhile"


async def test_a_log_whose_head_is_held_is_named_and_the_others_are_let_go(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moment, "_IMPATIENT", "SET LOCAL lock_timeout = '100ms'")
    owners = {name: installation.urls(name).owner for name in ("enrolment", "safety")}
    holder = await asyncpg.connect(owners["safety"])
    try:
        async with holder.transaction():
            await holder.execute("SELECT pos FROM log_head FOR UPDATE")
            with pytest.raises(BackupRefused, match="The log of safety did not come free"):
                async with one_moment(owners):
                    pass
        await installation.record("03-001")
    finally:
        await holder.close()
