"""Webhooks on a real PostgreSQL, to a real receiver that fails in every way that receivers do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from contracts.events.catalogue import registry
from contracts.events.course import SubjectErased
from contracts.events.enrolment import SiteActivated, SubjectScreened, SurvivalContactRecorded
from contracts.events.envelope import Provenance
from contracts.events.fact import Fact, SubjectFact
from contracts.vocabulary.clinical import Sex
from services.chassis.clock import system_clock
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.log.postgres import PostgresLog
from services.chassis.refusal import Refused
from services.chassis.sealing.kek import LocalKeks
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.chassis.webhooks.deliverer import Deliverer, Pace
from services.chassis.webhooks.port import PURPOSE, Subscription, key_of
from services.chassis.webhooks.postgres import PostgresWebhooks
from services.chassis.webhooks.sending import Sender, new_secret
from services.enrolment.domain.facts import PRIVATE
from services.enrolment.domain.state import subject_stream
from services.enrolment.handlers.context import Context
from services.enrolment.handlers.telling import TYPES, telling
from tests.conftest import Database
from tests.integration.receiver import Receiver

DAY = date(2022, 3, 1)
QUICK = Pace(lease=5.0, retry=0.05, longest=0.2, give_up=3600.0, idle=0.1)


@dataclass
class Told:
    """Enrolment's log, the subscriptions of site 01, and a receiver."""

    facts: Facts
    kept: PostgresWebhooks
    sealer: Sealer
    receiver: Receiver
    client: httpx.AsyncClient
    pool: "asyncpg.Pool[asyncpg.Record]"

    async def record(self, *facts: Fact) -> int:
        """The position of the last one."""
        position = 0
        for fact in facts:
            stream = subject_stream(fact.study, fact.subject) if isinstance(fact, SubjectFact) else fact.key

            async def work(unit: Unit, stream: str = stream, fact: Fact = fact) -> Answer:
                await unit.load(stream, None, lambda state, _: state)
                unit.append(stream, [fact])
                return Answer(201, {})

            command = CommandId(uuid4().hex, sha256(b"").digest())
            position = (await self.facts.transact(command, Provenance("acc-1"), work)).position
        return position

    async def subscribe(self, *types: str, scope: str = "01", cursor: int = 0) -> tuple[Subscription, str]:
        webhook, secret = uuid4(), new_secret()
        sealed = await self.sealer.seal(key_of(webhook), secret, purpose=PURPOSE)
        made = Subscription(
            webhook,
            "RELUTH",
            scope,
            self.receiver.url,
            types or TYPES,
            sealed,
            "acc-1",
            b"",
            system_clock(),
            cursor,
        )
        return await self.kept.add(made), secret

    async def one(self, webhook: UUID) -> Subscription:
        return await self.kept.one("RELUTH", "01", webhook)

    @asynccontextmanager
    async def delivering(self, pace: Pace = QUICK, timeout: float = 2.0) -> AsyncIterator[Deliverer]:
        ctx = Context(self.facts, {}, system_clock, None, self.sealer, None)  # type: ignore[arg-type]
        sender = Sender(self.client, timeout, private=True)
        deliverer = Deliverer(self.facts, self.kept, self.sealer, sender, telling(ctx), system_clock, pace)
        running = asyncio.create_task(deliverer.run())
        try:
            yield deliverer
        finally:
            deliverer.stop()
            await running


@pytest.fixture
async def told(database: Database) -> AsyncIterator[Told]:
    log = await PostgresLog.open(database.url)
    pool = await asyncpg.create_pool(database.url, min_size=1, max_size=8)
    receiver = Receiver()
    await receiver.start()
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            sealer = Sealer(MemorySubjectKeys(), LocalKeks([bytes(range(32))]))
            facts = Facts(log, registry(*PRIVATE), "enrolment")
            yield Told(facts, PostgresWebhooks(pool), sealer, receiver, client, pool)
    finally:
        await receiver.stop()
        await log.close()
        await pool.close()


def screened(number: int, site: str = "01") -> SubjectScreened:
    return SubjectScreened(
        study="RELUTH",
        subject=f"{site}-{number:03d}",
        site=site,
        sex=Sex.FEMALE,
        birth_month="1956-04",
        screened_on=DAY,
    )


def alive(number: int, days: int = 0) -> SurvivalContactRecorded:
    return SurvivalContactRecorded(study="RELUTH", subject=f"01-{number:03d}", last_alive_on=DAY + timedelta(days=days))


