"""Projections of the service's own log, declarations that cannot work, and folds whatever the size of the batches."""

import asyncio
import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import ARRAY, Column, Integer
from uuid6 import uuid7

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.registry import canonical
from services.chassis.inbox.conformance import (
    BROKEN,
    REGISTRY,
    START,
    STUDY,
    TOO_LONG,
    Noted,
    Reader,
    Source,
    Trail,
    Trails,
    house,
    serial,
)
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.parking import Parking
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import Batch, Head, NewEvent, StoredEvent, StreamAppend
from services.chassis.projections.feed import InboxFeed, LogFeed
from services.chassis.projections.operations import NoSuchProjection, NotReady, Operations
from services.chassis.projections.port import FeedName, Generation, GenerationStatus
from services.chassis.projections.projection import table_of
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import BeingBuilt, ProjectionReader


def decode(event: StoredEvent) -> Envelope[Fact]:
    return Envelope(
        REGISTRY.decode(event.type, event.schema, event.payload),
        event.event_id,
        "own",
        event.stream,
        event.version,
        event.position,
        event.recorded_at,
        event.hash.hex(),
        Provenance(**json.loads(event.meta)),
    )


class Own:
    """A service with a projection of its own log."""

    def __init__(self, store: MemoryStore | None = None, log: MemoryLog | None = None, **trails: Any) -> None:
        self.store, self.log = store or MemoryStore(), log or MemoryLog(lambda: START)
        self.projection = Trails(feed=FeedName.LOG, **trails)
        self.projections = Projections(self.store, [self.projection], [LogFeed(self.log, decode)])
        self.operations = Operations(self.projections)
        self.reader = ProjectionReader(self.projections, self.projection)
        self.parking = Parking(self.store, [self.operations])

    async def append(self, subject: str, *numbers: int) -> int:
        stream = f"noted-{subject}"
        version = len(await self.log.read_stream(stream))
        events = []
        for number in numbers:
            fact = Noted(study=STUDY, subject=subject, number=number)
            payload = canonical(fact.model_dump(mode="json"))
            events.append(NewEvent(UUID(int=uuid7().int), fact.type_name, 1, b'{"actor":"a"}', payload))
        return (await self.log.append(Batch((StreamAppend(stream, version, tuple(events)),)))).position

    async def level(self) -> None:
        for listed in await self.operations.list():
            while await self.projections.move(listed.generation):
                pass

    async def trails(self) -> dict[str, Trail]:
        return (await self.reader.find()).value


async def test_the_own_log_is_followed_and_can_be_waited_for() -> None:
    own = Own()
    await own.projections.start()
    task = asyncio.create_task(own.projections.run())
    position = await own.append("01-001", 1, 2, 3)
    assert await own.reader.wait_for(position, 5)
    assert (await own.trails())["TRIAL/01-001"].seen == (1, 2, 3)
    assert not await own.reader.wait_for(position + 1, 0.01)
    own.projections.stop()
    await asyncio.wait_for(task, 5)


async def test_a_stream_parks_and_is_requeued() -> None:
    own = Own()
    await own.projections.start()
    await own.append("01-001", 1, BROKEN, 3)
    await own.append("01-002", 4)
    await own.level()
    (parked,) = await own.parking.list()
    assert (parked.key, parked.position) == ("noted-01-001", 2)
    assert parked.reason == "position 2: ZeroDivisionError in the fold of test.noted"
    mended = Own(own.store, own.log, forgiving=True)
    assert await mended.parking.requeue(parked.follower, parked.key) is None
    assert (await mended.trails())["TRIAL/01-001"].seen == (1, BROKEN, 3)
    await mended.append("01-001", 5)
    await mended.level()
    assert (await mended.trails())["TRIAL/01-001"].count == 4
    assert (await mended.operations.rebuild("trails")).same is True


async def test_a_requeue_is_seen_by_the_process_that_follows() -> None:
    """The rows change behind its back: states it might have kept would undo the requeue."""
    own = Own()
    await own.projections.start()
    await own.append("01-001", 1, BROKEN)
    await own.level()
    beside = Own(own.store, own.log, forgiving=True)
    assert await beside.parking.requeue("p_trails_v1_g1", "noted-01-001") is None
    await own.append("01-001", 3)
    await own.level()
    assert (await own.trails())["TRIAL/01-001"].seen == (1, BROKEN, 3)


async def test_a_long_log_is_built_in_steps_and_not_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.projections.projections.STEP", 3)
    own = Own()
    for n in range(10):
        await own.append(f"01-00{n % 3}", n)
    await own.projections.start()
    with pytest.raises(BeingBuilt):
        await own.trails()
    assert own.projections.status.building == {"p_trails_v1_g1": (3, 10)}
    with pytest.raises(NotReady, match="no finished build"):
        await own.operations.switch("trails")
    await own.level()
    assert sum(trail.count for trail in (await own.trails()).values()) == 10


