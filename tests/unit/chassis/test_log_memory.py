"""The model of the log, and the pure verdict that both implementations share."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.log import conformance
from services.chassis.log.chain import GENESIS, link
from services.chassis.log.memory import MemoryLog
from services.chassis.log.plan import LogState, plan
from services.chassis.log.port import Batch, CommandRecord, Recorded, StreamAppend


class SetClock:
    """A clock that stands where it was put."""

    def __init__(self) -> None:
        self.now = conformance.START

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("case", conformance.CASES, ids=lambda c: c.__name__)
async def test_the_model_conforms(case: conformance.Case) -> None:
    clock = SetClock()
    await case(MemoryLog(clock), clock)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STREAMS = st.sampled_from(["a", "b", "c"])
COMMANDS = st.none() | st.builds(
    CommandRecord, st.sampled_from(["k1", "k2"]), st.sampled_from([b"h1", b"h2"]), st.sampled_from([b"r1", b"r2"])
)


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    streams = draw(st.lists(STREAMS, min_size=1, max_size=3, unique=True))
    return Batch(
        tuple(
            StreamAppend(
                stream,
                draw(st.integers(0, 3)),
                tuple(conformance.event(b"{}", "t", "k") for _ in range(draw(st.integers(0, 2)))),
            )
            for stream in streams
        ),
        draw(COMMANDS),
    )


@given(st.lists(batches(), max_size=12), st.data())
def test_taking_commands_together_or_one_by_one_gives_the_same_log(todo: list[Batch], data: st.DataObject) -> None:
    """However the writer cuts the queue: same verdicts, same bytes, same chain."""
    alone, together = LogState.empty(EPOCH), LogState.empty(EPOCH)
    one_by_one = [plan(alone, [batch], conformance.START) for batch in todo]
    runs, rest = [], list(todo)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        runs.append(plan(together, rest[:size], conformance.START))
        rest = rest[size:]
    assert [str(v) for p in one_by_one for v in p.verdicts] == [str(v) for p in runs for v in p.verdicts]
    assert [e for p in one_by_one for e in p.events] == [e for p in runs for e in p.events]
    assert alone == together


@given(st.lists(batches(), max_size=12))
def test_an_accepted_batch_is_whole_and_a_refused_one_leaves_nothing(todo: list[Batch]) -> None:
    state = LogState.empty(EPOCH)
    result = plan(state, todo, conformance.START)
    written = {event.event_id for event in result.events}
    for batch, verdict in zip(todo, result.verdicts, strict=True):
        ids = {event.event_id for append in batch.appends for event in append.events}
        if isinstance(verdict, Recorded) and not verdict.replayed:
            assert ids <= written
        else:
            assert not ids & written
    conformance.check_chain(result.events)
    for stream in "abc":
        versions = [e.version for e in result.events if e.stream == stream]
        assert versions == list(range(1, len(versions) + 1))


def test_bytes_that_move_from_one_field_to_the_next_change_the_hash() -> None:
    """Without the lengths, "ab" + "c" and "a" + "bc" would be one and the same to the chain."""
    common = {"position": 1, "event_id": UUID(int=1), "stream": "s", "version": 1, "type_": "t", "schema": 1}
    here = link(GENESIS, **common, recorded_at=EPOCH, meta=b"ab", payload=b"c")
    there = link(GENESIS, **common, recorded_at=EPOCH, meta=b"a", payload=b"bc")
    assert here != there


def test_a_batch_that_was_committed_before_the_connection_broke_is_recognised() -> None:
    """The writer asks for the events' ids after a lost connection: present means written, once."""
    batch = conformance.one("a", 0, conformance.event(), conformance.event())
    state = LogState.empty(EPOCH)
    plan(state, [batch], conformance.START)
    again = LogState(state.position, state.out_pos, state.hash, state.recorded_at, {"a": 2})
    again.present = {event.event_id: n for n, event in enumerate(batch.appends[0].events, start=1)}
    result = plan(again, [batch], conformance.START)
    assert result.verdicts == [Recorded(2, {"a": 2})]
    assert not result.events
