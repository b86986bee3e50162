"""Findings that enrolment records too late for an allocation: noticed once each, in whatever order things are heard."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.catalogue import registry, subscriptions
from contracts.events.enrolment import (
    DeathRecorded,
    Finding,
    FindingsRecorded,
    RandomizationAuthorized,
    ScheduledVisit,
    VisitsScheduled,
)
from contracts.events.envelope import Provenance
from contracts.events.fact import Fact, SubjectFact
from contracts.events.randomization import DiscrepancyKind, DiscrepancyOpened
from contracts.events.wire import to_headers
from contracts.vocabulary.clinical import DeathCause
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.inbox.inbox import Fetched, Inbox, Record
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Partition
from services.chassis.log.memory import MemoryLog
from services.chassis.projections.feed import InboxFeed
from services.chassis.reactions.reactions import Reactions
from services.chassis.relay.render import render
from services.randomizer.app import SERVICE
from services.randomizer.consumers import SUBSCRIPTIONS, reactions
from services.randomizer.domain.commands import Authorization
from services.randomizer.domain.facts import PRIVATE

from .afterwards import VerifyingEnrolment, verify
from .service import MORNING, Service
from .world import RELUTH, STUDY, TODAY, subject

A, B = subject(1), subject(2)
REGISTRY = registry(*PRIVATE)
BEFORE, AFTER = TODAY - timedelta(days=2), TODAY + timedelta(days=1)
USED, UNUSED = "creatinine", "platelets"


async def nothing() -> None:
    """Nothing happens."""


class RecordingEnrolment(VerifyingEnrolment):
    """Records its verdicts in its own log, as the real one does. `meanwhile` happens before the randomizer hears."""

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts
        self.given: dict[str, Authorization] = {}
        self.meanwhile: Callable[[], Awaitable[None]] = nothing

    async def authorize(self, study: str, subject: str, key: str) -> Authorization:
        if key not in self.given:
            given = await super().authorize(study, subject, key)
            fact = RandomizationAuthorized(
                study=study,
                subject=subject,
                authorized_on=given.authorized_on,
                criteria_version=given.criteria_version,
                protocol_sha256=given.protocol_sha256,
                rows=(),
                strata=given.strata,
                consent=given.consent,
                tumour_assessment=given.tumour_assessment,
                tumour_assessment_position=1,
            )
            self.given[key] = replace(given, event_id=await self.record(fact))
        meanwhile, self.meanwhile = self.meanwhile, nothing
        await meanwhile()
        return self.given[key]

    async def record(self, fact: SubjectFact) -> UUID:
        """A fact in the subject's stream. Returns its event id."""
        ids: list[UUID] = []

        async def work(unit: Unit) -> Answer:
            await unit.load(fact.key, None, lambda state, _: state)
            ids.extend(unit.append(fact.key, [fact]))
            return Answer(201, {})

        key = sha256(f"{(await self.facts.log.head()).position}".encode())
        await self.facts.transact(CommandId(key.hexdigest(), key.digest()), Provenance("acc-9"), work)
        return ids[-1]


class Trial:
    """Enrolment and randomizer with log, outbox, inbox and reactions in memory; delivered when it is asked."""

    def __init__(self) -> None:
        self.enrolment = RecordingEnrolment(Facts(MemoryLog(lambda: MORNING), registry(), "enrolment"))
        self.service = Service(enrolment=self.enrolment)
        self.store = MemoryStore()
        self.inbox = Inbox(self.store, REGISTRY, ())
        self.runner = self.another_process()
        self.delivered = 0

    def another_process(self) -> Reactions:
        return Reactions(self.store, InboxFeed(self.store, REGISTRY), reactions(self.service.ctx))

    async def find(self, *fields: str, on: date = BEFORE, of: str = A) -> UUID:
        findings = tuple(Finding(field=field, value="1", observed_on=on) for field in fields)
        return await self.enrolment.record(FindingsRecorded(study=STUDY, subject=of, findings=findings))

    async def visits(self, of: str = A, anchor: str = "randomization") -> None:
        """What enrolment records once it has heard of a randomization."""
        visit = ScheduledVisit(visit="V5", target_on=AFTER, earliest_on=AFTER, latest_on=AFTER)
        await self.enrolment.record(
            VisitsScheduled(study=STUDY, subject=of, anchor=anchor, anchor_on=TODAY, visits=(visit,))
        )

    async def deliver(self, runner: Reactions | None = None) -> None:
        """Everything that enrolment has recorded is heard, and reacted to."""
        messages = [render(m, "enrolment") for m in await self.enrolment.facts.log.read_outbox(self.delivered, 1000)]
        records = [
            Record(self.delivered + n, message.key.encode(), to_headers(message), message.value)
            for n, message in enumerate(messages)
        ]
        fetched = Fetched(Partition("reluth.enrolment", 0), self.delivered, self.delivered + len(records), records)
        assert not (await self.inbox.receive("cluster", [fetched])).stopped
        self.delivered += len(records)
        await react(runner or self.runner)

    async def opened(self) -> list[DiscrepancyOpened]:
        history = await self.service.history("discrepancies-RELUTH")
        return [envelope.fact for envelope in history if isinstance(envelope.fact, DiscrepancyOpened)]

    async def because(self) -> list[UUID | None]:
        opened = await self.opened()
        assert {one.kind for one in opened} <= {DiscrepancyKind.STRATUM_TO_VERIFY}
        return [one.because for one in opened]


