"""Reactions: each fact leads to its command once, whoever stops in between; what cannot be done is parked."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid6 import uuid7

from contracts.events.envelope import Envelope
from services.chassis.background import Backoff
from services.chassis.inbox.conformance import BROKEN, REGISTRY, Noted, Reader, Source, house
from services.chassis.inbox.inbox import Inbox
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.parking import NotParked, Parking
from services.chassis.inbox.port import Store
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import Batch, CommandRecord, NewEvent, StreamAppend
from services.chassis.projections.feed import InboxFeed
from services.chassis.reactions.reactions import Reaction, Reactions
from services.chassis.refusal import Refusal, Refused
from services.chassis.unavailable import Unavailable

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
NO = Refusal("not-now", 409, "Not now", "Wait")
Handler = Callable[[Envelope[Any], str], Awaitable[None]]


class Service:
    """A service that answers a note by a fact in its own log."""

    def __init__(self, store: Store | None = None) -> None:
        self.store: Store = store or MemoryStore()
        self.log = MemoryLog(lambda: NOW)
        self.inbox = Inbox(self.store, REGISTRY)
        self.consumer = Reader(self.inbox)
        self.source = Source()
        self.calls: list[int] = []
        self.mended = False
        self.away = 0
        self.reactions = self.replica()
        self.parking = Parking(self.store, [self.reactions])

    def replica(self, handler: Handler | None = None) -> Reactions:
        reaction = Reaction("echo", (Noted,), handler or self.handle)
        feed = InboxFeed(self.store, REGISTRY)
        return Reactions(self.store, feed, [reaction], lambda: NOW, lambda: Backoff(0.001, 0.01))

    async def handle(self, envelope: Envelope[Any], key: str) -> None:
        number = envelope.fact.number
        self.calls.append(number)
        if self.away:
            self.away -= 1
            raise Unavailable("somebody")
        if number == BROKEN and not self.mended:
            raise Refused(NO)
        await self.append(number, key)

    async def append(self, number: int, key: str) -> None:
        version = len(await self.log.read_stream("echo"))
        event = NewEvent(UUID(int=uuid7().int), "test.echoed", 1, b"{}", str(number).encode())
        command = CommandRecord(key, hashlib.sha256(str(number).encode()).digest(), b"")
        await self.log.append(Batch((StreamAppend("echo", version, (event,)),), command))

    async def hear(self, *numbers: tuple[str, int]) -> None:
        await self.consumer.take(*(self.source.note(subject, number) for subject, number in numbers))

    async def settle(self, reactions: Reactions | None = None) -> None:
        runner = reactions or self.reactions
        while await runner.step(runner.reactions[0]):
            pass

    async def echoes(self) -> list[int]:
        return [int(event.payload) for event in await self.log.read(0, 1000)]


async def test_each_fact_leads_to_its_command() -> None:
    service = Service()
    await service.hear(("01-001", 1), ("01-002", 2), ("01-001", 3))
    await service.settle()
    assert await service.echoes() == [1, 2, 3]
    await service.settle()
    assert service.calls == [1, 2, 3]


async def test_a_crash_between_the_command_and_the_cursor_acts_once() -> None:
    service = Service()
    await service.hear(("01-001", 1), ("01-001", 2))

    async def crash(envelope: Envelope[Any], key: str) -> None:
        await service.handle(envelope, key)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await service.settle(service.replica(crash))
    await service.settle()
    assert service.calls == [1, 1, 2]
    assert await service.echoes() == [1, 2]


async def test_a_refused_fact_parks_its_key_and_others_go_on() -> None:
    service = Service()
    await service.hear(("01-001", 1), ("01-001", BROKEN), ("01-001", 3), ("01-002", 4))
    await service.settle()
    assert await service.echoes() == [1, 4]
    (parked,) = await service.parking.list()
    assert (parked.follower, parked.key, parked.position) == ("reaction:echo", "TRIAL/01-001", 2)
    assert parked.reason == "test.notes 2: refused: not-now"
    shown = await service.parking.show(parked.follower, parked.key)
    assert [w.place for w in shown.waiting] == ["test.notes 2", "test.notes 3"]
    assert service.reactions.condition().status == "degraded"


async def test_requeue_handles_what_waits_in_order() -> None:
    service = Service()
    await service.hear(("01-001", BROKEN), ("01-001", 2), ("01-001", 3))
    await service.settle()
    still = await service.parking.requeue("reaction:echo", "TRIAL/01-001")
    assert still is not None
    assert still.position == 1
    service.mended = True
    assert await service.parking.requeue("reaction:echo", "TRIAL/01-001") is None
    assert await service.echoes() == [BROKEN, 2, 3]
    await service.hear(("01-001", 4))
    await service.settle()
    assert await service.echoes() == [BROKEN, 2, 3, 4]
    with pytest.raises(NotParked):
        await service.parking.requeue("reaction:echo", "TRIAL/01-001")


async def test_a_fact_that_arrives_during_a_requeue_is_missed_by_nobody() -> None:
    """It is passed over because the key is parked; the requeue looks again before it frees the key."""
    service = Service()
    await service.hear(("01-001", BROKEN))
    await service.settle()
    service.mended = True
    late = [("01-001", 2), ("01-001", 3)]

    async def slow(envelope: Envelope[Any], key: str) -> None:
        if late:
            await service.hear(late.pop(0))
            await service.settle()
        await service.handle(envelope, key)

    assert await Parking(service.store, [service.replica(slow)]).requeue("reaction:echo", "TRIAL/01-001") is None
    assert await service.echoes() == [BROKEN, 2, 3]
    assert await service.parking.list() == []


async def test_somebody_away_is_tried_again() -> None:
    service = Service()
    service.away = 3
    await service.hear(("01-001", 1), ("01-001", 2))
    task = asyncio.create_task(service.reactions.run())
    async with asyncio.timeout(5):
        while await service.echoes() != [1, 2]:
            await asyncio.sleep(0.001)
        await service.hear(("01-002", 3))
        while await service.echoes() != [1, 2, 3]:
            await asyncio.sleep(0.001)
    service.reactions.stop()
    await asyncio.wait_for(task, 5)
    assert service.reactions.status["echo"].failures == 3
    assert await service.parking.list() == []
    assert service.calls == [1, 1, 1, 1, 2, 3]


async def test_an_unexpected_error_parks_without_its_text() -> None:
    service = Service()

    async def bug(envelope: Envelope[Any], key: str) -> None:
        raise KeyError("Mrs Miller")

    await service.hear(("01-001", 1))
    await service.settle(service.replica(bug))
    (parked,) = await service.parking.list()
    assert parked.reason == "test.notes 1: KeyError in the handler of test.noted"


async def test_two_replicas_act_once() -> None:
    service = Service()
    await service.hear(*((f"01-00{n % 3}", n) for n in range(30)))
    await asyncio.gather(*(service.settle(service.replica()) for _ in range(3)))
    assert await service.echoes() == [*range(30)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["01-001", "01-002"]), st.sampled_from([1, BROKEN])), max_size=12))
def test_after_mending_every_fact_has_led_to_one_command(notes: list[tuple[str, int]]) -> None:
    async def play() -> None:
        service = Service()
        for note in notes:
            await service.hear(note)
            await service.settle()
        service.mended = True
        for parked in await service.parking.list():
            assert await service.parking.requeue(parked.follower, parked.key) is None
        await service.settle()
        assert len(await service.log.read(0, 100)) == len(notes)
        async with service.store.begin() as tx:
            assert not await tx.followers.parked()

    asyncio.run(play())


def test_two_reactions_cannot_share_a_name() -> None:
    store = MemoryStore()
    same = Reaction("a", (Noted,), Service().handle)
    with pytest.raises(ValueError, match="same name"):
        Reactions(store, InboxFeed(store, REGISTRY), [same, same])


async def test_projections_and_reactions_share_the_list_of_parked_keys() -> None:
    store = MemoryStore()
    h, service = await house(store), Service(store)
    await Reader(h.inbox).take(service.source.note("01-001", BROKEN))
    await service.settle()
    parking = Parking(store, [h.operations, service.reactions])
    assert [p.follower for p in await parking.list()] == ["p_trails_v1_g1", "reaction:echo"]


async def test_a_replica_that_slept_does_not_take_the_cursor_back() -> None:
    service = Service()
    await service.hear(("01-001", BROKEN), ("01-001", 2), ("01-002", 3))
    slow = service.replica()
    async with service.store.begin() as tx:
        arrivals = await slow.feed.read(tx, 0, 3, slow.reactions[0].types)
    await service.settle()
    assert not await slow._one(slow.reactions[0], arrivals[0], slow.status["echo"])
    async with service.store.begin() as tx:
        assert await tx.followers.cursor("reaction:echo") == 3
