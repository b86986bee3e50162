"""A subject's treatment and follow-up over HTTP, from the run-in to the end, in both arms."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from contracts.events.fact import Fact
from contracts.events.randomization import ArmAllocated
from services.enrolment.consumers import reactions

from .service import Site, enrolment
from .test_consumers import heard, randomized
from .world import C1, REQUESTED, SCAN, STUDY

DAY = timedelta(days=1)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with enrolment(tmp_path) as served:
        yield served


def on(site: Site, day: date) -> str:
    """It is that day now."""
    site.api.parts.now = datetime.combine(day, time(12), UTC)
    return day.isoformat()


async def allocated(site: Site, arm: str) -> str:
    """A subject that was randomized, once that and its arm were heard."""
    subject = await site.ready_to_randomize()
    facts: tuple[Fact, ...] = (
        randomized(subject),
        ArmAllocated(study=STUDY, subject=subject, randomization_number=1, arm=arm),
    )
    for number, fact in enumerate(facts, start=1):
        for reaction in reactions(site.api.context.context):
            if isinstance(fact, reaction.handles):
                envelope = heard(fact, number)
                await reaction.handler(envelope, reaction.command_key(envelope))
    return subject


async def test_cycles_after_randomization_are_put_off_left_out_and_ended(site: Site) -> None:
    subject = await allocated(site, "A")
    path = f"/subjects/{subject}"
    third = (await site.get(f"{path}/cycles")).json()["next"]
    assert third["cycle"] == 3
    today = on(site, REQUESTED)
    why = {"reason": "HAEMATOLOGICAL_TOXICITY"}
    put_off = {"cycle": 3, "delayed_on": today, "planned_on": (REQUESTED + 7 * DAY).isoformat(), **why}
    await site.done(f"{path}/cycle-delays", put_off)
    shown = (await site.get(f"{path}/cycles")).json()
    assert shown["next"]["planned_on"] == put_off["planned_on"]
    await site.done(f"{path}/cycle-omissions", {"cycle": 3, "omitted_on": today, **why})
    await site.done(f"{path}/treatment-discontinuations", {"reason": "TOXICITY", "discontinued_on": today})
    late = await site.post(f"{path}/cycle-delays", put_off)
    assert late.status_code == 409


async def test_surveillance_has_a_first_day_and_no_cycles(site: Site) -> None:
    subject = await allocated(site, "B")
    await site.done(f"/subjects/{subject}/surveillance", {"started_on": on(site, REQUESTED)})
    again = await site.post(f"/subjects/{subject}/surveillance", {"started_on": REQUESTED.isoformat()})
    assert again.status_code == 409


async def test_who_leaves_the_run_in_is_followed_lost_found_and_treated_otherwise(site: Site) -> None:
    subject = await site.ready_to_randomize()
    path, today = f"/subjects/{subject}", on(site, REQUESTED)
    await site.done(f"{path}/run-in-exits", {"reason": "TOXICITY", "ended_on": SCAN.isoformat()})
    contact = {"last_alive_on": SCAN.isoformat()}
    await site.done(f"{path}/survival-contacts", contact)
    await site.done(f"{path}/new-therapies", {"started_on": today, "therapy": "EVEROLIMUS"})
    later = REQUESTED + 120 * DAY
    attempts = [
        {"on": (later - days * DAY).isoformat(), "means": means}
        for days, means in ((100, "PHONE"), (60, "LETTER"), (30, "GENERAL_PRACTITIONER"), (0, "REGISTRY"))
    ]
    await site.done(f"{path}/losses", {"declared_on": on(site, later), "attempts": attempts})
    await site.done(f"{path}/recontacts", {"recontacted_on": on(site, later + 30 * DAY)})
    before = await site.post(f"{path}/survival-contacts", {"last_alive_on": (C1 - 400 * DAY).isoformat()})
    assert before.status_code == 409