async def react(runner: Reactions) -> None:
    for reaction in runner.reactions:
        while await runner.step(reaction):
            pass


@pytest.fixture
async def trial() -> Trial:
    made = Trial()
    await made.service.activate()
    return made


async def test_a_value_corrected_after_randomization_makes_somebody_look(trial):
    await trial.find(USED)
    await trial.service.randomize(A)
    corrected = await trial.find(USED)
    await trial.deliver()
    (opened,) = await trial.opened()
    assert (opened.subject, opened.kind, opened.because) == (A, DiscrepancyKind.STRATUM_TO_VERIFY, corrected)
    assert opened.opened_on == TODAY
    (recorded,) = await trial.service.history("discrepancies-RELUTH")
    assert (recorded.provenance.actor, recorded.provenance.causation_id) == ("service:randomizer", str(corrected))


@pytest.mark.parametrize(
    ("fields", "on", "looks"),
    [
        ((USED,), BEFORE, True),
        ((USED,), TODAY, True),
        ((USED,), AFTER, False),
        ((UNUSED,), BEFORE, False),
        ((UNUSED, USED), BEFORE, True),
    ],
)
async def test_only_values_that_the_stratum_of_that_day_could_rest_on(trial, fields, on, looks):
    await trial.service.randomize(A)
    await trial.find(*fields, on=on)
    await trial.deliver()
    assert len(await trial.opened()) == looks


async def test_each_correction_is_looked_at_by_itself_and_one_with_two_values_once(trial):
    await trial.service.randomize(A)
    corrected = [await trial.find(USED), await trial.find(USED, "progression_types"), await trial.find(USED)]
    await trial.deliver()
    assert await trial.because() == corrected


async def test_what_else_enrolment_says_after_randomization_is_not_looked_at(trial):
    await trial.service.randomize(A)
    await trial.enrolment.record(DeathRecorded(study=STUDY, subject=A, died_on=TODAY, cause=DeathCause.TUMOUR))
    await trial.visits()
    await trial.deliver()
    assert not await trial.opened()


async def test_a_correction_of_somebody_not_randomized_is_nothing(trial):
    await trial.service.randomize(A)
    await trial.find(USED, of=B)
    await trial.deliver()
    assert not await trial.opened()
    assert not await trial.service.history(f"heard-RELUTH-{B}")


async def test_another_study_is_passed_over(trial):
    await trial.enrolment.authorize("OTHER", A, "elsewhere")
    finding = Finding(field=USED, value="1", observed_on=BEFORE)
    await trial.enrolment.record(FindingsRecorded(study="OTHER", subject=A, findings=(finding,)))
    before = await trial.service.log.head()
    await trial.deliver()
    assert await trial.service.log.head() == before
    assert trial.runner.status["look-for-late-findings"].parked == 0


# --- what is heard late, and what crosses an allocation


async def test_what_the_verdict_knew_is_no_correction_however_late_it_is_heard(trial):
    """It all arrives after the allocation: as when the randomizer was away, or hears this topic for the first time."""
    for _ in range(3):
        await trial.find(USED)
    await trial.service.randomize(A)
    await trial.visits()
    await trial.deliver()
    assert not await trial.opened()


@pytest.mark.parametrize("heard_before", [True, False], ids=["heard before the allocation", "heard after it"])
async def test_a_correction_between_verdict_and_allocation_is_not_lost(trial, heard_before):
    corrected: list[UUID] = []

    async def meanwhile() -> None:
        corrected.append(await trial.find(USED))
        if heard_before:
            await trial.deliver()
            assert not await trial.opened(), "nobody is randomized yet"

    trial.enrolment.meanwhile = meanwhile
    await trial.service.randomize(A)
    await trial.visits()
    await trial.deliver()
    assert await trial.because() == corrected


async def test_visits_that_are_planned_again_open_nothing_again(trial):
    async def meanwhile() -> None:
        await trial.find(USED)
        await trial.deliver()

    trial.enrolment.meanwhile = meanwhile
    await trial.service.randomize(A)
    for _ in range(2):
        await trial.visits()
        await trial.deliver()
    assert len(await trial.opened()) == 1


async def test_a_correction_that_another_verdict_knew_is_none(trial):
    """The first verdict led to nothing: the allocation failed, and was asked for again the next day."""

    async def meanwhile() -> None:
        await trial.find(USED)
        await trial.deliver()
        raise ConnectionResetError

    trial.enrolment.meanwhile = meanwhile
    with pytest.raises(ConnectionResetError):
        await trial.service.randomize(A, "first day")
    await trial.service.randomize(A, "second day")
    await trial.visits()
    await trial.deliver()
    assert not await trial.opened()


