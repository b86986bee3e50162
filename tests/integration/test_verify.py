"""What was done to a log behind its back, as superuser with the triggers off, is found and named."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from contracts.events.catalogue import registry
from contracts.events.enrolment import ConsentSigned, CycleAdministered
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from services.chassis.facts import Facts, Unit
from services.chassis.log.postgres import PostgresLog
from services.chassis.log.verify import verify, verify_outbox
from tests.conftest import Database

SUBJECTS = [f"01-00{n}" for n in range(1, 6)]


@pytest.fixture
async def log(database: Database) -> AsyncIterator[PostgresLog]:
    """Ten facts: a consent and a cycle for each of five subjects."""
    opened = await PostgresLog.open(database.url)
    facts = Facts(opened, registry(), "enrolment")
    for subject in SUBJECTS:

        async def record(unit: Unit, subject: str = subject) -> None:
            await unit.load(subject, None, _ignore)
            unit.append(
                subject,
                [
                    ConsentSigned(study="RELUTH", subject=subject, version="3.1", signed_on="2022-02-14"),
                    CycleAdministered(
                        study="RELUTH",
                        subject=subject,
                        cycle=1,
                        given_on="2022-03-08",
                        prescribed_mbq="7400",
                        administered_mbq="7391.2",
                    ),
                ],
            )

        await facts.append_unasked(Provenance(actor="a"), record)
    yield opened
    await opened.close()


def _ignore(state: None, envelope: Envelope[Fact]) -> None:
    return None


async def tamper(database: Database, *statements: str) -> None:
    connection = await asyncpg.connect(database.admin_url)
    try:
        await connection.execute("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_an_untouched_log_holds(log: PostgresLog) -> None:
    report = await verify(log, registry())
    assert report.holds
    assert report.events == 10
    assert report.hash == (await log.head()).hash.hex()
    assert await verify_outbox(log, registry()) == ()


SWAP = """
    UPDATE events SET pos = -4 WHERE pos = 4; UPDATE events SET pos = 4 WHERE pos = 6;
    UPDATE events SET pos = 6 WHERE pos = -4
"""


@pytest.mark.parametrize(
    ("damage", "position"),
    [
        ("UPDATE events SET payload = set_byte(payload, 40, get_byte(payload, 40) # 1) WHERE pos = 7", 7),
        ("UPDATE events SET meta = set_byte(meta, 11, get_byte(meta, 11) # 1) WHERE pos = 1", 1),
        ("UPDATE events SET recorded_at = recorded_at - interval '1 microsecond' WHERE pos = 10", 10),
        ("UPDATE events SET type = 'enrolment.subject-screened' WHERE pos = 3", 3),
        ("UPDATE events SET schema = 2 WHERE pos = 3", 3),
        ("UPDATE events SET event_id = gen_random_uuid() WHERE pos = 5", 5),
        ("UPDATE events SET stream_id = 'elsewhere' WHERE pos = 10", 10),
        ("UPDATE events SET hash = decode(repeat('00', 32), 'hex') WHERE pos = 9", 9),
        ("DELETE FROM events WHERE pos = 4", 4),
        ("DELETE FROM events WHERE pos = 1", 1),
        ("DELETE FROM events WHERE pos = 10", None),
        (SWAP, 4),
        ("UPDATE log_head SET hash = decode(repeat('ab', 32), 'hex')", 10),
    ],
)
async def test_the_position_of_the_damage_is_named(
    log: PostgresLog, database: Database, damage: str, position: int | None
) -> None:
    await tamper(database, damage)
    report = await verify(log, registry())
    assert not report.holds
    assert report.defects[0].position == position


async def test_a_hole_is_one_defect(log: PostgresLog, database: Database) -> None:
    """The link over a hole cannot be checked, so what stands behind it is not called changed."""
    await tamper(database, "DELETE FROM events WHERE pos = 4")
    (defect,) = (await verify(log, registry())).defects
    assert (defect.position, defect.what) == (4, "missing")


async def test_two_defects_are_both_found(log: PostgresLog, database: Database) -> None:
    await tamper(
        database,
        "UPDATE events SET meta = meta || ' '::bytea WHERE pos IN (2, 8)",
    )
    assert [d.position for d in (await verify(log, registry())).defects] == [2, 8]


async def test_a_forged_chain_is_found_by_its_old_head(log: PostgresLog, database: Database) -> None:
    """Whoever recomputes the whole chain gets another head: a witness that kept the old one sees it."""
    before = (await log.head()).hash
    await tamper(database, "UPDATE events SET hash = sha256(hash); UPDATE log_head SET hash = sha256(hash)")
    assert not (await verify(log, registry())).holds
    assert (await log.head()).hash != before


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE outbox SET value = value || ' '::bytea WHERE out_pos = 3", "does not say what the log says"),
        ("DELETE FROM outbox WHERE out_pos = 3", "outbox position 3 is missing"),
        ("UPDATE outbox SET key_seq = 9 WHERE out_pos = 2", "out of order"),
        ("UPDATE outbox SET topic_pos = 99 WHERE out_pos = 10", "99 follows 9"),
    ],
)
async def test_a_damaged_outbox_is_named(log: PostgresLog, database: Database, damage: str, says: str) -> None:
    await tamper(database, damage)
    assert says in " ".join(d.what for d in await verify_outbox(log, registry()))
