"""Lists of the past: what counts up to a moment, what counts for every moment, and where a list is refused."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Column, Integer

from contracts.events.catalogue import registry
from contracts.events.course import SubjectErased
from contracts.events.enrolment import DeathRecorded, SurvivalContactRecorded
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from services.chassis.facts import Facts
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import Batch, StreamAppend
from services.chassis.meta import Meta
from services.chassis.projections.past import PAST_TOO_LONG, PAST_TOO_SLOW, Past
from services.chassis.projections.port import FeedName
from services.chassis.refusal import Refused

FIRST = datetime(2023, 1, 1, tzinfo=UTC)


class Counts:
    """How often somebody was known to be alive; nothing of whom was erased."""

    name, version, feed = "counts", 1, FeedName.LOG
    handles: tuple[type[Fact], ...] = (SurvivalContactRecorded, SubjectErased)

    def key(self, envelope: Envelope[Fact]) -> str | None:
        return envelope.fact.key

    def initial(self, key: str) -> int:
        return 0

    def fold(self, state: int, envelope: Envelope[Fact]) -> int:
        return -1 if isinstance(envelope.fact, SubjectErased) else state + 1

    def columns(self) -> Sequence[Column[Any]]:
        return [Column("times", Integer, nullable=False)]

    def to_row(self, state: int) -> Mapping[str, Any]:
        return {"times": state}

    def from_row(self, row: Mapping[str, Any]) -> int:
        times: int = row["times"]
        return times


def everything(envelopes: Iterable[Envelope[Fact]]) -> Iterable[Envelope[Fact]]:
    return envelopes


def alive(number: int) -> Fact:
    return SurvivalContactRecorded(study="ST", subject=f"01-{number:03d}", last_alive_on=date(2022, 1, 1))


def erased(number: int) -> Fact:
    return SubjectErased(study="ST", subject=f"01-{number:03d}", erased_on=date(2022, 1, 1))


async def past(*facts: Fact) -> Past:
    """A log with a second between its facts, which count for ever if they erase."""
    clock = iter(FIRST + timedelta(seconds=n) for n in range(1000))
    log = MemoryLog(lambda: next(clock))
    kept = Facts(log, registry(), "s")
    for fact in facts:
        event = kept.event(uuid4(), fact, Meta(Provenance("acc-1")))
        version = len(await log.read_stream(fact.key))
        await log.append(Batch((StreamAppend(fact.key, version, (event,)),)))
    return Past(log, kept.envelope, for_ever=(SubjectErased,))


async def test_a_list_holds_what_was_recorded_by_then() -> None:
    kept = await past(alive(1), alive(2), alive(1), alive(3))
    for at, held in (
        (0, {}),
        (1, {"ST/01-001": 1}),
        (3, {"ST/01-001": 2, "ST/01-002": 1}),
        (FIRST, {"ST/01-001": 1}),
        (FIRST + timedelta(seconds=1.5), {"ST/01-001": 1, "ST/01-002": 1}),
        (99, {"ST/01-001": 2, "ST/01-002": 1, "ST/01-003": 1}),
        (None, {"ST/01-001": 2, "ST/01-002": 1, "ST/01-003": 1}),
    ):
        found = await kept.find(Counts(), at, everything, {})
        assert found.value == held, at
    assert (await kept.find(Counts(), 3, everything, {})).position == 3


async def test_a_list_has_the_order_the_filters_and_the_pages_of_its_table() -> None:
    kept = await past(*(alive(n) for n in (3, 1, 2, 1, 4)))
    assert list((await kept.find(Counts(), None, everything, {})).value) == [f"ST/01-{n:03d}" for n in (1, 2, 3, 4)]
    assert list((await kept.find(Counts(), None, everything, {"times": 2})).value) == ["ST/01-001"]
    assert list((await kept.find(Counts(), None, everything, {"times": [1, 7]}, limit=2)).value) == [
        "ST/01-002",
        "ST/01-003",
    ]
    rest = await kept.find(Counts(), None, everything, {}, after="ST/01-002")
    assert list(rest.value) == ["ST/01-003", "ST/01-004"]


async def test_what_was_erased_is_erased_in_every_past_and_makes_no_row_of_its_own() -> None:
    kept = await past(alive(1), alive(2), erased(1), erased(3))
    for at, held in (
        (0, {}),
        (1, {"ST/01-001": -1}),
        (2, {"ST/01-001": -1, "ST/01-002": 1}),
        (FIRST, {"ST/01-001": -1}),
    ):
        found = await kept.find(Counts(), at, everything, {})
        assert found.value == held, at
    assert (await kept.find(Counts(), 2, everything, {})).position == 3, "so that a tag of before is not held any more"


async def test_what_nobody_handles_is_passed_over() -> None:
    kept = await past(alive(1), DeathRecorded(study="ST", subject="01-001", died_on=date(2022, 1, 1), cause="TUMOUR"))
    found = await kept.find(Counts(), None, everything, {})
    assert (found.value, found.position) == ({"ST/01-001": 1}, 2)


async def test_a_log_that_is_too_long_is_refused_whole() -> None:
    kept = await past(alive(1), alive(2))
    kept.events = 1
    with pytest.raises(Refused) as refused:
        await kept.find(Counts(), 1, everything, {})
    assert refused.value.refusal is PAST_TOO_LONG


async def test_who_waits_too_long_for_a_turn_is_refused_and_the_turn_goes_on() -> None:
    kept = await past(alive(1))
    await kept._turn.acquire()
    kept.seconds = 0.01
    with pytest.raises(Refused) as refused:
        await kept.find(Counts(), None, everything, {})
    assert refused.value.refusal is PAST_TOO_SLOW
    kept._turn.release()
    kept.seconds = 10.0
    assert (await kept.find(Counts(), None, everything, {})).value == {"ST/01-001": 1}


async def test_others_get_their_turn_while_a_list_is_folded() -> None:
    kept = await past(*(alive(1) for _ in range(600)))
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    await kept.find(Counts(), None, everything, {})
    beside.cancel()
    assert turns >= 600 / 500 + 600 / 250