async def test_a_correction_after_a_verdict_that_never_led_to_an_allocation_stays_unseen(trial):
    await trial.enrolment.authorize(STUDY, A, "never used")
    await trial.find(USED)
    await trial.visits(anchor="inclusion")
    await trial.deliver()
    assert not await trial.opened()


async def test_visits_of_another_anchor_wait_for_no_allocation(trial):
    await trial.visits(anchor="inclusion")
    await trial.deliver()
    assert trial.runner.status["look-for-late-findings"].parked == 0


async def test_a_randomization_that_this_log_does_not_hold_is_parked_for_somebody_to_see(trial):
    await trial.visits()
    await trial.deliver()
    assert trial.runner.status["look-for-late-findings"].parked == 1


async def test_heard_of_again_and_in_two_processes_it_is_opened_once(trial):
    await trial.service.randomize(A)
    corrected = await trial.find(USED)
    await trial.deliver()
    (reaction,) = reactions(trial.service.ctx)
    async with trial.store.begin() as tx:
        head = await InboxFeed(trial.store, REGISTRY).head(tx)
        arrivals = await InboxFeed(trial.store, REGISTRY).read(tx, 0, head, reaction.types)
    envelopes = [arrival.content for arrival in arrivals]
    again = [reaction.handler(envelope, reaction.command_key(envelope)) for envelope in envelopes]
    await asyncio.gather(*again)
    assert await trial.because() == [corrected]


async def test_two_processes_that_follow_at_once_open_each_once(trial):
    other = trial.another_process()
    await trial.service.randomize(A)
    corrected = [await trial.find(USED) for _ in range(5)]
    await asyncio.gather(trial.deliver(), react(other))
    await react(other)
    assert await trial.because() == corrected


async def test_noticing_reads_the_allocation_and_never_writes_there(trial):
    await trial.service.randomize(A)
    allocated = await trial.service.history()
    for _ in range(3):
        await trial.find(USED)
    await trial.visits()
    await trial.deliver()
    assert await trial.service.history() == allocated


async def test_what_was_noticed_is_verified_with_enrolment(trial):
    await trial.service.randomize(A)
    await trial.find(USED)
    await trial.deliver()
    outcome = await verify(trial.service, A)
    assert outcome.answer.body["differs"] == []
    assert [one.kind for one in await trial.opened()] == [DiscrepancyKind.STRATUM_TO_VERIFY], "a person resolves it"


# --- whatever the order

STEP = st.sampled_from(["used", "unused", "later", "deliver", "verdict"])


@settings(deadline=None, max_examples=150)
@for_all(
    before=st.lists(STEP, max_size=5),
    between=st.lists(st.sampled_from(["used", "unused", "deliver"]), max_size=4),
    after=st.lists(STEP, max_size=5),
    told_after=st.integers(0, 5),
)
def test_exactly_the_findings_that_the_verdict_could_not_know_are_looked_at_in_whatever_order_they_are_heard(
    before, between, after, told_after
):
    asyncio.run(played(before, between, after, told_after))


async def played(before: list[str], between: list[str], after: list[str], told_after: int) -> None:
    """`told_after`: how much is recorded before enrolment has heard of the randomization."""
    trial, expected = Trial(), []
    await trial.service.activate()

    async def step(what: str, *, late: bool) -> None:
        match what:
            case "used":
                found = await trial.find(USED)
                if late:
                    expected.append(found)
            case "unused":
                await trial.find(UNUSED)
            case "later":
                await trial.find(USED, on=AFTER)
            case "verdict":
                await trial.enrolment.authorize(STUDY, A, f"verdict {len(trial.enrolment.given)}")
            case "deliver":
                await trial.deliver()

    async def meanwhile() -> None:
        for what in between:
            await step(what, late=True)

    for what in before:
        await step(what, late=False)
    trial.enrolment.meanwhile = meanwhile
    await trial.service.randomize(A)
    for n, what in enumerate(after):
        if n == told_after:
            await trial.visits()
        await step(what, late=True)
    if told_after >= len(after):
        await trial.visits()
    await trial.deliver()
    assert set(await trial.because()) == set(expected)
    assert len(await trial.because()) == len(expected)
    assert trial.runner.status["look-for-late-findings"].parked == 0


def test_the_randomizer_hears_of_what_the_contracts_say_and_no_more():
    assert set(SUBSCRIPTIONS) == set(SERVICE.subscriptions) == set(subscriptions("randomizer"))
    facts: set[type[Fact]] = {fact for reaction in SERVICE.reactions(Service().ctx) for fact in reaction.handles}
    assert facts == {RandomizationAuthorized, FindingsRecorded, VisitsScheduled}


def test_the_fields_of_the_tests_are_those_of_the_protocol():
    assert {USED, UNUSED} <= set(RELUTH.field)
