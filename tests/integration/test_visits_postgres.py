"""Visits on a real PostgreSQL: all or nothing, once for a key, and what time makes so recorded once by two at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.events.treatment import FormDone
from services.chassis.facts import Facts
from services.chassis.log.postgres import PostgresLog
from services.chassis.refusal import Refused
from services.enrolment.consumers import REGISTRY
from services.enrolment.domain import refusals
from services.enrolment.domain.subject.followup import RecordSurvivalContact
from services.enrolment.domain.subject.visits import PerformVisit
from services.enrolment.handlers.entries import Entry
from services.enrolment.handlers.visits import Sent, record_visit, take_note_of_time
from tests.conftest import Database
from tests.unit.enrolment.world import C1, INCLUDED, STUDY, World, scan

L1 = C1 + timedelta(days=35)


@pytest.fixture
async def processes(database: Database) -> AsyncIterator[tuple[World, World]]:
    """Two processes of the service over one database."""
    logs = [await PostgresLog.open(database.url) for _ in range(2)]
    try:
        worlds = []
        for number, log in enumerate(logs):
            world = World(keys=f"process-{number}")
            facts = Facts(log, REGISTRY, "enrolment")
            world.ctx = replace(world.ctx, facts=facts)
            world.assessments.answer = scan()
            worlds.append(world)
        yield worlds[0], worlds[1]
    finally:
        for log in logs:
            await log.close()


def sent(subject: str, alive_on: object = L1, visit: str = "L1") -> Sent:
    forms = (FormDone(form="HAEMATOLOGY", done=True), FormDone(form="ADVERSE_EVENTS", done=True))
    entries = (
        Entry(PerformVisit(STUDY, subject, visit, L1, forms), "/visit"),
        Entry(RecordSurvivalContact(STUDY, subject, alive_on), "/survival_contact"),  # type: ignore[arg-type]
    )
    return Sent(STUDY, subject, entries, L1)


async def test_a_refused_part_leaves_nothing_behind(processes: tuple[World, World]) -> None:
    world, _ = processes
    subject = await world.treated()
    before = (await world.ctx.facts.log.head()).position
    early = INCLUDED - timedelta(days=1)
    with pytest.raises(Refused) as caught:
        await record_visit(world.ctx, world.call(), sent(subject, early))
    assert caught.value.refusal == refusals.visits.VISIT_NOT_ACCEPTED
    assert (await world.ctx.facts.log.head()).position == before


async def test_of_two_that_record_a_visit_at_once_one_does(processes: tuple[World, World]) -> None:
    one, other = processes
    subject = await one.treated()
    answers = await asyncio.gather(
        *(record_visit(world.ctx, world.call(), sent(subject)) for world in (one, other)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Outcome", "Refused"]
    assert [done.visit for done in (await one.subject(subject)).visits] == ["L1"]


async def test_the_same_visit_under_the_same_key_is_recorded_once(processes: tuple[World, World]) -> None:
    one, other = processes
    subject = await one.treated()
    answers = await asyncio.gather(*(record_visit(w.ctx, w.call("same"), sent(subject)) for w in (one, other, one)))
    assert len({str(answer.answer.body) for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert len((await one.subject(subject)).visits) == 1


async def test_what_time_makes_so_is_recorded_once_by_two_that_look_at_once(processes: tuple[World, World]) -> None:
    one, other = processes
    subject = await one.treated()
    for world in processes:
        world.today += timedelta(days=60)
    found = await asyncio.gather(*(take_note_of_time(w.ctx, STUDY, [subject]) for w in (one, other) * 4))
    missed = [d.visit for d in (await other.subject(subject)).deviations]
    assert len(missed) == len(set(missed)) > 0
    assert sum(found) == len(missed)
