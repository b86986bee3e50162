"""What others say and what follows from it: once, in whatever order, and never an endless loop."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.events import course, enrolment, treatment
from contracts.events.assessment import TumourAssessed
from contracts.events.catalogue import registry, subscriptions
from contracts.events.enrolment import RunInEnded, VisitsScheduled
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.randomization import ArmAllocated, SubjectRandomized
from contracts.events.wire import to_headers
from contracts.vocabulary.clinical import Modality, Reader, RunInExit
from contracts.vocabulary.month import add_months
from contracts.vocabulary.response import Response
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.inbox.inbox import Fetched, Inbox, Record
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Partition
from services.chassis.log.memory import MemoryLog
from services.chassis.projections.feed import InboxFeed
from services.chassis.reactions.reactions import Reaction, Reactions
from services.chassis.refusal import Refused
from services.chassis.relay.render import render
from services.enrolment.consumers import REGISTRY, SUBSCRIPTIONS, reactions
from services.enrolment.domain import refusals
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.participation import Participation

from .world import C1, C2, REQUESTED, SCAN, STUDY, World

S = "01-001"
NOW = datetime(2022, 7, 1, 9, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World()


def heard(fact: Fact, number: int = 1, source: str = "elsewhere") -> Envelope[Fact]:
    return Envelope(
        fact=fact,
        event_id=UUID(int=number),
        source=source,
        stream="s",
        version=1,
        position=number,
        recorded_at=NOW,
        chain="0" * 64,
        provenance=Provenance(actor="acc-9", correlation_id="c-1"),
    )


def randomized(subject: str = S, on: date = REQUESTED, study: str = STUDY) -> SubjectRandomized:
    return SubjectRandomized(
        study=study,
        subject=subject,
        randomization_number=1,
        stratum=(),
        randomization_date=on,
        authorization=UUID(int=9),
        configuration_sha256="0" * 64,
    )


def assessed(
    response: Response = Response.PD, timepoint: str = "POST_C2", on: date = SCAN, study: str = STUDY
) -> TumourAssessed:
    return TumourAssessed(
        study=study,
        subject=S,
        timepoint=timepoint,
        scan_on=on,
        modality=Modality.CT,
        reader=Reader.INVESTIGATOR,
        response=response,
    )


def reaction_to(world: World, fact: Fact) -> Reaction:
    (found,) = [reaction for reaction in reactions(world.ctx) if isinstance(fact, reaction.handles)]
    return found


async def tell(world: World, fact: Fact, number: int = 1) -> None:
    reaction, envelope = reaction_to(world, fact), heard(fact, number)
    await reaction.handler(envelope, reaction.command_key(envelope))


async def last(world: World, of: type[Fact]) -> Envelope[Fact]:
    return [envelope for envelope in await world.history(S) if isinstance(envelope.fact, of)][-1]


async def test_a_randomization_schedules_the_visits_of_months_2_4_and_6(world: World) -> None:
    await world.treated()
    await tell(world, randomized())
    envelope = await last(world, VisitsScheduled)
    assert isinstance(envelope.fact, VisitsScheduled)
    assert (envelope.fact.anchor, envelope.fact.anchor_on) == ("randomization", REQUESTED)
    assert {visit.visit: visit.target_on for visit in envelope.fact.visits if visit.visit.startswith("V")} == {
        "V5": add_months(REQUESTED, 2),
        "V6": add_months(REQUESTED, 4),
        "V7": add_months(REQUESTED, 6),
    }
    assert envelope.provenance.causation_id == str(UUID(int=1))
    assert envelope.provenance.correlation_id == "c-1"
    assert (await world.subject(S)).participation is Participation.RANDOMIZED


async def test_heard_of_many_times_and_at_once_it_is_scheduled_once(world: World) -> None:
    await world.treated()
    await asyncio.gather(*(tell(world, randomized()) for _ in range(20)))
    await tell(world, randomized(), number=2)
    anchors = [e.fact.anchor for e in await world.history(S) if isinstance(e.fact, VisitsScheduled)]
    assert anchors.count("randomization") == 1


async def test_a_progression_after_the_second_cycle_ends_the_run_in_once(world: World) -> None:
    await world.treated()
    await asyncio.gather(*(tell(world, assessed()) for _ in range(20)))
    await tell(world, assessed(), number=2)
    ended = [e.fact for e in await world.history(S) if isinstance(e.fact, RunInEnded)]
    assert ended == [
        RunInEnded(study=STUDY, subject=S, reason=RunInExit.PROGRESSION, ended_on=SCAN, timepoint="POST_C2")
    ]
    assert (await world.subject(S)).participation is Participation.SCREEN_FAILURE_PD


async def test_invariant_10_no_cycle_follows_a_progression(world: World) -> None:
    subject = await world.included()
    await world.cycle(subject, 1, C1)
    await tell(world, assessed(on=C1 + timedelta(days=20)))
    with pytest.raises(Refused) as caught:
        await world.cycle(subject, 2, C2)
    assert caught.value.refusal == refusals.standing.RUN_IN_OVER


@pytest.mark.parametrize("response", [Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD])
async def test_control_sets_the_visit_of_randomization(world: World, response: Response) -> None:
    await world.treated()
    await tell(world, assessed(response))
    fact = (await last(world, VisitsScheduled)).fact
    assert isinstance(fact, VisitsScheduled)
    assert [(visit.visit, visit.latest_on) for visit in fact.visits] == [("V4", SCAN + timedelta(days=14))]


@pytest.mark.parametrize(
    "fact",
    [
        assessed(Response.NE),
        assessed(Response.SD, "M2"),
    ],
)
async def test_what_says_nothing_about_the_run_in_leaves_it_open(world: World, fact: TumourAssessed) -> None:
    await world.treated()
    before = await world.facts()
    await tell(world, fact)
    assert await world.facts() == before


async def test_a_scan_after_randomization_heard_of_before_it_does_not_end_the_run_in(world: World) -> None:
    await world.treated()
    await tell(world, assessed(Response.PD, "M2", REQUESTED + timedelta(days=60)), 1)
    assert (await world.subject(S)).in_run_in
    await tell(world, randomized(), 2)
    assert (await world.subject(S)).participation is Participation.POST_PROGRESSION
    assert not any(isinstance(fact, RunInEnded) for fact in await world.facts())


async def test_a_progression_read_after_randomization_is_no_screen_failure(world: World) -> None:
    await world.treated()
    await tell(world, randomized(), 1)
    await tell(world, assessed(), 2)
    assert not any(isinstance(fact, RunInEnded) for fact in await world.facts())


async def test_a_randomization_that_crossed_an_exit_still_counts(world: World) -> None:
    await world.treated()
    await tell(world, assessed(), 1)
    await tell(world, randomized(), 2)
    assert (await world.subject(S)).participation is Participation.RANDOMIZED


@pytest.mark.parametrize("fact", [randomized("01-777"), randomized(study="OTHER"), assessed(), assessed(study="OTHER")])
async def test_somebody_unknown_is_passed_over_without_a_loop(world: World, fact: Fact) -> None:
    await world.activate()
    before = await world.facts()
    await tell(world, fact)
    assert await world.facts() == before


async def test_the_dead_have_no_visits_and_their_randomization_counts(world: World) -> None:
    subject = await world.treated()
    await world.death(subject)
    await tell(world, randomized())
    state = await world.subject(subject)
    assert (state.participation, state.randomized_on) == (Participation.DEAD, REQUESTED)


async def test_a_fact_of_the_randomizer_arrives_through_outbox_inbox_and_reaction(world: World) -> None:
    await world.treated()
    store = MemoryStore()
    inbox = Inbox(store, REGISTRY, ())
    elsewhere = Facts(MemoryLog(), registry(), "randomizer")

    async def work(unit: Unit) -> Answer:
        await unit.load("s", None, lambda state, _: state)
        unit.append("s", [randomized()])
        return Answer(201, {})

    await elsewhere.transact(CommandId("k", bytes(32)), Provenance("randomizer"), work)
    (stored,) = await elsewhere.log.read_outbox(0, 10)
    message = render(stored, "randomizer")
    record = Record(0, message.key.encode(), to_headers(message), message.value)
    await inbox.receive("cluster", [Fetched(Partition("reluth.randomization", 0), 0, 1, [record])])
    runner = Reactions(store, InboxFeed(store, REGISTRY), reactions(world.ctx))
    for reaction in runner.reactions:
        while await runner.step(reaction):
            pass
    assert (await world.subject(S)).participation is Participation.RANDOMIZED
    assert runner.status["schedule-visits"].handled == 1


def test_what_is_heard_is_what_the_contracts_let_enrolment_read() -> None:
    assert set(SUBSCRIPTIONS) == set(subscriptions("enrolment"))


def test_the_arm_is_kept_in_a_private_fact() -> None:
    """`reluth.allocation` is heard for the cycles that an arm has; nothing published here repeats it (ADR 0010)."""
    assert REGISTRY.knows(ArmAllocated.type_name)
    assert TreatmentAssigned.topic is None
    published = [fact for fact in (*enrolment.FACTS, *course.FACTS, *treatment.FACTS) if fact.topic is not None]
    assert not [fact.type_name for fact in published if "arm" in fact.model_fields]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(("arm", "cycles"), [("A", (3, 4)), ("B", ())])
async def test_the_arm_is_kept_once_in_whatever_order_it_is_heard(
    world: World, order: tuple[int, int], arm: str, cycles: tuple[int, ...]
) -> None:
    await world.treated()
    told = (randomized(), ArmAllocated(study=STUDY, subject=S, randomization_number=1, arm=arm))
    for number, which in enumerate(order, start=1):
        await asyncio.gather(*(tell(world, told[which], number) for _ in range(5)))
    kept = [e.fact for e in await world.history(S) if isinstance(e.fact, TreatmentAssigned)]
    assert [(one.arm, one.cycles) for one in kept] == [(arm, cycles)]
    assert (await world.subject(S)).participation is Participation.RANDOMIZED