async def test_facts_of_the_own_site_arrive_signed_and_in_order(told: Told) -> None:
    await told.record(screened(1), screened(1, "02"), alive(1), screened(2))
    await told.record(SiteActivated(study="RELUTH", site="01", name="C", activated_on=DAY, consent_versions=("1",)))
    _, secret = await told.subscribe()
    async with told.delivering():
        await told.receiver.until(lambda r: len(r.taken) == 4)
        last = await told.record(alive(2))
        await told.receiver.until(lambda r: len(r.taken) == 5)
    assert told.receiver.positions == [1, 3, 4, 5, last]
    events = {event.position: event for event in await told.facts.log.read(0, 100)}
    outbox = {m.event.position: m for m in await told.facts.log.read_outbox(0, 100)}
    for call in told.receiver.taken:
        assert call.signed_with(secret)
        assert not call.signed_with(new_secret())
        body, event = call.told, events[call.told["position"]]
        assert call.headers["webhook-id"] == body["id"] == str(event.event_id)
        assert (body["type"], body["version"]) == (event.type, event.schema)
        assert told.facts.registry.encode(told.facts.envelope(event).fact.published()) == outbox[event.position].value
        assert body["data"]["study"] == "RELUTH"


async def test_only_what_was_asked_for_is_told(told: Told) -> None:
    await told.record(screened(1), alive(1), screened(2))
    kept, _ = await told.subscribe("enrolment.survival-contact-recorded")
    async with told.delivering():
        await told.receiver.until(lambda r: len(r.taken) == 1)
        while (await told.one(kept.id)).cursor < 3:
            await told.record(screened(9))
    assert {call.told["type"] for call in told.receiver.taken} == {"enrolment.survival-contact-recorded"}


async def test_a_receiver_that_fails_gets_the_same_again_and_nothing_before_it(told: Told) -> None:
    left = {2: [500, 503, 302, 404, -1.0], 4: [500]}

    def answer(call: object) -> int | float:
        waits = left.get(call.told["position"], [])  # type: ignore[attr-defined]
        return waits.pop(0) if waits else 200

    told.receiver.answer = answer
    await told.record(*(screened(n) for n in range(1, 6)))
    kept, _ = await told.subscribe()
    async with told.delivering():
        await told.receiver.until(lambda r: r.positions[-1:] == [5])
    assert told.receiver.positions == [1, 2, 3, 4, 5]
    assert [call.told["position"] for call in told.receiver.calls] == [1, 2, 2, 2, 2, 2, 2, 3, 4, 4, 5]
    attempts = [(a.position, a.status, a.error) for a in reversed(await told.kept.attempts(kept.id))]
    assert attempts[1:7] == [
        (2, 500, None),
        (2, 503, None),
        (2, 302, None),
        (2, 404, None),
        (2, None, "connection"),
        (2, 200, None),
    ]
    assert (await told.one(kept.id)).failures == 0


async def test_a_receiver_that_was_killed_is_told_when_it_is_back(told: Told) -> None:
    await told.record(*(screened(n) for n in range(1, 4)))
    kept, _ = await told.subscribe()
    async with told.delivering():
        await told.receiver.until(lambda r: len(r.taken) == 3)
        await told.receiver.stop()
        await told.record(screened(4), screened(5))
        while (await told.one(kept.id)).failures < 2:
            await asyncio.sleep(0.02)  # the database alone knows
        await told.receiver.start()
        await told.receiver.until(lambda r: len(r.taken) == 5)
    assert told.receiver.positions == [1, 2, 3, 4, 5]


async def test_a_slow_receiver_holds_up_nobody_else(told: Told) -> None:
    slow, quick = Receiver(lambda _: 30.0), told.receiver
    await slow.start()
    await told.record(screened(1), screened(2))
    told.receiver = slow
    stuck, _ = await told.subscribe()
    told.receiver = quick
    await told.subscribe()
    async with told.delivering(timeout=0.3):
        await quick.until(lambda r: len(r.taken) == 2)
        while (await told.one(stuck.id)).failures < 2:
            await asyncio.sleep(0.02)
    assert {a.error for a in await told.kept.attempts(stuck.id)} == {"timeout"}
    assert (await told.one(stuck.id)).cursor == 0
    await slow.stop()


async def test_a_webhook_that_fails_for_too_long_is_disabled_and_a_replay_loses_nothing(told: Told) -> None:
    told.receiver.answer = lambda _: 500
    await told.record(screened(1), screened(2))
    kept, _ = await told.subscribe()
    async with told.delivering(replace(QUICK, give_up=0.1)):
        while (await told.one(kept.id)).disabled is None:
            await asyncio.sleep(0.02)
        found = await told.one(kept.id)
        assert (found.disabled, found.cursor) == ("not-delivered-in-time", 0)
        seen = len(told.receiver.calls)
        await told.record(screened(3))
        told.receiver.answer = lambda _: 200
        assert (await told.kept.replay("RELUTH", "01", kept.id, found.cursor)).disabled is None
        await told.receiver.until(lambda r: len(r.taken) == 3)
    assert told.receiver.positions == [1, 2, 3]
    assert len(told.receiver.calls) == seen + 3


