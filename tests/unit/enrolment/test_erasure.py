"""Somebody withdraws from any use of the data: the number stays, and that it was screened, included, randomized."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contracts.events.course import SubjectErased
from contracts.vocabulary.course import WithdrawalScope
from services.chassis.refusal import Refused
from services.chassis.sealing.port import KEY_DESTROYED
from services.enrolment.domain import refusals
from services.enrolment.domain.participation import Participation
from services.enrolment.domain.subject.withdrawal import WithdrawConsent
from services.enrolment.handlers import erasure, subjects
from services.enrolment.handlers.erasure import Erasures

from .service import Site, enrolment
from .world import REQUESTED, STUDY, World

PURPOSE = "enrolment.visit-note"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with enrolment(tmp_path) as made:
        yield made


def from_data_use(subject: str) -> WithdrawConsent:
    return WithdrawConsent(STUDY, subject, WithdrawalScope.DATA_USE, REQUESTED)


async def test_the_withdrawal_and_the_erasure_are_one_append_and_no_text_opens_afterwards() -> None:
    world = World()
    subject = await world.included()
    note = await world.ctx.texts.sealed(STUDY, subject, "slept badly", purpose=PURPOSE)
    await erasure.withdraw(world.ctx, world.call(), from_data_use(subject))
    names = [envelope.fact.type_name for envelope in await world.history(subject)]
    assert names.index("enrolment.consent-withdrawn") < names.index("enrolment.subject-erased")
    for attempt in (
        world.ctx.sealer.unseal(note, purpose=PURPOSE),
        world.ctx.texts.sealed(STUDY, subject, "more", purpose=PURPOSE),
    ):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.refusal is KEY_DESTROYED


@pytest.mark.parametrize("scope", [WithdrawalScope.TREATMENT, WithdrawalScope.FOLLOW_UP])
async def test_who_withdraws_from_less_is_not_erased(scope: WithdrawalScope) -> None:
    world = World()
    subject = await world.included()
    note = await world.ctx.texts.sealed(STUDY, subject, "slept badly", purpose=PURPOSE)
    await erasure.withdraw(world.ctx, world.call(), WithdrawConsent(STUDY, subject, scope, REQUESTED))
    await Erasures(world.ctx).look()
    assert await world.ctx.sealer.unseal(note, purpose=PURPOSE) == "slept badly"
    assert (await world.subject(subject)).erased_on is None


async def test_a_process_that_ends_between_the_fact_and_the_destruction_is_made_good_by_the_next_look() -> None:
    world = World()
    subject = await world.included()
    note = await world.ctx.texts.sealed(STUDY, subject, "slept badly", purpose=PURPOSE)
    await subjects.record(world.ctx, world.call(), from_data_use(subject))  # and here it was killed
    assert await world.ctx.sealer.unseal(note, purpose=PURPOSE) == "slept badly"
    looking = Erasures(world.ctx)
    assert [await looking.look(), await looking.look(), await Erasures(world.ctx).look()] == [1, 0, 1]
    with pytest.raises(Refused):
        await world.ctx.sealer.unseal(note, purpose=PURPOSE)


async def test_the_write_side_forgets_and_takes_no_command_about_the_subject() -> None:
    world = World()
    subject = await world.included()
    await erasure.withdraw(world.ctx, world.call(), from_data_use(subject))
    state = await world.subject(subject)
    assert (state.participation, state.erased_on) == (Participation.WITHDRAWN, REQUESTED)
    assert (state.inclusion, state.findings.by_field, state.schedules, state.history) == (None, {}, (), ())
    for attempt in (
        world.cycle(subject, 1, REQUESTED),
        world.death(subject),
        world.include(subject),
        world.authorize(subject),
        world.consent(subject),
        erasure.withdraw(world.ctx, world.call(), from_data_use(subject)),
    ):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.refusal is refusals.standing.SUBJECT_ERASED
        assert refused.value.detail["erased_on"] == REQUESTED.isoformat()


async def test_every_read_forgets_in_the_present_and_in_the_past(site: Site) -> None:
    subject = await site.ready_to_randomize()
    before = (await site.get(f"/subjects/{subject}")).headers["Reluth-Position"]
    body = {"scope": "DATA_USE", "withdrawn_on": REQUESTED.isoformat()}
    await site.done(f"/subjects/{subject}/withdrawals", body)
    await site.api.parts.catch_up()
    for path in ("", "/eligibility", "/strata", "/visits"):
        for query in ({}, {"as_of": before}, {"valid_at": "2022-03-05"}):
            answer = await site.get(f"/subjects/{subject}{path}", **query)
            assert (path, query, answer.status_code) == (path, query, 410)
            assert answer.json()["type"] == "urn:reluth:problem:subject-erased"
            assert answer.json()["context"] == {"participation": "WITHDRAWN", "erased_on": REQUESTED.isoformat()}
    for query in ({}, {"as_of": before}):
        (line,) = (await site.get("/subjects", **query)).json()["items"]
        told = {name for name, value in line.items() if value is not None}
        assert told == {"subject", "site", "participation", "cycles", "erased_on"}
        assert (line["participation"], line["cycles"]) == ("WITHDRAWN", 0)


def test_the_erasure_is_published_so_that_others_forget_too() -> None:
    assert SubjectErased.topic == "reluth.enrolment"
