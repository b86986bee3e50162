"""A quarantine in PostgreSQL keeps the same promises as one in memory."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from contracts.events.envelope import Provenance
from contracts.vocabulary.sealed import SealedText
from services.chassis.command import CommandId
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.freetext.scan import Hit, Kind
from services.chassis.log.memory import MemoryLog
from services.chassis.quarantine.memory import MemoryQuarantine
from services.chassis.quarantine.port import MOST, TEXT_QUARANTINED, UNKNOWN_TEXT, About, Held, Quarantine
from services.chassis.quarantine.postgres import PostgresQuarantine
from services.chassis.quarantine.texts import Texts
from services.chassis.refusal import Refused
from services.chassis.sealing.kek import LocalKeks
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.chassis.unavailable import Unavailable
from services.enrolment.consumers import REGISTRY
from services.enrolment.domain.facts import TextOpened, TextReleased
from tests.conftest import Database
from tests.unit.given import refused

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ABOUT = About("RELUTH", "01", "RELUTH/01-001")
SEALED = SealedText(key_id=ABOUT.key_id, nonce="bm9uY2U", ciphertext="dGV4dA")


def never(_: Held) -> bool:
    return False


def again(_: Held) -> bool:
    return True


def held(number: int = 1, about: About = ABOUT, purpose: str = "note", since: datetime = NOW) -> Held:
    found = (Hit(4, 10, Kind.NAME), Hit(12, 22, Kind.PHONE))
    return Held(UUID(int=number), about, purpose, found, b"salt", bytes([number % 256]), SEALED, "acc-1", since)


@pytest.fixture(params=["memory", "postgres"])
async def kept(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Quarantine]:
    if request.param == "memory":
        yield MemoryQuarantine()
        return
    async with asyncpg.create_pool(database.url, min_size=1, max_size=2) as pool:
        yield PostgresQuarantine(pool)


async def test_a_text_is_found_as_it_was_held(kept: Quarantine) -> None:
    assert await kept.hold(held(), never) == held()
    assert await kept.one("RELUTH", "01", UUID(int=1)) == held()
    assert list(await kept.of(ABOUT.key_id, "note")) == list(await kept.all("RELUTH", "01")) == [held()]
    assert not await kept.of(ABOUT.key_id, "another")
    assert not await kept.all("RELUTH", "02")
    await refused(kept.one("RELUTH", "02", UUID(int=1)), UNKNOWN_TEXT)


async def test_a_released_text_keeps_its_digest_and_loses_its_words(kept: Quarantine) -> None:
    await kept.hold(held(), never)
    await kept.release(UUID(int=1), "acc-2", NOW)
    await kept.release(UUID(int=1), "acc-3", NOW + timedelta(days=1))
    (one,) = await kept.of(ABOUT.key_id, "note")
    assert one == replace(held(), text=None, released_by="acc-2", released_at=NOW)
    assert not await kept.all("RELUTH", "01"), "it waits no more"


async def test_texts_are_forgotten_one_by_one_with_their_subject_and_in_time(kept: Quarantine) -> None:
    other = About("RELUTH", "01", "RELUTH/01-002")
    for one in (held(1), held(2, other), held(3, other, since=NOW + timedelta(seconds=1))):
        await kept.hold(one, never)
    await kept.remove("RELUTH", "01", UUID(int=1))
    await refused(kept.remove("RELUTH", "01", UUID(int=1)), UNKNOWN_TEXT)
    assert await kept.sweep(NOW + timedelta(seconds=1)) == 1
    assert [one.id for one in await kept.all("RELUTH", "01")] == [UUID(int=3)]
    await kept.forget(other.key_id)
    assert not await kept.all("RELUTH", "01")


async def test_a_subject_has_so_many(kept: Quarantine) -> None:
    assert all([await kept.hold(held(number), never) for number in range(1, MOST + 1)])
    assert await kept.hold(held(MOST + 1), never) is None
    assert await kept.hold(held(MOST + 2, About("RELUTH", "01", "RELUTH/01-002")), never)


async def test_the_same_text_is_held_once(kept: Quarantine) -> None:
    assert await kept.hold(held(), again) == held()
    assert await kept.hold(held(2), again) == held()
    assert list(await kept.all("RELUTH", "01")) == [held()]


async def test_of_the_same_text_sent_eight_times_at_once_one_is_held(database: Database) -> None:
    async with asyncpg.create_pool(database.url, min_size=8, max_size=8) as pool:
        kept = PostgresQuarantine(pool)
        found = await asyncio.gather(*(kept.hold(replace(held(), id=UUID(int=n)), again) for n in range(1, 9)))
        (one,) = await kept.all("RELUTH", "01")
        assert {each.id for each in found if each} == {one.id}


_DIES = """
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
CREATE TRIGGER dies AFTER INSERT ON quarantine FOR EACH ROW EXECUTE FUNCTION die()
"""


async def test_who_gets_no_answer_sends_the_text_again_and_finds_it_held_once(database: Database) -> None:
    async with asyncpg.create_pool(database.url, min_size=1, max_size=2) as pool:
        kept, facts = PostgresQuarantine(pool), Facts(MemoryLog(lambda: NOW), REGISTRY, "enrolment")
        sealer = Sealer(MemorySubjectKeys(), LocalKeks([bytes(range(32))]))
        texts = Texts(facts, sealer, kept, lambda: NOW, {"RELUTH"}, TextOpened, TextReleased)
        seen: list[int] = []

        async def work(unit: Unit) -> Answer:
            seen.append(len(await kept.all("RELUTH", "01")))
            await texts.sealed("RELUTH", "01-001", "Vue par Mme Kervella", purpose="note")
            raise AssertionError("a text in which somebody is found was sealed")

        async def sent() -> object:
            with pytest.raises(Refused) as caught:
                await texts.transact(CommandId("key", b"hash"), Provenance("acc-1"), work)
            assert caught.value.refusal is TEXT_QUARANTINED
            return caught.value.detail["quarantine"]

        await _as_owner(database, _DIES)
        with pytest.raises(Unavailable):
            await sent()
        await _as_owner(database, "DROP TRIGGER dies ON quarantine")
        assert not await kept.all("RELUTH", "01"), "nothing half"
        first = await sent()
        assert await sent() == first
        assert [str(one.id) for one in await kept.all("RELUTH", "01")] == [first]
        assert seen == [0, 0, 1], "a unit writes nothing"


def counted(before: int, _: object) -> int:
    return before + 1


async def test_what_a_unit_finds_on_what_it_remembers_alone_is_not_held(kept: Quarantine) -> None:
    """A text comes when the subject, as another process has it, cannot be written about any more."""
    log = MemoryLog(lambda: NOW)
    here, elsewhere = (Facts(log, REGISTRY, "enrolment") for _ in range(2))
    sealer = Sealer(MemorySubjectKeys(), LocalKeks([bytes(range(32))]))
    texts = Texts(here, sealer, kept, lambda: NOW, {"RELUTH"}, TextOpened, TextReleased)
    runs: list[int] = []

    async def noted(unit: Unit) -> Answer:
        runs.append(await unit.load("stream", 0, counted))
        if runs[-1]:
            raise Refused(UNKNOWN_TEXT)
        await texts.sealed("RELUTH", "01-001", "Vue par Mme Kervella", purpose="note")
        raise AssertionError("a text in which somebody is found was sealed")

    async def ended(unit: Unit) -> None:
        await unit.load("stream", 0, counted)
        unit.append("stream", [TextOpened(study="RELUTH", subject="01-001", text=UUID(int=1))])

    async def looked(unit: Unit) -> None:
        await unit.load("stream", 0, counted)

    await here.append_unasked(Provenance("acc-1"), looked)
    await elsewhere.append_unasked(Provenance("acc-2"), ended)
    await refused(texts.transact(CommandId("key", b"hash"), Provenance("acc-1"), noted), UNKNOWN_TEXT)
    assert runs == [0, 1], "first on what is remembered, then on what is so"
    assert not await kept.all("RELUTH", "01")


async def _as_owner(database: Database, sql: str) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()
