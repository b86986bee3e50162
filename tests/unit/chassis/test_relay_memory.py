"""The relay over models in memory: what it sends, in which order, and what it does when something is away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.events.wire import Announcement, AnyRecord, Places, from_headers, from_record
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

    def relay(self, *topics: str, **settings: float) -> Relay:
        return Relay(
            self.log,
            self.cursor,
            self.producer,
            lambda stored: render(stored, "source"),
            RelaySettings(batch=3, poll_shortest=0.001, poll_longest=0.01, cluster_check=0.0, **settings),
            Backoff(shortest=0.001, longest=0.01),
            source="source",
            topics=topics,
        )

    def producer(self) -> MemoryProducer:
        def lost(message: AnyRecord) -> bool:
            self.sent += 1
            return self.losing.pop() if self.losing else False

        return Down() if self.down else MemoryProducer(lambda: self.broker, lost)

    async def append(self, n: int = 1) -> None:
        for _ in range(n):
            head = (await self.log.head()).position
            await self.log.append(one(f"s{head}", 0, event(b"{}", "t", f"k{head % 3}")))

    def out_positions(self) -> list[int]:
        """What the broker holds of facts, each partition in its order."""
        return [
            from_headers(topic, r.key, r.headers, r.value).out_pos
            for (topic, _), records in self.broker.records.items()
            for r in records
            if r.key is not None
        ]

    def kinds(self, topic: str, number: int) -> str:
        """What stands in a partition: m for a mark, a for an announcement, f for a fact."""
        kinds = {b"relay.marked": "m", b"relay.announced": "a"}
        return "".join(kinds.get(dict(r.headers)["ce_type"], "f") for r in self.broker.records[topic, number])


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


async def test_before_any_fact_every_partition_is_told_how_far_the_source_has_come() -> None:
    """At the beginning of a term and on another cluster; in topics that nothing was said in as well."""
    rig = Rig()
    await rig.append(4)
    async with running(rig.relay("t", "silent")) as relay:
        await until(lambda: relay.status.out_pos == 4)
        assert relay.status.announced == 1
        assert all(rig.kinds("t", number).startswith("ma") for number in range(3))
        assert [rig.kinds("silent", number) for number in range(3)] == ["ma"] * 3
        rig.broker = MemoryBroker(partitions=2)
        await until(lambda: relay.status.announced == 2 and relay.status.out_pos == 4)
        assert all(rig.kinds("t", number).startswith("ma") for number in range(2))
    (last,) = (r for r in rig.broker.records["silent", 0] if dict(r.headers)["ce_type"] == b"relay.announced")
    said = from_record("silent", last.key, last.headers, last.value)
    assert isinstance(said, Announcement)
    assert {topic: (p.partitions, p.count, p.reach) for topic, p in said.topics.items()} == {
        "t": (2, 4, 4),
        "silent": (2, 0, 0),
    }


async def test_what_may_be_in_doubt_is_announced_with_its_hashes() -> None:
    """From the last place that is known to be published on: here 2, of 4."""
    rig = Rig()
    await rig.append(4)
    lease = await rig.cursor.acquire("before", 0.0)
    assert lease is not None
    await rig.cursor.move(await rig.cursor.move(lease, 2, "lost", 0.0), 0, "lost", 0.0)
    async with running(rig.relay("t")) as relay:
        await until(lambda: relay.status.out_pos == 4)
    record = rig.broker.records["t", 0][1]
    said = from_record("t", None, record.headers, record.value)
    assert isinstance(said, Announcement)
    chains = [message.event.hash.hex() for message in await rig.log.read_outbox(1, 3)]
    assert said.topics == {"t": Places(3, 4, 2, tuple(chains))}


@pytest.mark.parametrize("lost", [[True], [True, *[False] * 4]], ids=["a mark", "an announcement"])
async def test_nothing_is_sent_before_everybody_is_told(lost: list[bool]) -> None:
    rig = Rig()
    await rig.append(4)
    rig.losing = [*lost]
    async with running(rig.relay("t")) as relay:
        await until(lambda: relay.status.out_pos == 4)
        assert (relay.status.failures, relay.status.announced) == (1, 1)
    assert sorted(rig.out_positions()) == [1, 2, 3, 4]
    assert all("f" not in rig.kinds("t", number).partition("ma")[0] for number in range(3))


async def test_an_outbox_that_went_back_under_a_relay_begins_a_new_term() -> None:
    """Its database was restored under it: it may not go on where it believes to be."""
    rig = Rig()
    await rig.append(4)
    async with running(rig.relay("t")) as relay:
        await until(lambda: relay.status.out_pos == 4)
        rig.log._state.out_pos = 2
        del rig.log._messages[2:]
        rig.cursor._state = replace(rig.cursor._state, out_pos=2)
        await until(lambda: relay.status.announced == 2)
        assert "went back" in str(relay.status.last_error) or relay.status.last_error is None


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
