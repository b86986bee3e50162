"""Opening, amending and closing an allocation as units of work: crashes, races, a witness that is away."""

import asyncio

import pytest

from contracts.events.randomization import (
    AllocationActivated,
    AllocationClosed,
    AllocationLocked,
    CommitmentStamped,
    SubjectRandomized,
)
from services.chassis.facts import Outcome
from services.chassis.log.port import LogUnavailable
from services.chassis.refusal import Refused
from services.chassis.unavailable import Unavailable
from services.randomizer.domain import decide, refusals
from services.randomizer.domain.commands import Authorization
from services.randomizer.domain.facts import (
    AllocationConfigured,
    AllocationDrafted,
    AllocationSigned,
    DrawRecorded,
    LockSigned,
    SeedRevealed,
    SeedSealed,
)
from services.randomizer.domain.refusals import ALREADY_ACTIVE, SIGNATURES_MISSING
from services.randomizer.domain.state import INITIAL, evolve
from tests.unit.given import refused

from .service import MORNING, SPONSOR, STATISTICIAN, FlakyLog, KindEnrolment, Service, capped
from .world import CONFIGURATION, randomize, subject

OPENING = [
    fact.type_name
    for fact in (
        AllocationDrafted,
        AllocationSigned,
        AllocationSigned,
        AllocationConfigured,
        SeedSealed,
        AllocationActivated,
        CommitmentStamped,
    )
]


async def types(service: Service) -> list[str]:
    return [event.type for event in await service.log.read(0, 1000)]


async def test_an_allocation_is_opened_in_four_commands_and_what_is_stamped_is_what_is_committed_to():
    service = Service()
    view = (await service.activate()).answer.body
    assert await types(service) == OPENING
    assert service.witness.seen == [view["commitment"]]
    assert view["stamp"]["stamped_at"] == "2022-03-01T09:00:00Z"
    *_, activated, stamped = [e.fact for e in await service.history()]
    assert stamped.commitment == activated.commitment == view["commitment"]


async def test_what_is_signed_and_why_stands_beside_who_signed():
    service = Service()
    await service.signed()
    drafted, *signatures = await service.history()
    assert (drafted.provenance, drafted.reason) == (SPONSOR, "As the protocol says")
    assert [one.provenance for one in signatures] == [SPONSOR, STATISTICIAN]
    assert {one.fact.configuration_sha256 for one in signatures} == {CONFIGURATION.sha256}
    assert {one.reason for one in signatures} == {"Read"}


async def test_the_witness_is_not_asked_for_what_may_not_come_into_force():
    service = Service()
    await service.draft()
    await service.sign()
    await refused(service.activate_only(), SIGNATURES_MISSING)
    assert service.witness.seen == []


async def test_without_a_witness_nothing_comes_into_force_and_nothing_is_left_behind():
    service = Service()
    await service.signed()
    before = await service.log.head()
    service.witness.failure = Unavailable("time-stamping-authority")
    with pytest.raises(Unavailable):
        await service.activate_only()
    assert await service.log.head() == before
    await refused(service.randomize("01-001"), refusals.NOT_ACTIVE)
    service.witness.failure = None
    assert (await service.activate_only()).answer.body["status"] == "active"


async def test_a_crash_between_stamp_and_append_records_nothing_and_the_next_attempt_commits_to_another_seed():
    log = FlakyLog(lambda: MORNING)
    service = Service(log=log)
    await service.signed()
    before = await log.head()
    log.before = 1
    with pytest.raises(LogUnavailable):
        await service.activate_only()
    assert await log.head() == before
    again = Service(log=log, sealer=service.sealer, witness=service.witness)  # the process is another one
    outcome = await again.activate_only()
    first, second = service.witness.seen
    assert first != second == outcome.answer.body["commitment"]
    assert not outcome.replayed
    assert (await again.randomize("01-001")).answer.body["randomization_number"] == 1


async def test_a_crash_between_commit_and_answer_leads_to_the_same_answer_and_to_no_second_stamp():
    log = FlakyLog(lambda: MORNING)
    service = Service(log=log)
    await service.signed()
    log.after = 1
    with pytest.raises(LogUnavailable):
        await service.activate_only()
    again = Service(log=log, sealer=service.sealer, witness=service.witness)
    outcome = await again.activate_only()
    assert outcome.replayed
    assert service.witness.seen == [outcome.answer.body["commitment"]]
    assert (await types(again)).count(AllocationActivated.type_name) == 1


async def test_of_two_activations_at_once_one_wins_and_the_other_is_told_so():
    service = Service()
    await service.signed()
    results = await asyncio.gather(*(service.activate_only(f"k-{n}") for n in range(10)), return_exceptions=True)
    assert sum(isinstance(result, Outcome) for result in results) == 1
    assert [r.refusal for r in results if isinstance(r, Refused)] == [ALREADY_ACTIVE] * 9
    assert await types(service) == OPENING


