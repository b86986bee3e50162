"""Errors after the fact, recorded: one append each, once, and never in the way of an allocation."""

import asyncio
import random
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.randomization import (
    Annotation,
    ArmAllocated,
    DiscrepancyKind,
    DiscrepancyOpened,
    DiscrepancyResolved,
    RandomizationAnnotated,
    StrataVerified,
    SubjectRandomized,
)
from services.chassis.log.port import Batch, Recorded
from services.chassis.refusal import Refusal, Refused
from services.chassis.unavailable import Unavailable
from services.randomizer import custody
from services.randomizer.domain import refusals
from services.randomizer.domain.facts import DrawRecorded

from .afterwards import VerifyingEnrolment, annotate, other_level, resolve, verify
from .service import MORNING, GivingWayLog, Service, capped
from .world import CONFIGURATION, STRATUM, TODAY, strata_of, subject

A, B = subject(1), subject(2)
ALLOCATION, QUEUE = "allocation-RELUTH", "discrepancies-RELUTH"


class WatchedLog(GivingWayLog):
    """Remembers which streams each command wrote to or guarded."""

    def __init__(self) -> None:
        super().__init__(lambda: MORNING)
        self.touched: list[set[str]] = []

    async def append(self, batch: Batch) -> Recorded:
        self.touched.append({append.stream for append in batch.appends})
        return await super().append(batch)


@pytest.fixture
async def service() -> Service:
    made = Service(log=WatchedLog(), enrolment=VerifyingEnrolment())
    await made.activate()
    for one in (A, B):
        await made.randomize(one)
    return made


async def facts(service: Service, stream: str = QUEUE) -> list[object]:
    return [envelope.fact for envelope in await service.history(stream)]


async def test_an_annotation_and_its_discrepancy_are_one_append(service):
    before = (await service.log.head()).position
    outcome = await annotate(service, Annotation.INELIGIBLE, A)
    said, opened = await service.history(QUEUE)
    assert (said.position, opened.position, outcome.position) == (before + 1, before + 2, before + 2)
    assert isinstance(said.fact, RandomizationAnnotated)
    assert isinstance(opened.fact, DiscrepancyOpened)
    assert (opened.fact.kind, opened.fact.because) == (DiscrepancyKind.INELIGIBLE, said.event_id)
    assert outcome.answer.body["discrepancy"] == str(opened.fact.discrepancy)
    assert (said.reason, said.provenance.actor) == ("Seen at the visit", "monitor-1")
    assert opened.reason is None


async def test_who_was_randomized_twice_has_a_discrepancy_under_each_number(service):
    await annotate(service, Annotation.RANDOMIZED_TWICE, A, B)
    said = [fact for fact in await facts(service) if isinstance(fact, RandomizationAnnotated)]
    opened = [fact for fact in await facts(service) if isinstance(fact, DiscrepancyOpened)]
    assert [(fact.subject, fact.other_subject) for fact in said] == [(A, B), (B, A)]
    assert [fact.subject for fact in opened] == [A, B]
    assert len({fact.discrepancy for fact in opened}) == 2


async def test_a_command_sent_twenty_times_at_once_annotates_once(service):
    outcomes = await asyncio.gather(*(annotate(service, Annotation.INELIGIBLE, A) for _ in range(20)))
    assert len({str(outcome.answer.body) for outcome in outcomes}) == 1
    assert len(await facts(service)) == 2


