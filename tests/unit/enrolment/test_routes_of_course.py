"""Withdrawals, losses, the end of the study and corrections over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from .service import Site, enrolment
from .world import C1, C2, REQUESTED


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with enrolment(tmp_path) as served:
        yield served


async def _where(site: Site, subject: str) -> str:
    where: str = (await site.get(f"/subjects/{subject}")).json()["participation"]
    return where


async def test_a_cycle_with_a_wrong_day_is_corrected_in_one_append(site: Site) -> None:
    subject = await site.ready_to_randomize()
    shown = (await site.get(f"/subjects/{subject}")).json()
    second = shown["cycles"][1]["event_id"]
    moved = {
        "kind": "cycle",
        "cycle": 2,
        "given_on": (C2 + timedelta(days=1)).isoformat(),
        "administered_mbq": "7390.5",
    }
    wrong = {**moved, "given_on": (C1 + timedelta(days=1)).isoformat()}
    path, body = f"/subjects/{subject}/corrections", {"annul": second, "reason": "The day before was entered"}
    refused = await site.post(path, {**body, "entries": [wrong]})
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, "correction-not-accepted")
    assert (await site.get(f"/subjects/{subject}")).json() == shown
    made = await site.done(path, {**body, "entries": [moved]})
    assert made["recorded"][0]["type"] == "enrolment.record-annulled"
    days = [one["given_on"] for one in (await site.get(f"/subjects/{subject}")).json()["cycles"]]
    assert days == [C1.isoformat(), (C2 + timedelta(days=1)).isoformat()]
    again = await site.post(path, {**body, "entries": []})
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (404, "unknown-record")


async def test_who_withdraws_from_follow_up_is_recorded_no_further_but_for_a_death(site: Site) -> None:
    subject = await site.ready_to_randomize()
    day = (REQUESTED - timedelta(days=2)).isoformat()
    await site.done(f"/subjects/{subject}/withdrawals", {"scope": "FOLLOW_UP", "withdrawn_on": day})
    assert await _where(site, subject) == "WITHDRAWN"
    contact = await site.post(f"/subjects/{subject}/survival-contacts", {"last_alive_on": REQUESTED.isoformat()})
    assert (contact.status_code, contact.json()["type"].rpartition(":")[2]) == (409, "consent-withdrawn")
    await site.done(f"/subjects/{subject}/deaths", {"died_on": REQUESTED.isoformat(), "cause": "UNKNOWN"})
    assert await _where(site, subject) == "DEAD"


async def test_a_loss_needs_its_attempts_and_the_sponsor_closes_the_study(site: Site) -> None:
    subject = await site.ready_to_randomize()
    attempts = [{"on": REQUESTED.isoformat(), "means": "PHONE"}]
    loss = await site.post(f"/subjects/{subject}/losses", {"declared_on": REQUESTED.isoformat(), "attempts": attempts})
    assert (loss.status_code, loss.json()["type"].rpartition(":")[2]) == (409, "attempts-not-sufficient")
    await site.done(f"/subjects/{subject}/end-of-study", {"ended_on": REQUESTED.isoformat()}, "sponsor")
    assert await _where(site, subject) == "COMPLETED"


async def test_the_regions_are_shown_as_they_were_at_any_moment(site: Site) -> None:
    """Disease, vital status, consent and follow-up go their own ways; a moment of the past has those of then."""
    subject = await site.ready_to_randomize()
    path = f"/subjects/{subject}"

    async def regions(*who: str, **at: str) -> tuple[object, ...]:
        shown = (await site.get(path, *who, **at)).json()["regions"]
        return shown["disease"]["progressed_on"], shown["vital"], shown["consent"], shown["follow_up"]

    in_run_in = (None, "ALIVE", "SIGNED", "TUMOUR")
    assert await regions() == in_run_in
    head = (await site.get(path)).headers["reluth-position"]
    scan_on = (REQUESTED - timedelta(days=3)).isoformat()
    await site.done(f"{path}/run-in-exits", {"reason": "PROGRESSION", "ended_on": scan_on})
    await site.done(f"{path}/withdrawals", {"scope": "FOLLOW_UP", "withdrawn_on": REQUESTED.isoformat()})
    await site.done(f"{path}/deaths", {"died_on": REQUESTED.isoformat(), "cause": "TUMOUR"})
    at_last = (scan_on, "DEAD", "WITHDRAWN", "NONE")
    assert await regions() == await regions("monitor") == at_last
    assert await regions(as_of=head) == in_run_in
    assert await regions(valid_at=(REQUESTED - timedelta(days=1)).isoformat()) == (
        scan_on,
        "ALIVE",
        "SIGNED",
        "SURVIVAL",
    )
