"""The units of work: once and for ever, exact under concurrency, every refusal written down."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from contracts.events.randomization import (
    ALLOCATION_TOPIC,
    TOPIC,
    AllocationActivated,
    ArmAllocated,
    RandomizationRefused,
    SubjectRandomized,
)
from services.chassis.facts import Outcome
from services.chassis.log.port import KeyReused, LogUnavailable
from services.chassis.refusal import Refusal, Refused
from services.chassis.unavailable import Unavailable
from services.randomizer.domain.commands import Authorization
from services.randomizer.domain.configuration import stratum_key
from services.randomizer.domain.facts import DrawRecorded, EvidenceBound
from services.randomizer.domain.refusals import (
    ALREADY_ACTIVE,
    ALREADY_RANDOMIZED,
    AUTHORIZATION_UNUSABLE,
    CAP_REACHED,
    NOT_ACTIVE,
    UNKNOWN_STUDY,
)
from services.randomizer.domain.state import INITIAL, evolve
from services.randomizer.handlers import life
from services.randomizer.handlers.randomize import randomize as randomize_handler
from tests.unit.given import refused

from .service import (
    METHODS,
    MORNING,
    NOT_AUTHORIZED,
    RANDOMIZER,
    WITHIN_STRATUM,
    FlakyLog,
    GivingWayLog,
    KindEnrolment,
    Service,
    by_method,
    capped,
    command,
)
from .world import CONFIGURATION, strata_of, subject


async def refusals_of(service: Service, one: str) -> list[str]:
    return [e.fact.code for e in await service.history(f"refusals-RELUTH-{one}")]


async def test_a_subject_is_allocated_in_one_append_and_answered_with_its_arm():
    service = Service()
    await service.activate()
    answer = (await service.randomize("01-001")).answer
    evidence, draw, randomized, arm = (e.fact for e in (await service.history())[-4:])
    assert [type(one) for one in (evidence, draw, randomized, arm)] == [
        EvidenceBound,
        DrawRecorded,
        SubjectRandomized,
        ArmAllocated,
    ]
    assert answer.status == 201
    assert answer.body["arm"] == arm.arm
    assert answer.body["randomization_number"] == 1
    assert answer.body["authorization"] == str(randomized.authorization)
    assert [level["level"] for level in answer.body["stratum"]] == [level.level for level in randomized.stratum]


async def test_what_was_authorized_is_the_cause_of_what_was_recorded():
    service = Service()
    await service.activate()
    body = (await service.randomize("01-001")).answer.body
    assert {e.provenance.causation_id for e in (await service.history())[-4:]} == {body["authorization"]}


async def test_fifty_times_the_same_command_is_one_allocation_and_fifty_equal_answers():
    service = Service()
    await service.activate()
    outcomes: list[Outcome] = await asyncio.gather(*(service.randomize("01-001", "same") for _ in range(50)))
    assert len({repr(sorted(outcome.answer.body.items())) for outcome in outcomes}) == 1
    assert sum(not outcome.replayed for outcome in outcomes) == 1
    assert (await service.counted())[SubjectRandomized.type_name] == 1
    assert (await service.counted())[RandomizationRefused.type_name] == 0


async def test_the_same_key_for_another_subject_is_not_accepted():
    service = Service()
    await service.activate()
    await service.randomize("01-001", "same")
    with pytest.raises(KeyReused):
        await service.randomize("01-002", "same")
    assert [one for one, _ in service.enrolment.asked] == ["01-001"], "nobody asks enrolment on behalf of a slip"


async def test_a_slower_copy_of_a_command_gets_the_answer_of_the_faster_one():
    """Its question reaches enrolment when the subject is randomized already: that refusal is not its answer."""
    service = Service()
    await service.activate()
    arrived, go_on = asyncio.Event(), asyncio.Event()

    class Slow(KindEnrolment):
        async def authorize(self, study: str, subject: str, key: str) -> Authorization:
            arrived.set()
            await go_on.wait()
            raise Refused(NOT_AUTHORIZED, reasons=["ALREADY_RANDOMIZED"])

    slower = asyncio.create_task(
        Service(log=service.log, sealer=service.sealer, enrolment=Slow()).randomize("01-001", "same")
    )
    await asyncio.wait_for(arrived.wait(), 5)
    faster = await service.randomize("01-001", "same")
    go_on.set()
    assert (await asyncio.wait_for(slower, 5)).answer == faster.answer
    assert await refusals_of(service, "01-001") == []


async def test_a_subject_is_randomized_once_whoever_asks_again():
    service = Service()
    await service.activate()
    await service.randomize("01-001", "first")
    told = await refused(service.randomize("01-001", "second"), ALREADY_RANDOMIZED)
    assert dict(told.detail) == {"subject": "01-001", "randomization_number": 1, "randomized_on": "2022-03-01"}
    assert await refusals_of(service, "01-001") == ["ALREADY_RANDOMIZED"]


@pytest.mark.parametrize("method", METHODS)
async def test_two_hundred_requests_at_once_are_as_if_made_one_after_the_other(method):
    """60 subjects asked for three times and more, under their own key or another, by two processes over one log."""
    strata = strata_of(CONFIGURATION)
    placed = {subject(n, 1 + n % 22): strata[n * 7 % 5] for n in range(1, 61)}
    log, protocol, enrolment = GivingWayLog(lambda: MORNING), by_method(method, 40), KindEnrolment(placed)
    here = Service(protocol, log, enrolment)
    there = Service(protocol, log, enrolment, here.sealer)
    await here.activate()

    async def ask(n: int) -> tuple[str, object]:
        one, service = list(placed)[n % 60], (here, there)[n % 2]
        try:
            return one, (await service.randomize(one, f"{one} {n % 3}")).answer.body
        except Refused as refusal:
            return one, refusal.refusal

    answers = await asyncio.gather(*(ask(n) for n in range(200)))
    state = (await here.ctx.facts.load("allocation-RELUTH", INITIAL, evolve)).state
    allocated = list(state.randomized.values())

    assert [one.number for one in allocated] == list(range(1, 41))
    for one, answer in answers:
        if isinstance(answer, Refusal):
            assert answer == (ALREADY_RANDOMIZED if one in state.randomized else CAP_REACHED)
        else:
            assert answer["arm"] == state.randomized[one].arm
    assert {one for one, answer in answers if not isinstance(answer, Refusal)} == set(state.randomized)

    for upto in range(1, 41):
        balance: dict[str, Counter[str]] = {}
        for one in allocated[:upto]:
            balance.setdefault(stratum_key(one.stratum), Counter())[one.arm] += 1
        bound = WITHIN_STRATUM.get(method, upto)
        assert all(abs(cell["A"] - cell["B"]) <= bound for cell in balance.values())

    assert (await here.ctx.allocation("RELUTH")).configuration.strategy == METHODS[method].method
    serial = await here.one_after_the_other([one.subject for one in allocated])
    assert serial == [one.arm for one in allocated]


async def test_the_cap_is_exact_when_many_come_at_once_for_the_last_places():
    service = Service(capped(5))
    await service.activate()
    results = await asyncio.gather(*(service.randomize(subject(n)) for n in range(1, 21)), return_exceptions=True)
    assert sum(isinstance(result, Outcome) for result in results) == 5
    assert [r.refusal for r in results if isinstance(r, Refused)] == [CAP_REACHED] * 15
    counted = await service.counted()
    assert (counted[SubjectRandomized.type_name], counted[RandomizationRefused.type_name]) == (5, 15)


async def test_at_the_cap_nobody_asks_enrolment_and_a_raised_cap_lets_the_same_request_pass():
    service = Service(capped(1))
    await service.activate()
    await service.randomize("01-001")
    await refused(service.randomize("01-002"), CAP_REACHED)
    assert [one for one, _ in service.enrolment.asked] == ["01-001"]
    assert await refusals_of(service, "01-002") == ["CAP_REACHED"]
    await service.change_cap(2)
    assert (await service.randomize("01-002")).answer.body["randomization_number"] == 2


async def test_the_reason_for_a_cap_stands_beside_the_fact():
    service = Service()
    await service.activate()
    outcome = await service.change_cap(160)
    assert (outcome.answer.body["cap"], outcome.answer.body["randomized"]) == (160, 0)
    assert (await service.history())[-1].reason == "Amendment 3"


async def test_before_the_activation_a_request_is_refused_and_written_down():
    service = Service()
    await refused(service.randomize("01-001"), NOT_ACTIVE)
    assert await refusals_of(service, "01-001") == ["ALLOCATION_NOT_ACTIVE"]
    assert service.enrolment.asked == []


async def test_what_enrolment_refuses_is_passed_on_and_written_down_with_its_reasons():
    service = Service()
    await service.activate()
    service.enrolment.refusal = Refused(NOT_AUTHORIZED, reasons=["NO_POST_C2", "STRATA_INCOMPLETE"])
    told = await refused(service.randomize("01-001"), NOT_AUTHORIZED)
    assert told.detail["reasons"] == ["NO_POST_C2", "STRATA_INCOMPLETE"]
    (recorded,) = await service.history("refusals-RELUTH-01-001")
    assert (recorded.fact.code, recorded.reason) == ("NO_POST_C2", "NO_POST_C2, STRATA_INCOMPLETE")
    assert recorded.provenance == RANDOMIZER


async def test_a_refused_request_repeated_is_written_down_once_and_passes_when_its_reason_is_gone():
    service = Service()
    await service.activate()
    service.enrolment.refusal = Refused(NOT_AUTHORIZED, reasons=["NO_POST_C2"])
    for _ in range(3):
        await refused(service.randomize("01-001"), NOT_AUTHORIZED)
    service.enrolment.refusal = Refused(NOT_AUTHORIZED, reasons=["PD"])
    await refused(service.randomize("01-001"), NOT_AUTHORIZED)
    assert await refusals_of(service, "01-001") == ["NO_POST_C2", "PD"]
    service.enrolment.refusal = None
    assert (await service.randomize("01-001")).answer.status == 201


async def test_many_refusals_of_one_subject_at_once_are_all_written_down():
    service = Service()
    await service.activate()
    service.enrolment.refusal = Refused(NOT_AUTHORIZED, reasons=["PD"])
    results = await asyncio.gather(*(service.randomize("01-001", f"k-{n}") for n in range(60)), return_exceptions=True)
    assert {type(result) for result in results} == {Refused}
    assert len(await refusals_of(service, "01-001")) == 60


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_that_is_not_about_the_subject_is_not_written_down(status):
    service = Service()
    await service.activate()
    service.enrolment.refusal = Refused(Refusal("something-else", status, "No.", "Ask otherwise."))
    with pytest.raises(Refused):
        await service.randomize("01-001")
    assert (await service.counted())[RandomizationRefused.type_name] == 0


async def test_an_unknown_study_is_refused():
    service = Service()
    await refused(randomize_handler(service.ctx, "OTHER", "01-001", command("k"), RANDOMIZER), UNKNOWN_STUDY)
    await refused(life.activate(service.ctx, "OTHER", 1, command("k"), RANDOMIZER), UNKNOWN_STUDY)
    await refused(life.draft(service.ctx, "OTHER", None, "Because", command("k"), RANDOMIZER), UNKNOWN_STUDY)


async def test_while_enrolment_is_away_nothing_is_recorded():
    service = Service()
    await service.activate()
    service.enrolment.failure = Unavailable("enrolment")
    with pytest.raises(Unavailable):
        await service.randomize("01-001")
    counted = await service.counted()
    assert counted[SubjectRandomized.type_name] == counted[RandomizationRefused.type_name] == 0


async def test_yesterdays_authorization_is_not_used_and_the_next_day_asks_for_a_new_one():
    service = Service()
    await service.activate()
    service.now = datetime(2022, 3, 1, 22, 59, tzinfo=UTC)
    service.enrolment.failure = Unavailable("enrolment")
    with pytest.raises(Unavailable):
        await service.randomize("01-001")
    service.enrolment.failure = None
    service.now = datetime(2022, 3, 1, 23, 1, tzinfo=UTC)  # after midnight in Paris
    told = await refused(service.randomize("01-001"), AUTHORIZATION_UNUSABLE)
    assert told.detail["fault"] == "not-of-today"
    (_, before), (_, after) = service.enrolment.asked
    assert before != after
    service.enrolment.day = date(2022, 3, 2)
    assert (await service.randomize("01-001")).answer.body["randomization_date"] == "2022-03-02"


async def test_a_crash_after_the_authorization_leads_to_the_same_authorization_on_retry():
    log = FlakyLog(lambda: MORNING)
    service = Service(log=log)
    await service.activate()
    log.before = 1
    with pytest.raises(LogUnavailable):
        await service.randomize("01-001")
    body = (await service.randomize("01-001")).answer.body
    assert body["randomization_number"] == 1
    assert len(set(service.enrolment.asked)) == 1
    assert len(service.enrolment.asked) == 2


async def test_a_crash_between_commit_and_answer_leads_to_the_same_arm_on_retry():
    log = FlakyLog(lambda: MORNING)
    service = Service(log=log)
    await service.activate()
    log.after = 1
    with pytest.raises(LogUnavailable):
        await service.randomize("01-001")
    again = Service(log=log, sealer=service.sealer)  # the process is another one
    outcome = await again.randomize("01-001")
    assert outcome.replayed
    assert outcome.answer.body["arm"] == (await again.history())[-1].fact.arm
    assert (await again.counted())[SubjectRandomized.type_name] == 1


async def test_a_refusal_that_cannot_be_written_down_is_not_given():
    log = FlakyLog(lambda: MORNING)
    service = Service(log=log)
    await service.activate()
    service.enrolment.refusal = Refused(NOT_AUTHORIZED, reasons=["PD"])
    log.before = 1
    with pytest.raises(LogUnavailable):
        await service.randomize("01-001")
    await refused(service.randomize("01-001"), NOT_AUTHORIZED)
    assert await refusals_of(service, "01-001") == ["PD"]


async def test_the_allocation_is_activated_once_and_a_repetition_gets_the_same_answer():
    service = Service()
    first, again = await service.activate(), await service.activate()
    assert again.replayed
    assert again.answer == first.answer
    await refused(service.activate("another"), ALREADY_ACTIVE)
    assert (await service.counted())[AllocationActivated.type_name] == 1


async def test_two_activations_at_once_commit_to_one_seed():
    service = Service()
    results = await asyncio.gather(*(service.activate(f"k-{n}") for n in range(10)), return_exceptions=True)
    assert sum(isinstance(result, Outcome) for result in results) == 1
    assert (await service.counted())[AllocationActivated.type_name] == 1


async def test_the_arm_is_published_on_its_own_topic_alone_and_private_facts_on_none():
    service = Service()
    await service.activate()
    for n in range(1, 9):
        await service.randomize(subject(n))
    messages = await service.log.read_outbox(0, 1000)
    types = {message.event.type: message.topic for message in messages}
    assert types == {
        "randomization.allocation-activated": TOPIC,
        "randomization.commitment-stamped": TOPIC,
        "randomization.subject-randomized": TOPIC,
        "randomization.arm-allocated": ALLOCATION_TOPIC,
    }
    assert all(b'"arm"' not in message.value for message in messages if message.topic != ALLOCATION_TOPIC)
