"""An erasure on a real PostgreSQL: the chain holds before and after, and no replica opens a sealed text any more."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from contracts.vocabulary.course import WithdrawalScope
from services.chassis.facts import Facts
from services.chassis.inbox.postgres import PostgresStore
from services.chassis.log.postgres import PostgresLog
from services.chassis.log.verify import verify, verify_outbox
from services.chassis.projections.operations import Operations
from services.chassis.refusal import Refused
from services.chassis.sealing.kek import LocalKeks
from services.chassis.sealing.port import KEY_DESTROYED
from services.chassis.sealing.postgres import PostgresSubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.enrolment.consumers import REGISTRY
from services.enrolment.domain.subject.withdrawal import WithdrawConsent
from services.enrolment.handlers import erasure
from tests.conftest import Database
from tests.unit.enrolment.service import enrolment
from tests.unit.enrolment.world import REQUESTED, STUDY, World

PURPOSE = "enrolment.visit-note"
TEXT = "slept badly, walks with a stick"


@pytest.fixture
async def replicas(database: Database) -> AsyncIterator[tuple[World, World]]:
    """Two processes over one log and one table of keys."""
    pool = await asyncpg.create_pool(database.url, min_size=1, max_size=4)
    logs = [await PostgresLog.open(database.url) for _ in range(2)]
    worlds = []
    for number, log in enumerate(logs):
        world = World(keys=f"replica-{number}")
        sealer = Sealer(PostgresSubjectKeys(pool), LocalKeks([bytes(range(32))]), clock=world.now)
        facts = Facts(log, REGISTRY, "enrolment")
        world.ctx = replace(world.ctx, facts=facts, sealer=sealer)
        worlds.append(world)
    try:
        yield worlds[0], worlds[1]
    finally:
        for log in logs:
            await log.close()
        await pool.close()


async def verified(database: Database) -> int:
    """What `reluth verify` does: every hash computed again, every message compared. The length of the log."""
    log = await PostgresLog.open(database.url)
    try:
        report = await verify(log, REGISTRY)
        assert not report.defects
        assert not await verify_outbox(log, REGISTRY)
        return (await log.head()).position
    finally:
        await log.close()


async def test_the_chain_holds_and_no_replica_opens_anything(database: Database, replicas: tuple[World, World]) -> None:
    one, two = replicas
    subject = await one.included()
    note = await one.ctx.texts.sealed(STUDY, subject, TEXT, purpose=PURPOSE)
    assert await two.ctx.sealer.unseal(note, purpose=PURPOSE) == TEXT
    before = await verified(database)
    cmd = WithdrawConsent(STUDY, subject, WithdrawalScope.DATA_USE, REQUESTED)
    await erasure.withdraw(one.ctx, one.call(), cmd)
    assert await verified(database) > before
    for world in replicas:
        with pytest.raises(Refused) as refused:
            await world.ctx.sealer.unseal(note, purpose=PURPOSE)
        assert refused.value.refusal is KEY_DESTROYED
        assert (await world.subject(subject)).erased_on == REQUESTED


async def test_the_rows_forget_and_forget_again_when_they_are_rebuilt(database: Database, tmp_path: Path) -> None:
    pool = await asyncpg.create_pool(database.url, min_size=1, max_size=4)
    try:
        async with enrolment(tmp_path, store=PostgresStore(pool)) as site:
            subject = await site.ready_to_randomize()
            await site.api.parts.catch_up()
            body = {"scope": "DATA_USE", "withdrawn_on": REQUESTED.isoformat()}
            await site.done(f"/subjects/{subject}/withdrawals", body)
            await site.api.parts.catch_up()
            erased = (await site.get("/subjects", "monitor")).json()["items"]
            assert [(one["participation"], one["included_on"]) for one in erased] == [("WITHDRAWN", None)]
            for name in ("subjects", "visits"):
                rebuilt = await Operations(site.api.parts.projections).rebuild(name)
                assert (rebuilt.same, rebuilt.parked) == (True, 0)
            assert (await site.get("/subjects", "monitor")).json()["items"] == erased
    finally:
        await pool.close()