async def test_of_twenty_persons_who_say_the_same_one_is_heard(service):
    said = [annotate(service, Annotation.INELIGIBLE, A, key=f"person {n}") for n in range(20)]
    outcomes = await asyncio.gather(*said, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 19
    assert {outcome.refusal for outcome in refused} == {refusals.ANNOTATED_ALREADY}
    assert len(await facts(service)) == 2


async def test_a_refused_annotation_records_nothing(service):
    before = await service.log.head()
    for other in (None, A, subject(9)):
        with pytest.raises(Refused):
            await annotate(service, Annotation.RANDOMIZED_TWICE, A, other, key=f"wrong {other}")
    assert await service.log.head() == before


# --- strata as verified


async def test_enrolment_is_asked_for_the_day_of_randomization(service):
    await verify(service, A)
    assert service.enrolment.asked_for_strata == [(A, TODAY)]


async def test_strata_that_agree_are_recorded_and_nobody_has_to_look(service):
    outcome = await verify(service, A)
    (fact,) = await facts(service)
    assert isinstance(fact, StrataVerified)
    assert (fact.stratum, fact.differs) == (STRATUM, ())
    assert outcome.answer.body["discrepancy"] is None


async def test_a_difference_is_recorded_beside_what_was_randomized_and_opens_a_discrepancy(service):
    service.enrolment.now[A] = other_level(STRATUM, "F3")
    outcome = await verify(service, A)
    verified, opened = await facts(service)
    assert isinstance(verified, StrataVerified)
    assert isinstance(opened, DiscrepancyOpened)
    assert verified.differs == ("F3",)
    assert opened.kind is DiscrepancyKind.WRONG_STRATUM
    assert outcome.answer.body["discrepancy"] == str(opened.discrepancy)
    state = await service.ctx.allocation("RELUTH")
    assert state.randomized[A].stratum == STRATUM


async def test_a_difference_known_already_opens_no_second_discrepancy(service):
    service.enrolment.now[A] = other_level(STRATUM, "F3")
    for n in range(3):
        await verify(service, A, f"verification {n}")
    opened = [fact for fact in await facts(service) if isinstance(fact, DiscrepancyOpened)]
    assert len(opened) == 1


async def test_a_repeated_verification_gets_its_first_answer_and_asks_nobody(service):
    first = await verify(service, A)
    service.enrolment.now[A] = other_level(STRATUM, "F1")
    again = await verify(service, A)
    assert (again.answer, again.replayed) == (first.answer, True)
    assert len(service.enrolment.asked_for_strata) == 1


@pytest.mark.parametrize(
    "error", [Unavailable("enrolment"), Refused(Refusal("strata-unknown", 409, "A factor is open.", "Record it."))]
)
async def test_where_enrolment_does_not_answer_nothing_is_verified(service, error):
    before = await service.log.head()
    service.enrolment.failure = error
    with pytest.raises(type(error)):
        await verify(service, A)
    assert await service.log.head() == before


async def test_nobody_is_verified_who_is_not_randomized(service):
    with pytest.raises(Refused) as caught:
        await verify(service, subject(9))
    assert caught.value.refusal == refusals.NOT_RANDOMIZED
    assert not service.enrolment.asked_for_strata


async def test_a_discrepancy_is_resolved_with_a_reason_that_stands_beside_the_fact(service):
    outcome = await annotate(service, Annotation.WRONG_PERSON, A)
    resolved = await resolve(service, outcome.answer.body["discrepancy"])
    last = (await service.history(QUEUE))[-1]
    assert isinstance(last.fact, DiscrepancyResolved)
    assert last.reason == "Looked at"
    assert (resolved.answer.body["status"], resolved.answer.body["resolution"]) == ("resolved", "Looked at")


# --- the allocation goes on as if nothing had been said


@pytest.mark.parametrize("kind", list(Annotation))
async def test_whoever_is_annotated_is_not_randomized_again(service, kind):
    await annotate(service, kind, A, B if kind is Annotation.RANDOMIZED_TWICE else None)
    allocated = await facts(service, ALLOCATION)
    for one in (A, B):
        with pytest.raises(Refused) as caught:
            await service.randomize(one, f"again {one}")
        assert caught.value.refusal == refusals.ALREADY_RANDOMIZED
    assert await facts(service, ALLOCATION) == allocated


@pytest.mark.parametrize("kind", list(Annotation))
async def test_an_annotation_frees_no_place_under_the_cap(kind):
    service = Service(protocol=capped(2), enrolment=VerifyingEnrolment())
    await service.activate()
    for one in (A, B):
        await service.randomize(one)
    for one, other in ((A, B), (B, A)):
        if kind is not Annotation.RANDOMIZED_TWICE or one == A:
            await annotate(service, kind, one, other if kind is Annotation.RANDOMIZED_TWICE else None)
    with pytest.raises(Refused) as caught:
        await service.randomize(subject(3))
    assert caught.value.refusal == refusals.CAP_REACHED


async def test_no_command_about_errors_writes_or_guards_the_allocations_stream(service):
    """A guard would be enough: an allocation that moved the stream meanwhile would make the two try again in turn."""
    service.log.touched.clear()
    service.enrolment.now[A] = other_level(STRATUM, "F2")
    outcome = await annotate(service, Annotation.RANDOMIZED_TWICE, A, B)
    await verify(service, A)
    await resolve(service, outcome.answer.body["discrepancy"])
    assert service.log.touched == [{QUEUE}] * 3


async def test_errors_and_allocations_at_once_never_make_each_other_try_again(service):
    service.log.touched.clear()
    people = [subject(n) for n in range(10, 30)]
    said = [
        annotate(service, kind, one) for kind in (Annotation.INELIGIBLE, Annotation.WRONG_STRATUM) for one in (A, B)
    ]
    await asyncio.gather(*(service.randomize(one) for one in people), *said)
    assert service.log.touched.count({ALLOCATION}) == len(people), "one append for each, none repeated"
    assert service.log.touched.count({QUEUE}) == len(said)


def seeds(seed: int) -> Iterator[bytes]:
    """Seeds and nonces as a generator would make them, the same for the same number."""
    numbers = random.Random(seed)
    while True:
        yield numbers.randbytes(32)


STEPS = st.lists(
    st.tuples(st.sampled_from(["randomize", "annotate", "verify", "resolve"]), st.integers(0, 15), st.integers(0, 3)),
    min_size=1,
    max_size=14,
)


@settings(deadline=None, max_examples=60)
@for_all(steps=STEPS, seed=st.integers(0, 2**32))
def test_whatever_is_said_meanwhile_the_same_seed_allocates_the_same(steps, seed):
    """Arms, numbers, strata and draws of a trial in which errors are found, and of the same trial without them."""
    with_errors, without = (asyncio.run(played(steps, seed, silent=silent)) for silent in (False, True))
    assert with_errors == without


async def played(steps: list[tuple[str, int, int]], seed: int, *, silent: bool) -> list[object]:
    made = seeds(seed)
    service = Service(enrolment=VerifyingEnrolment())
    with patch.object(custody.secrets, "token_bytes", lambda _: next(made)):
        await service.activate()
    strata, people, opened = strata_of(CONFIGURATION), [], []
    for n, (what, pick, kind) in enumerate(steps):
        if what == "randomize":
            people.append(subject(len(people) + 1))
            service.enrolment.strata[people[-1]] = strata[pick]
            await service.randomize(people[-1])
        elif people and not silent:
            one, other = people[pick % len(people)], people[(pick + 1) % len(people)]
            service.enrolment.now[one] = strata[pick]
            try:
                match what:
                    case "annotate":
                        annotation = list(Annotation)[kind]
                        named = other if annotation is Annotation.RANDOMIZED_TWICE else None
                        outcome = await annotate(service, annotation, one, named, key=str(n))
                        opened.append(outcome.answer.body["discrepancy"])
                    case "verify":
                        await verify(service, one, key=str(n))
                    case "resolve" if opened:
                        await resolve(service, opened[pick % len(opened)], key=str(n))
            except Refused:
                pass  # an error that was said before, or resolved before
    kept = (SubjectRandomized, ArmAllocated, DrawRecorded)
    return [
        fact.model_copy(update={"authorization": None}) if isinstance(fact, SubjectRandomized) else fact
        for fact in await facts(service, ALLOCATION)
        if isinstance(fact, kept)
    ]