async def test_two_signatures_of_one_person_at_once_are_one():
    service = Service()
    await service.draft()
    results = await asyncio.gather(*(service.sign(key=f"k-{n}") for n in range(10)), return_exceptions=True)
    assert sum(isinstance(result, Outcome) for result in results) == 1
    assert {r.refusal for r in results if isinstance(r, Refused)} == {refusals.SIGNED_ALREADY}
    await refused(service.activate_only(), SIGNATURES_MISSING)


async def test_drafts_at_once_have_numbers_of_their_own():
    service = Service()
    results = await asyncio.gather(*(service.draft(f"k-{n}") for n in range(8)))
    assert sorted(outcome.answer.body["version"] for outcome in results) == list(range(1, 9))


async def test_who_is_randomized_while_an_amendment_comes_into_force_is_drawn_from_the_seed_in_force():
    """The authorization takes its time; meanwhile another version, with another seed, comes into force."""
    service = Service()
    await service.activate()

    class Amending(KindEnrolment):
        async def authorize(self, study: str, subject: str, key: str) -> Authorization:
            version = len(self.asked) + 2
            await service.activate(f"amend {version}", version)
            return await super().authorize(study, subject, key)

    slow = Service(log=service.log, sealer=service.sealer, enrolment=Amending())
    for n in range(1, 13):
        await slow.randomize(subject(n))
    state, again, drawn = INITIAL, [], []
    for envelope in await service.history():
        if isinstance(envelope.fact, DrawRecorded):
            drawn.append(envelope.fact)
            _, draw, *_ = decide.randomize(state, randomize(drawn[-1].subject), await slow.ctx.custodian.draws(state))
            again.append(draw)
        state = evolve(state, envelope)
    assert len(state.activations) == 13
    assert drawn == again


async def test_the_cap_of_the_sponsor_survives_an_amendment_and_a_restart():
    service = Service(capped(3))
    await service.activate()
    await service.change_cap(2)
    again = Service(capped(3), log=service.log, sealer=service.sealer)
    assert (await again.activate("amend", 2)).answer.body["cap"] == 2
    await asyncio.gather(*(again.randomize(subject(n)) for n in (1, 2)))
    await refused(again.randomize(subject(3)), refusals.CAP_REACHED)


async def test_a_pause_stops_everybody_and_a_resumption_lets_the_same_request_pass():
    service = Service()
    await service.activate()
    await service.change("pause")
    told = await refused(service.randomize("01-001"), refusals.RECRUITMENT_PAUSED)
    assert "resumes recruitment" in told.refusal.remedy
    assert service.enrolment.asked == [], "nobody is authorized meanwhile"
    await service.change("resume")
    assert (await service.randomize("01-001")).answer.status == 201
    assert (await service.history())[-5].reason == "Because"


async def test_a_pause_at_the_same_moment_stands_before_or_behind_an_allocation_and_nothing_comes_after_it():
    service = Service()
    await service.activate()
    tasks = [service.randomize(subject(n)) for n in range(1, 21)]
    tasks.insert(7, service.change("pause"))
    results = await asyncio.gather(*tasks, return_exceptions=True)
    allocated = sum(isinstance(result, Outcome) for result in results) - 1
    said = await types(service)
    paused = said.index("randomization.recruitment-paused")
    assert SubjectRandomized.type_name not in said[paused:]
    assert said.count(SubjectRandomized.type_name) == allocated
    assert {r.refusal for r in results if isinstance(r, Refused)} <= {refusals.RECRUITMENT_PAUSED}


async def test_the_lock_takes_two_persons_and_reveals_every_seed_that_was_drawn_from():
    service = Service()
    await service.activate()
    await service.randomize("01-001")
    await service.activate("amend", 2)
    await service.randomize("01-002")
    await service.change("close")
    await refused(service.randomize("01-003"), refusals.ALLOCATION_OVER)
    service = Service(log=service.log, sealer=service.sealer)  # another process: it has no seed open
    opened = service.sealer.opened
    first = await service.change("sign_lock", SPONSOR)
    assert (first.answer.body["status"], first.answer.body["lock_signatures"]) == ("closed", 1)
    assert first.published is None, "no reader is to wait for a first signature"
    await refused(service.change("sign_lock", SPONSOR, "again"), refusals.LOCK_SIGNED_ALREADY)
    assert service.sealer.opened == opened, "nobody opens a seed for a signature that does not lock"
    second = await service.change("sign_lock", STATISTICIAN)
    assert service.sealer.opened == opened + 2
    assert second.answer.body["status"] == "locked"
    told = await types(service)
    assert told[-5:] == [
        LockSigned.type_name, LockSigned.type_name, *[SeedRevealed.type_name] * 2, AllocationLocked.type_name,
    ]  # fmt: skip
    assert told.count(AllocationClosed.type_name) == 1
    assert "seed" not in repr(second.answer.body)


async def test_two_last_signatures_at_once_lock_once():
    service = Service()
    await service.activate()
    await service.change("close")
    results = await asyncio.gather(
        *(service.change("sign_lock", who, f"{who.actor} {n}") for who in (SPONSOR, STATISTICIAN) for n in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Outcome) for result in results) == 2
    counted = await service.counted()
    assert (counted[LockSigned.type_name], counted[AllocationLocked.type_name]) == (2, 1)
