"""The lists are folds of the own log: equal to the write side, and rows that can be read back."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.protocol.calendar import VisitStatus
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.response import Response
from services.chassis.projections.projection import check
from services.enrolment.domain.visit_book import book_of
from services.enrolment.views.readers import SITES, SUBJECTS, VISITS, projections

from .test_consumers import assessed, randomized, tell
from .world import C1, INCLUDED, PROTOCOL, REQUESTED, World

GONE = (VisitStatus.CANCELLED, VisitStatus.MISSED)


async def rows(world: World, projection: Any) -> dict[str, Any]:
    """The projection folded over everything recorded, each state through its row and back."""
    states: dict[str, Any] = {}
    for event in await world.log.read(0, 10_000):
        envelope = world.ctx.facts.envelope(event)
        if not isinstance(envelope.fact, projection.handles):
            continue
        key = projection.key(envelope)
        state = projection.fold(states.get(key, projection.initial(key)), envelope)
        row = {**projection.to_row(state), "key": key}
        assert set(row) == {"key", *(column.name for column in projection.columns())}
        states[key] = projection.from_row(row)
        assert states[key] == state
    return states


@pytest.fixture
async def world() -> World:
    """Three subjects who ended in three ways, and one who was only screened."""
    world = World()
    first = await world.treated()
    await tell(world, assessed(Response.SD), 1)
    await tell(world, randomized(first), 2)
    second, third, _ = [await world.screen() for _ in range(3)]
    for subject in (second, third):
        await world.consent(subject)
        await world.findings(subject)
        await world.include(subject)
    await world.cycle(second, 1, C1)
    await world.end_run_in(second, RunInExit.PROGRESSION, C1 + timedelta(days=30))
    for days in (90, 60):  # word of an earlier day comes later
        await world.alive(second, C1 + timedelta(days=days))
    await world.death(third, INCLUDED + timedelta(days=3))
    return world


async def test_the_list_of_subjects_agrees_with_the_write_side(world: World) -> None:
    listed = await rows(world, SUBJECTS)
    assert len(listed) == 4
    for row in listed.values():
        subject = await world.subject(row.subject)
        assert row.participation is subject.participation
        assert row.cycles == len(subject.cycles)
        assert row.died_on == (subject.death.died_on if subject.death else None)
        assert row.randomized_on == subject.randomized_on
        assert row.last_alive_on == max(subject.contacts, default=None)
    assert {row.last_alive_on for row in listed.values()} == {None, C1 + timedelta(days=90)}
    assert [row.participation.value for row in listed.values()] == [
        "RANDOMIZED",
        "SCREEN_FAILURE_PD",
        "DEAD",
        "SCREENED",
    ]


async def test_the_book_of_visits_agrees_with_the_write_side(world: World) -> None:
    for row in (await rows(world, VISITS)).values():
        subject = await world.subject(row.subject)
        assert row.book == book_of(subject.history)


async def test_visits_that_will_not_be_are_cancelled(world: World) -> None:
    book = await rows(world, VISITS)
    shown = {
        key[-3:]: [s.slot.visit for s in row.book.standings(PROTOCOL, REQUESTED, arm=False) if s.status not in GONE]
        for key, row in book.items()
    }
    assert shown["001"][:8] == ["V1", "V2", "L2", "V3", "V4", "V5", "V6", "V7"]
    assert shown["002"][:2] == ["V1", "SE6"]
    assert shown["003"] == ["V1"]


async def test_the_list_of_sites_counts_the_numbers_issued(world: World) -> None:
    (site,) = (await rows(world, SITES)).values()
    assert (site.site, site.name, site.consent_versions, site.screened) == ("01", "Centre 01", ("1.0", "1.1"), 4)


def test_every_read_model_can_be_built() -> None:
    for projection in projections():
        check(projection)


async def test_a_randomization_on_a_leap_day_has_its_visits(world: World) -> None:
    subject = await world.screen()
    for step in (world.consent, world.findings, world.include):
        await step(subject)
    await tell(world, randomized(subject, date(2024, 2, 29)), 3)
    state = await world.subject(subject)
    found = {slot.visit: slot.target_on for slot in book_of(state.history).slots(arm=False)}
    assert found["V7"] == date(2024, 8, 29)