async def test_a_receiver_that_says_it_is_gone_is_believed(told: Told) -> None:
    told.receiver.answer = lambda _: 410
    await told.record(screened(1))
    kept, _ = await told.subscribe()
    async with told.delivering():
        while (await told.one(kept.id)).disabled is None:
            await asyncio.sleep(0.02)
    assert (await told.one(kept.id)).disabled == "receiver-gone"
    assert len(told.receiver.calls) == 1
    await told.pool.execute("UPDATE webhooks SET next_at = 'epoch'")
    assert await told.kept.claim(10, 5.0) is None


async def test_a_replay_begins_where_it_is_told_to(told: Told) -> None:
    await told.record(*(screened(n) for n in range(1, 7)))
    kept, _ = await told.subscribe()
    async with told.delivering():
        await told.receiver.until(lambda r: len(r.taken) == 6)
        await told.kept.replay("RELUTH", "01", kept.id, 3)
        await told.receiver.until(lambda r: len(r.taken) == 9)
    assert told.receiver.positions == [1, 2, 3, 4, 5, 6, 4, 5, 6]
    ids = [call.headers["webhook-id"] for call in told.receiver.taken]
    assert ids[3:6] == ids[6:9], "the receiver knows them again"


async def test_of_whom_was_erased_nothing_is_told_again_but_that(told: Told) -> None:
    await told.record(
        screened(1), screened(2), alive(1), SubjectErased(study="RELUTH", subject="01-001", erased_on=DAY)
    )
    await told.subscribe()
    async with told.delivering():
        await told.receiver.until(lambda r: len(r.taken) == 2)
    assert told.receiver.positions == [2, 4]
    assert told.receiver.taken[1].told["data"] == {"study": "RELUTH", "subject": "01-001", "erased_on": "2022-03-01"}


async def test_two_processes_deliver_each_fact_once_and_in_order(told: Told) -> None:
    await told.subscribe()
    async with told.delivering(), told.delivering():
        for n in range(1, 41):
            await told.record(screened(n))
        await told.receiver.until(lambda r: len(r.taken) >= 40)
    assert told.receiver.positions == list(range(1, 41))
    assert told.receiver.most_at_once == 1


async def test_a_process_that_died_is_succeeded(told: Told) -> None:
    await told.record(screened(1), screened(2))
    await told.subscribe()
    assert await told.kept.claim(2, 0.3) is not None, "and never came back"
    async with told.delivering():
        await told.receiver.until(lambda r: len(r.taken) == 2)
    assert told.receiver.positions == [1, 2]


async def test_who_lost_the_lease_moves_nothing(told: Told) -> None:
    await told.record(screened(1), screened(2))
    kept, _ = await told.subscribe()
    old = await told.kept.claim(2, 0.0)
    new = await told.kept.claim(2, 5.0)
    assert old is not None
    assert new is not None
    assert await told.kept.claim(2, 5.0) is None
    assert await told.kept.advance(old, 2, 5.0, delivered=True) is None
    await told.kept.failed(old, 100.0, 0.0, "receiver-gone")
    assert ((await told.one(kept.id)).cursor, (await told.one(kept.id)).disabled) == (0, None)
    assert await told.kept.advance(new, 1, 5.0, delivered=True) is not None


async def test_a_removed_webhook_is_told_nothing_more(told: Told) -> None:
    await told.record(screened(1))
    kept, _ = await told.subscribe()
    async with told.delivering():
        await told.receiver.until(lambda r: len(r.taken) == 1)
        await told.kept.remove("RELUTH", "01", kept.id)
        other, _ = await told.subscribe(cursor=1)
        await told.record(screened(2))
        await told.receiver.until(lambda r: len(r.taken) == 2)
        while (await told.one(other.id)).cursor < 2:
            await asyncio.sleep(0.02)
    assert told.receiver.positions == [1, 2]
    with pytest.raises(Refused):
        await told.one(kept.id)
    assert await told.pool.fetchval("SELECT count(*) FROM webhook_attempts WHERE webhook = $1", kept.id) == 0


async def test_the_secret_lies_sealed_in_the_database(told: Told) -> None:
    _, secret = await told.subscribe()
    stored = await told.pool.fetchval("SELECT webhooks::text FROM webhooks")
    assert secret not in stored
    assert secret.removeprefix("whsec_") not in stored
