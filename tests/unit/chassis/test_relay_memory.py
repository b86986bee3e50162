"""The relay over models in memory: what it sends, in which order, and what it does when something is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from contracts.events.wire import Message, from_headers
from services.chassis.background import Backoff
from services.chassis.log.conformance import event, one
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import StoredMessage
from services.chassis.relay import conformance
from services.chassis.relay.memory import MemoryBroker, MemoryCursor, MemoryProducer
from services.chassis.relay.port import SendFailed
from services.chassis.relay.relay import Relay, RelaySettings, RelayState
from services.chassis.relay.render import render


@pytest.mark.parametrize("case", conformance.CASES, ids=lambda c: c.__name__)
async def test_memory_conforms(case: conformance.Case) -> None:
    await case(MemoryCursor())


class Rig:
    """A relay over a log in memory, with a broker that can be swapped and made to fail."""

    def __init__(self) -> None:
        self.log, self.cursor, self.broker = MemoryLog(), MemoryCursor(), MemoryBroker()
        self.losing: list[bool] = []
        self.down = False
        self.sent = 0

    def relay(self, **settings: float) -> Relay:
        return Relay(
            self.log,
            self.cursor,
            self.producer,
            lambda stored: render(stored, "source"),
            RelaySettings(batch=3, poll_shortest=0.001, poll_longest=0.01, cluster_check=0.0, **settings),
            Backoff(shortest=0.001, longest=0.01),
        )

    def producer(self) -> MemoryProducer:
        def lost(message: Message) -> bool:
            self.sent += 1
            return self.losing.pop() if self.losing else False

        return Down() if self.down else MemoryProducer(lambda: self.broker, lost)

    async def append(self, n: int = 1) -> None:
        for _ in range(n):
            head = (await self.log.head()).position
            await self.log.append(one(f"s{head}", 0, event(b"{}", "t", f"k{head % 3}")))

    def out_positions(self) -> list[int]:
        """What the broker holds, each partition in its order."""
        return [
            from_headers(topic, r.key, r.headers, r.value).out_pos
            for (topic, _), records in self.broker.records.items()
            for r in records
        ]


class Down(MemoryProducer):
    """A broker that is away."""

    def __init__(self) -> None:
        super().__init__(MemoryBroker)

    async def start(self) -> None:
        raise SendFailed("away")


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        relay.stop()
        await asyncio.wait_for(task, 5)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_what_is_appended_is_published_and_the_lease_is_given_back() -> None:
    rig = Rig()
    await rig.append(4)
    async with running(rig.relay()) as relay:
        await until(lambda: relay.status.out_pos == 4)
        await rig.append(3)
        await until(lambda: relay.status.out_pos == 7)
        assert relay.status.condition().status == "ok"
    assert sorted(rig.out_positions()) == [*range(1, 8)]
    state = await rig.cursor.state()
    assert (state.out_pos, state.owner, state.cluster_id) == (7, None, rig.broker.cluster_id)


async def test_stopping_drains_what_is_there() -> None:
    rig = Rig()
    await rig.append(20)
    relay = rig.relay()
    task = asyncio.create_task(relay.run())
    await until(lambda: relay.status.published > 0)
    relay.stop()
    await asyncio.wait_for(task, 5)
    assert sorted(rig.out_positions()) == [*range(1, 21)]


async def test_after_an_error_everything_unacknowledged_is_sent_again_in_order() -> None:
    rig = Rig()
    rig.losing = [False, True, False]
    await rig.append(6)
    async with running(rig.relay()) as relay:
        await until(lambda: relay.status.out_pos == 6)
        assert relay.status.failures == 1
    assert set(rig.out_positions()) == set(range(1, 7))
    assert rig.sent == 9


async def test_another_cluster_gets_everything_again() -> None:
    """Also when it appears under a relay that is running and has nothing to do."""
    rig = Rig()
    await rig.append(5)
    async with running(rig.relay()) as relay:
        await until(lambda: relay.status.out_pos == 5)
        rig.broker = MemoryBroker(partitions=7)
        await until(lambda: relay.status.republished == 1 and relay.status.out_pos == 5)
        assert sorted(rig.out_positions()) == [1, 2, 3, 4, 5]
        rig.broker = MemoryBroker(partitions=1)
        await rig.append(1)  # found while there is something to send: the first messages must not be left out
        await until(lambda: relay.status.republished == 2 and relay.status.out_pos == 6)
        assert rig.out_positions() == [1, 2, 3, 4, 5, 6]


async def test_a_broker_that_is_away_is_a_degraded_condition_and_nothing_is_lost() -> None:
    rig = Rig()
    rig.down = True
    await rig.append(2)
    async with running(rig.relay()) as relay:
        await until(lambda: relay.status.failures > 2)
        condition = relay.status.condition()
        assert (condition.status, condition.detail["because"]) == ("degraded", "away")
        await rig.append(3)
        await until(lambda: relay.status.lag == 5)  # what waits is seen to grow while nothing can be sent
        rig.down = False
        await until(lambda: relay.status.out_pos == 5)
        assert relay.status.condition().status == "ok"


async def test_two_relays_publish_once_and_the_second_takes_over() -> None:
    rig = Rig()
    await rig.append(3)
    first, second = rig.relay(lease=0.05), rig.relay(lease=0.05)
    async with running(second):
        async with running(first):
            await until(lambda: first.status.out_pos == 3 and second.status.out_pos == 3)
            leaders = [r.status.state for r in (first, second)]
            assert sorted(leaders) == [RelayState.LEADING, RelayState.STANDBY]
        await rig.append(1)
        await until(lambda: second.status.state is RelayState.LEADING and second.status.out_pos == 4)
    assert sorted(rig.out_positions()) == [1, 2, 3, 4]


async def test_a_relay_whose_lease_was_taken_stops_before_it_moves_the_cursor() -> None:
    rig = Rig()
    await rig.append(2)
    async with running(rig.relay()) as relay:
        await until(lambda: relay.status.out_pos == 2)
        rig.cursor.clock = lambda: datetime.now(UTC) + timedelta(hours=1)  # its lease runs out
        thief = await rig.cursor.acquire("thief", 7200)
        assert thief is not None
        await rig.append(1)
        await until(lambda: relay.status.fenced == 1)
        assert (await rig.cursor.state()).out_pos == 2


async def test_a_hole_in_the_outbox_is_never_stepped_over(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()
    await rig.append(3)
    del rig.log._messages[1]
    monkeypatch.setattr(rig.log, "read_outbox", _from(rig.log))
    async with running(rig.relay()) as relay:
        await until(lambda: relay.status.failures > 0)
        assert "not contiguous" in str(relay.status.last_error)
    assert rig.out_positions() == []


def _from(log: MemoryLog) -> Callable[[int, int], Awaitable[list[StoredMessage]]]:
    async def read(after: int, limit: int) -> list[StoredMessage]:
        return [m for m in log._messages if m.out_pos > after][:limit]

    return read