async def test_a_cancelled_rebuild_leaves_the_serving_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.projections.projections.STEP", 2)
    own = Own()
    await own.append("01-001", *range(9))
    await own.projections.start()
    await own.level()
    head, reached = own.log.head, asyncio.Event()

    async def slow_head() -> Head:
        await asyncio.sleep(0)
        return await head()

    monkeypatch.setattr(own.log, "head", slow_head)
    task = asyncio.create_task(own.operations.rebuild("trails", lambda done, total: reached.set()))
    await asyncio.wait_for(reached.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    serving, cancelled = (listed.generation for listed in await own.operations.list())
    assert (serving.status, cancelled.status) == (GenerationStatus.SERVING, GenerationStatus.CANCELLED)
    assert (await own.trails())["TRIAL/01-001"].count == 9


async def test_two_builders_of_one_generation_fold_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.projections.projections.STEP", 2)
    own = Own()
    await own.append("01-001", *range(9))
    await own.projections.start()
    await asyncio.gather(own.level(), Own(own.store, own.log).level(), Own(own.store, own.log).level())
    assert (await own.trails())["TRIAL/01-001"].count == 9


async def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(NoSuchProjection, match="there are trails"):
        await Own().operations.rebuild("trial")


@pytest.mark.parametrize(
    ("trails", "says"),
    [
        (Trails(name="Trails; DROP"), "not a name"),
        (Trails(version=0), "count from 1"),
        (Trails(handles=()), "handles no facts"),
        (Trails(feed=FeedName.LOG), "there is no feed log"),
    ],
)
def test_a_declaration_that_cannot_work_is_refused(trails: Trails, says: str) -> None:
    store = MemoryStore()
    with pytest.raises(ValueError, match=says):
        Projections(store, [trails], [InboxFeed(store, REGISTRY)])


@dataclass(frozen=True)
class Arrays(Trails):
    """A projection with a column that the bulk write would tear apart."""

    def columns(self) -> list[Column[Any]]:
        return [Column("steps", ARRAY(Integer))]


def test_arrays_are_refused() -> None:
    generation = Generation("trails", 1, 1, FeedName.INBOX, GenerationStatus.BUILDING, 0, START)
    with pytest.raises(TypeError, match="arrays are not possible"):
        table_of(Arrays(), generation)


NUMBERS = st.lists(
    st.tuples(st.sampled_from(["01-001", "01-002", "01-003"]), st.sampled_from([1, 2, BROKEN, TOO_LONG])), max_size=25
)


@settings(max_examples=120, deadline=None)
@given(NUMBERS, st.lists(st.integers(1, 7), min_size=1))
def test_rows_do_not_depend_on_the_size_of_batches(notes: list[tuple[str, int]], sizes: list[int]) -> None:
    """And after mending and requeuing they are a serial fold, whatever was parked on the way."""

    async def play() -> None:
        h, source = await house(MemoryStore()), Source()
        consumer, left = h.consumer(), [source.note(subject, number) for subject, number in notes]
        while left:
            size = sizes[len(left) % len(sizes)]
            await consumer.take(*left[:size])
            left = left[size:]
        mended = await house(h.inbox.store, Trails(forgiving=True))
        for parked in await mended.parking.list():
            assert await mended.parking.requeue(parked.follower, parked.key) is None
        assert await mended.trails() == serial(source.said, Trails(forgiving=True))
        assert (await mended.operations.rebuild("trails")).same is True

    asyncio.run(play())


async def test_a_projection_that_is_not_declared_any_more_stands_still() -> None:
    """An older program, or a newer one, keeps up what it knows and leaves the rest for whoever can fold it."""
    store, source = MemoryStore(), Source()
    old = await house(store, Trails(version=1))
    await Reader(old.inbox).take(source.note("01-001", 1))
    new = await house(store, Trails(version=2))
    await Reader(new.inbox, number=1).take(source.note("01-001", 2))
    listed = {one.generation.version: one for one in await new.operations.list()}
    assert (listed[1].declared, listed[1].lag, listed[2].lag) == (False, 1, 0)
    assert (await new.reader.standing()).generation.version == 2
    back = await house(store, Trails(version=1))
    await back.projections.move(replace(listed[1].generation))
    assert [one.lag for one in await back.operations.list()] == [0, 0]
    assert (await back.reader.standing()).generation.version == 1, "its own, although a newer one serves"


async def test_a_build_that_finished_just_before_a_crash_is_served() -> None:
    own = Own()
    await own.append("01-001", 1)
    await own.projections.start()
    async with own.store.begin() as tx:
        (generation,) = await tx.generations.all()
        await tx.generations.put([replace(generation, status=GenerationStatus.READY)])
    again = Own(own.store, own.log)
    await again.projections.start()
    assert [one.generation.status for one in await again.operations.list()] == [GenerationStatus.SERVING]


async def test_builds_are_compared_at_the_same_position() -> None:
    """What serves is behind, because nobody follows the log just now: it is moved before it is compared."""
    own = Own()
    await own.append("01-001", 1)
    await own.projections.start()
    await own.append("01-001", 2)
    rebuilt = await own.operations.rebuild("trails")
    assert (rebuilt.same, rebuilt.generation.position) == (True, 2)
    assert [one.lag for one in await own.operations.list()] == [0, 0]
