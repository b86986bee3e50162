"""A replica that stands still in the middle of a transaction keeps the others waiting for a moment, not for ever."""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.chassis import pool
from services.chassis.inbox.conformance import Source, house, serial
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.log import conformance
from services.chassis.log.postgres import PostgresLog
from services.chassis.pool import open_pool
from services.chassis.unavailable import Unavailable
from tests.conftest import Database

LONG = 20.0  # seconds, of which the server's patience is one


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "PAUSE_SECONDS", 1)


class StandsStill(PostgresLog):
    """Stops with the lock of the log in hand, the first time."""

    reached: asyncio.Event
    woken: asyncio.Event

    async def _read_state(self, *arguments: Any) -> Any:
        state = await super()._read_state(*arguments)
        if not self.reached.is_set():
            self.reached.set()
            await self.woken.wait()
        return state


async def test_a_writer_that_stands_still_stops_nobody_and_writes_once(database: Database) -> None:
    asleep, awake = await StandsStill.open(database.url), await PostgresLog.open(database.url)
    assert isinstance(asleep, StandsStill)
    asleep.reached, asleep.woken = asyncio.Event(), asyncio.Event()
    try:
        held_up = asyncio.create_task(asleep.append(conformance.one("a", 0, conformance.event())))
        await asyncio.wait_for(asleep.reached.wait(), LONG)
        await asyncio.wait_for(awake.append(conformance.one("b", 0, conformance.event())), LONG)
        asleep.woken.set()
        assert (await asyncio.wait_for(held_up, LONG)).position == 2
        assert [event.stream for event in await awake.read(0, 10)] == ["b", "a"]
    finally:
        asleep.woken.set()
        await asleep.close()
        await awake.close()


async def test_a_consumer_that_stands_still_stops_nobody_and_stores_nothing(database: Database) -> None:
    connections: asyncpg.Pool[asyncpg.Record] = await open_pool(database.url, 4)
    reached, woken, source = asyncio.Event(), asyncio.Event(), Source()
    try:
        asleep, awake = [await house(PostgresStore(connections)) for _ in range(2)]
        apply = asleep.projections.apply

        async def stand_still(*arguments: Any) -> None:
            reached.set()
            await woken.wait()
            await apply(*arguments)

        asleep.projections.apply = stand_still  # type: ignore[method-assign]
        message = source.note("01-001", 1)
        held_up = asyncio.create_task(asleep.consumer().take(message))
        await asyncio.wait_for(reached.wait(), LONG)
        assert (await asyncio.wait_for(awake.consumer().take(message), LONG)).stored == 1
        woken.set()
        with pytest.raises(Unavailable):
            await asyncio.wait_for(held_up, LONG)
        assert await awake.trails() == serial(source.said)
    finally:
        woken.set()
        await connections.close()
