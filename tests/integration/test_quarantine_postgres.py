"""A quarantine in PostgreSQL keeps the same promises as one in memory."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from contracts.vocabulary.sealed import SealedText
from services.chassis.freetext.scan import Hit, Kind
from services.chassis.quarantine.memory import MemoryQuarantine
from services.chassis.quarantine.port import MOST, UNKNOWN_TEXT, About, Held, Quarantine
from services.chassis.quarantine.postgres import PostgresQuarantine
from tests.conftest import Database
from tests.unit.given import refused

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ABOUT = About("RELUTH", "01", "RELUTH/01-001")
SEALED = SealedText(key_id=ABOUT.key_id, nonce="bm9uY2U", ciphertext="dGV4dA")


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
    assert await kept.add(held())
    assert await kept.one("RELUTH", "01", UUID(int=1)) == held()
    assert list(await kept.of(ABOUT.key_id, "note")) == list(await kept.all("RELUTH", "01")) == [held()]
    assert not await kept.of(ABOUT.key_id, "another")
    assert not await kept.all("RELUTH", "02")
    await refused(kept.one("RELUTH", "02", UUID(int=1)), UNKNOWN_TEXT)


async def test_a_released_text_keeps_its_digest_and_loses_its_words(kept: Quarantine) -> None:
    await kept.add(held())
    await kept.release(UUID(int=1), "acc-2", NOW)
    await kept.release(UUID(int=1), "acc-3", NOW + timedelta(days=1))
    (one,) = await kept.of(ABOUT.key_id, "note")
    assert one == replace(held(), text=None, released_by="acc-2", released_at=NOW)
    assert not await kept.all("RELUTH", "01"), "it waits no more"


async def test_texts_are_forgotten_one_by_one_with_their_subject_and_in_time(kept: Quarantine) -> None:
    other = About("RELUTH", "01", "RELUTH/01-002")
    for one in (held(1), held(2, other), held(3, other, since=NOW + timedelta(seconds=1))):
        await kept.add(one)
    await kept.remove("RELUTH", "01", UUID(int=1))
    await refused(kept.remove("RELUTH", "01", UUID(int=1)), UNKNOWN_TEXT)
    assert await kept.sweep(NOW + timedelta(seconds=1)) == 1
    assert [one.id for one in await kept.all("RELUTH", "01")] == [UUID(int=3)]
    await kept.forget(other.key_id)
    assert not await kept.all("RELUTH", "01")


async def test_a_subject_has_so_many(kept: Quarantine) -> None:
    assert all([await kept.add(held(number)) for number in range(1, MOST + 1)])
    assert not await kept.add(held(MOST + 1))
    assert await kept.add(held(MOST + 2, About("RELUTH", "01", "RELUTH/01-002")))
