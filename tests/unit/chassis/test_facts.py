"""The unit of work: load, decide, append, and the same answer for the same command."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from contracts.events.catalogue import registry
from contracts.events.enrolment import ConsentSigned, DeathRecorded
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, PreconditionFailed, Unit
from services.chassis.folds import Folds
from services.chassis.http.recorded import respond
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import KeyReused, StoredEvent, VersionConflict

WHO = Provenance(actor="dr-7", roles=("investigator",), site="01", correlation_id="c-1", traceparent="00-aa-bb-01")
CONSENT = ConsentSigned(study="RELUTH", subject="01-001", version="3.1", signed_on="2022-02-14")


@dataclass(frozen=True)
class Count:
    """How many facts there are."""

    n: int = 0


def evolve(state: Count, envelope: Envelope[Fact]) -> Count:
    return Count(state.n + 1)


def facts() -> Facts:
    return Facts(MemoryLog(), registry(), "enrolment", topic_prefix="t.")


def command(key: str = "k", request: bytes = b"r") -> CommandId:
    return CommandId(key, request)


async def consent(unit: Unit) -> Answer:
    state = await unit.load("s", Count(), evolve)
    (event_id,) = unit.append("s", [CONSENT])
    return Answer(201, {"before": state.n, "event_id": str(event_id)})


async def test_what_is_recorded_comes_back_whole() -> None:
    log = facts()
    outcome = await log.transact(command(), WHO, consent)
    (envelope,) = await log.history("s")
    assert envelope.fact == CONSENT
    assert envelope.provenance == WHO
    assert (envelope.position, envelope.version, envelope.source, envelope.stream) == (1, 1, "enrolment", "s")
    assert str(envelope.event_id) == outcome.answer.body["event_id"]
    assert (outcome.position, outcome.version, outcome.replayed) == (1, 1, False)


class Kept(Fact, name="test.kept", version=1):
    """A fact that leaves on no topic."""


@pytest.mark.parametrize(
    ("appended", "published"),
    [
        ([Kept(study="RELUTH"), CONSENT], 2),
        ([CONSENT, Kept(study="RELUTH"), Kept(study="RELUTH")], 1),
        ([Kept(study="RELUTH")], None),
        ([], None),
    ],
)
async def test_who_waits_for_what_others_are_told_waits_for_a_position_that_they_hold(
    appended: list[Fact], published: int | None
) -> None:
    log = Facts(MemoryLog(), registry(Kept), "enrolment")

    async def work(unit: Unit) -> Answer:
        await unit.load("s", Count(), evolve)
        unit.append("s", appended)
        return Answer(201, {})

    first = await log.transact(command(), WHO, work)
    again = await log.transact(command(), WHO, work)
    assert (first.published, again.published) == (published, published)
    assert (first.replayed, again.replayed) == (False, True)
    headers = respond(again).headers
    assert headers.get("Reluth-Position") == (None if published is None else str(published))
    read = await log.load("s", Count(), evolve)
    assert (read.position, read.published) == (len(appended), published or 0)
    messages = await log.log.read_outbox(0, 10)
    assert [message.event.position for message in messages][-1:] == ([] if published is None else [published])


async def test_an_answer_stored_before_private_facts_were_told_apart_is_at_its_last_fact() -> None:
    log = facts()
    outcome = await log.transact(command(), WHO, consent)
    stored = await log.log.answer("k")
    assert stored is not None
    assert "unpublished" not in json.loads(stored.response)
    assert outcome.published == outcome.position == 1


async def test_a_published_fact_leaves_with_its_topic_and_key() -> None:
    log = facts()
    await log.transact(command(), WHO, consent)
    (message,) = await log.log.read_outbox(0, 10)
    assert (message.topic, message.key) == ("t.reluth.enrolment", "RELUTH/01-001")
    assert json.loads(message.value)["version"] == "3.1"


async def test_a_repeated_command_gets_its_first_answer_even_when_it_would_now_be_refused() -> None:
    log = facts()

    async def once(unit: Unit) -> Answer:
        if (await unit.load("s", Count(), evolve)).n:
            raise LookupError("done already")
        unit.append("s", [CONSENT])
        return Answer(201, {"n": 1})

    first = await log.transact(command(), WHO, once)
    again = await log.transact(command(), WHO, once)
    assert (again.answer, again.position, again.version, again.replayed) == (first.answer, 1, 1, True)
    with pytest.raises(LookupError):
        await log.transact(command("other"), WHO, once)
    with pytest.raises(KeyReused):
        await log.transact(command(request=b"another"), WHO, once)
    assert (await log.log.head()).position == 1


async def test_a_lost_race_is_decided_again_on_the_new_state() -> None:
    log = facts()
    raced = False

    async def work(unit: Unit) -> Answer:
        nonlocal raced
        state = await unit.load("s", Count(), evolve)
        if not raced:
            raced = True
            await log.transact(command("rival"), WHO, consent)
        unit.append("s", [CONSENT])
        return Answer(201, {"saw": state.n})

    assert (await log.transact(command(), WHO, work)).answer.body == {"saw": 1}
    assert len(await log.history("s")) == 2


async def test_a_race_that_is_always_lost_ends_with_a_conflict() -> None:
    log = facts()
    rival = 0

    async def work(unit: Unit) -> Answer:
        nonlocal rival
        await unit.load("s", Count(), evolve)
        rival += 1
        await log.append_unasked(WHO, lambda u: _append(u))
        unit.append("s", [CONSENT])
        return Answer(201, {})

    async def _append(unit: Unit) -> None:
        await unit.load("s", Count(), evolve)
        unit.append("s", [CONSENT])

    with pytest.raises(VersionConflict):
        await log.transact(command(), WHO, work)
    assert await log.log.answer("k") is None


async def test_two_hundred_in_turn_do_not_run_twice() -> None:
    log = facts()
    runs = 0

    async def work(unit: Unit) -> Answer:
        nonlocal runs
        runs += 1
        state = await unit.load("s", Count(), evolve)
        await asyncio.sleep(0)
        unit.append("s", [CONSENT])
        return Answer(201, {"n": state.n})

    outcomes = await asyncio.gather(*(log.transact(command(f"k{i}"), WHO, work, in_turn="s") for i in range(200)))
    assert runs == 200
    assert sorted(o.answer.body["n"] for o in outcomes) == list(range(200))


async def test_if_match_holds_the_caller_to_what_was_seen() -> None:
    log = facts()
    await log.transact(command("1"), WHO, consent)

    async def work(unit: Unit) -> Answer:
        await unit.load("s", Count(), evolve, if_match=0)
        return Answer(201, {})

    with pytest.raises(PreconditionFailed) as caught:
        await log.transact(command("2"), WHO, work)
    assert (caught.value.expected, caught.value.actual) == (0, 1)


async def test_a_stream_that_was_only_read_is_guarded() -> None:
    """A decision that rests on another stream is not written when that stream moves in between."""
    log = facts()
    seen: list[int] = []

    async def work(unit: Unit) -> Answer:
        guard = await unit.load("guard", Count(), evolve)
        await unit.load("s", Count(), evolve)
        seen.append(guard.n)
        if len(seen) == 1:
            await log.append_unasked(WHO, _move_guard)
        unit.append("s", [CONSENT])
        return Answer(201, {})

    async def _move_guard(unit: Unit) -> None:
        await unit.load("guard", Count(), evolve)
        unit.append("guard", [CONSENT])

    await log.transact(command(), WHO, work)
    assert seen == [0, 1]


async def test_a_state_can_be_asked_as_of_a_position() -> None:
    log = facts()
    for i in range(3):
        await log.transact(command(f"k{i}"), WHO, consent)
    death = DeathRecorded(study="RELUTH", subject="01-001", died_on="2023-05-11", cause="TUMOUR")
    await log.append_unasked(WHO, lambda unit: _death(unit, death))
    assert (await log.load("s", Count(), evolve, as_of=2)).state.n == 2
    loaded = await log.load("s", Count(), evolve)
    assert (loaded.state.n, loaded.version, loaded.position) == (4, 4, 4)


async def _death(unit: Unit, death: DeathRecorded) -> None:
    await unit.load("s", Count(), evolve)
    unit.append("s", [death], occurred_on=death.died_on, reason="REPORTED_BY_SITE")


class ReadCounting(MemoryLog):
    """Counts how often a stream is read."""

    reads = 0

    async def read_stream(self, stream: str, **cut: Any) -> Sequence[StoredEvent]:
        self.reads += 1
        return await super().read_stream(stream, **cut)


async def test_what_this_process_wrote_is_not_read_again() -> None:
    stored = ReadCounting()
    log = Facts(stored, registry(), "enrolment")
    answers = [(await log.transact(command(str(n)), WHO, consent)).answer.body["before"] for n in range(5)]
    assert answers == [0, 1, 2, 3, 4]
    assert stored.reads == 1


async def test_a_refusal_is_decided_again_on_what_another_process_has_written() -> None:
    stored = MemoryLog()
    here, elsewhere = (Facts(stored, registry(), "enrolment") for _ in range(2))

    async def second_of_a_pair(unit: Unit) -> Answer:
        if (await unit.load("s", Count(), evolve)).n % 2 == 0:
            raise LookupError("there is no first")
        unit.append("s", [CONSENT])
        return Answer(201, {})

    await here.transact(command("1"), WHO, consent)
    await here.transact(command("2"), WHO, consent)
    await elsewhere.transact(command("3"), WHO, consent)
    assert (await here.transact(command("4"), WHO, second_of_a_pair)).version == 4
    with pytest.raises(LookupError):
        await elsewhere.transact(command("5"), WHO, second_of_a_pair)


async def test_a_decision_on_what_another_process_has_outdated_is_not_written() -> None:
    stored = MemoryLog()
    here, elsewhere = (Facts(stored, registry(), "enrolment") for _ in range(2))
    for n in range(3):
        for process in (here, elsewhere):
            answer = (await process.transact(command(f"{n}-{id(process)}"), WHO, consent)).answer
            assert answer.body["before"] == (await here.load("s", Count(), evolve)).version - 1


async def test_a_precondition_is_held_against_what_is_stored() -> None:
    stored = MemoryLog()
    here, elsewhere = (Facts(stored, registry(), "enrolment") for _ in range(2))
    await here.transact(command("1"), WHO, consent)
    await elsewhere.transact(command("2"), WHO, consent)

    async def work(unit: Unit) -> Answer:
        return Answer(200, {"saw": (await unit.load("s", Count(), evolve, if_match=2)).n})

    assert (await here.transact(command("3"), WHO, work)).answer.body == {"saw": 2}


async def test_only_the_streams_used_last_are_kept() -> None:
    stored = ReadCounting()
    log = Facts(stored, registry(), "enrolment")
    log.folds = Folds(log.envelope, limit=2)

    async def touch(stream: str) -> None:
        async def work(unit: Unit) -> Answer:
            await unit.load(stream, Count(), evolve)
            unit.append(stream, [CONSENT])
            return Answer(201, {})

        await log.transact(command(f"{stream}-{stored.reads}-{len(await stored.read(0, 99))}"), WHO, work)

    for stream in ("a", "b", "a", "c", "a"):
        await touch(stream)
    assert stored.reads == 3
    await touch("b")
    assert stored.reads == 4


async def test_two_folds_of_one_stream_do_not_see_each_others_state() -> None:
    log = facts()
    await log.transact(command("1"), WHO, consent)

    async def listed(unit: Unit) -> Answer:
        state = await unit.load("s", (), lambda versions, envelope: (*versions, envelope.version))
        return Answer(200, {"versions": state})

    assert (await log.transact(command("2"), WHO, listed)).answer.body == {"versions": [1]}
    assert (await log.transact(command("3"), WHO, consent)).answer.body["before"] == 1


async def test_a_stream_in_which_something_is_missed_is_read_again() -> None:
    stored = MemoryLog()
    here, elsewhere = (Facts(stored, registry(), "enrolment") for _ in range(2))
    await here.transact(command("1"), WHO, consent)
    await elsewhere.transact(command("2"), WHO, consent)
    await elsewhere.transact(command("3"), WHO, consent)
    first, _, third = await stored.read(0, 3)
    here.folds.extend([first])
    assert here.folds.get("s", evolve) is not None
    here.folds.extend([third])
    assert here.folds.get("s", evolve) is None
