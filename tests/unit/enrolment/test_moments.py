"""Reads of enrolment: each takes both axes of the past, has a tag, and answers 304 to whoever holds it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from contracts.events.course import SubjectErased
from contracts.events.envelope import Provenance
from contracts.vocabulary.response import Response
from services.chassis.facts import Unit
from services.chassis.http.moment import Moment
from services.chassis.projections.past import Past
from services.enrolment.domain.state import Subject
from services.enrolment.handlers import past

from .service import Site, enrolment
from .world import C1, CONSENTED, INCLUDED, OBSERVED, OPENED, SCREENED, scan

NO_PART_OF_THE_RECORD: Final = {
    "/studies/{study}/sites/{site}/webhooks": "who is told is a setting of the site, of which no past is kept",
    "/studies/{study}/sites/{site}/webhooks/{webhook}": "the same",
    "/studies/{study}/sites/{site}/webhooks/{webhook}/deliveries": "the last attempts, and no others",
    "/studies/{study}/sites/{site}/quarantine": "what waits there was not recorded, and is forgotten",
    "/studies/{study}/sites/{site}/quarantine/{text}": "the same",
}
ONE: Final = (
    "/sites/01",
    "/sites/01/delegations",
    "/subjects/01-001",
    "/subjects/01-001/eligibility",
    "/subjects/01-001/strata",
    "/subjects/01-001/visits",
)
LISTS: Final = ("/sites", "/subjects", "/visits")
ONE_SUBJECT: Final = tuple(path for path in ONE if path.startswith("/subjects/"))
MONITOR: Final = "monitor"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with enrolment(tmp_path) as site:
        await site.ready_to_randomize()
        await site.api.parts.catch_up()
        yield site


async def test_every_read_takes_both_axes(site: Site) -> None:
    for path, operations in site.api.app.openapi()["paths"].items():
        if "get" in operations and path.startswith("/studies") and path not in NO_PART_OF_THE_RECORD:
            names = {parameter["name"] for parameter in operations["get"]["parameters"]}
            assert {"as_of", "valid_at"} <= names, path


async def test_what_is_left_out_is_there(site: Site) -> None:
    assert set(NO_PART_OF_THE_RECORD) <= set(site.api.app.openapi()["paths"])


@pytest.mark.parametrize("path", [*ONE, *LISTS])
@pytest.mark.parametrize("query", [{}, {"as_of": "1000"}, {"valid_at": "2022-06-28"}], ids=["now", "as of", "of a day"])
async def test_whoever_holds_the_answer_gets_no_other(site: Site, path: str, query: dict[str, str]) -> None:
    first = await site.get(path, MONITOR, **query)
    assert first.status_code == 200, first.text
    tag = first.headers["ETag"]
    assert tag.startswith("W/") is (path in (*ONE_SUBJECT, *LISTS)), "a version counts what a monitor is not shown"
    assert int(first.headers["Reluth-Position"]) > 0
    headers = {**site.api.token(MONITOR), "If-None-Match": tag}
    again = await site.api.client.get(f"/studies/RELUTH{path}", headers=headers, params=query)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    await site.done("/subjects/01-001/survival-contacts", {"last_alive_on": C1.isoformat()})
    await site.done(
        "/sites/01/delegations",
        {"person": "a-2", "duty": "ENTER_DATA", "from_on": OPENED.isoformat()},
        "investigator",
        "01",
    )
    await site.api.parts.catch_up()
    changed = await site.api.client.get(f"/studies/RELUTH{path}", headers=headers, params=query)
    assert changed.status_code == 200
    assert (await site.get(path, MONITOR, **query)).headers["ETag"] != tag


async def test_the_tag_of_what_depends_on_the_day_changes_with_it(site: Site) -> None:
    until = (site.api.parts.now.date()).isoformat()
    duty = {"person": "a-9", "duty": "OBTAIN_CONSENT", "from_on": OPENED.isoformat(), "until_on": until}
    await site.done("/sites/01/delegations", duty, "investigator", "01")
    today = await site.get("/sites/01/delegations", MONITOR)
    site.api.parts.now += timedelta(days=1)
    tomorrow = await site.get("/sites/01/delegations", MONITOR)
    assert [one["in_force"] for one in today.json()["delegations"]] == [True, True]
    assert [one["in_force"] for one in tomorrow.json()["delegations"]] == [True, False]
    assert today.headers["ETag"] != tomorrow.headers["ETag"]


async def test_a_tag_that_was_read_is_a_condition_of_a_command(site: Site) -> None:
    tag = (await site.get("/sites/01/delegations", MONITOR)).headers["ETag"]
    body = {"person": "a-3", "duty": "ENTER_DATA", "from_on": OPENED.isoformat()}
    assert (await site.post("/sites/01/delegations", body, "investigator", "01", If_Match=tag)).status_code == 201
    body = {**body, "person": "a-4"}
    assert (await site.post("/sites/01/delegations", body, "investigator", "01", If_Match=tag)).status_code == 412


async def _everything(site: Site, **query: Any) -> dict[str, Any]:
    return {path: (await site.get(path, MONITOR, **query)).json() for path in (*ONE[2:3], *LISTS)}


async def test_the_past_is_not_moved_by_what_is_recorded_later(site: Site) -> None:
    head = (await site.api.parts.log.head()).position
    now = await _everything(site)
    assert await _everything(site, as_of=head) == now
    await site.screen()
    await site.done("/subjects/01-001/deaths", {"died_on": "2022-06-28", "cause": "TUMOUR"})
    await site.api.parts.catch_up()
    assert await _everything(site, as_of=head) == now
    assert await _everything(site) != now


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (SCREENED - timedelta(days=1), (None, None, 0)),
        (SCREENED, (SCREENED, None, 0)),
        (CONSENTED, (SCREENED, None, 0)),
        (INCLUDED - timedelta(days=1), (SCREENED, None, 0)),
        (INCLUDED, (SCREENED, INCLUDED, 0)),
        (C1, (SCREENED, INCLUDED, 1)),
    ],
)
async def test_a_subject_of_a_day(site: Site, day: Any, shown: tuple[Any, Any, int]) -> None:
    one = await site.get("/subjects/01-001", MONITOR, valid_at=day.isoformat())
    listed = (await site.get("/subjects", MONITOR, valid_at=day.isoformat())).json()["items"]
    screened, included, cycles = shown
    if screened is None:
        assert (one.status_code, listed) == (404, [])
        return
    view, (line,) = one.json(), listed
    expected = (screened.isoformat(), included.isoformat() if included else None)
    assert (view["screened_on"], view["included_on"], len(view["cycles"])) == (*expected, cycles)
    assert (line["screened_on"], line["included_on"], line["cycles"]) == (*expected, cycles)
    assert line["participation"] == view["participation"]


async def test_a_gate_of_a_day_is_decided_on_that_day(site: Site) -> None:
    before = (
        await site.get("/subjects/01-001/eligibility", valid_at=(OBSERVED - timedelta(days=1)).isoformat())
    ).json()
    after = (await site.get("/subjects/01-001/eligibility", valid_at=INCLUDED.isoformat())).json()
    assert (before["at"], before["verdict"]) == ((OBSERVED - timedelta(days=1)).isoformat(), "PENDING")
    assert (after["at"], after["verdict"]) == (INCLUDED.isoformat(), "ELIGIBLE")


async def test_a_scan_of_a_later_day_was_not_there_yet(site: Site) -> None:
    site.assessments.answer = scan(Response.SD)
    path = "/subjects/01-001/eligibility"
    late = (await site.get(path, gate="randomization", valid_at=scan().scan_on.isoformat())).json()
    early = (await site.get(path, gate="randomization", valid_at=(scan().scan_on - timedelta(1)).isoformat())).json()
    assert "NO_POST_C2" not in late["reasons"]
    assert "NO_POST_C2" in early["reasons"]


async def test_a_moment_with_a_filter_is_a_list_of_its_own(site: Site) -> None:
    await site.screen()
    await site.activate("02")
    await site.screen("02")
    first = (await site.get("/subjects", MONITOR, as_of=1000, limit=2)).json()
    assert [row["subject"] for row in first["items"]] == ["01-001", "01-002"]
    rest = await site.get("/subjects", MONITOR, as_of=1000, limit=2, cursor=first["next"])
    assert [row["subject"] for row in rest.json()["items"]] == ["02-001"]
    other = await site.get("/subjects", MONITOR, as_of=999, limit=2, cursor=first["next"])
    assert other.status_code == 400
    own = (await site.get("/subjects", "coordinator", "02", as_of=1000)).json()["items"]
    assert [row["site"] for row in own] == ["02"]
    named = (await site.get("/subjects", MONITOR, as_of=1000, participation="SCREENED")).json()["items"]
    assert [row["subject"] for row in named] == ["01-002", "02-001"]


async def test_a_list_of_the_past_is_refused_rather_than_cut(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    served = site.api.context
    bounded = Past(served.context.facts.log, served.context.facts.envelope, events=3)
    monkeypatch.setattr(type(served), "past", bounded)
    refused = await site.get("/subjects", MONITOR, as_of=1)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:reluth:problem:past-too-long")
    bounded.events, bounded.seconds = 10**6, -1.0
    slow = await site.get("/subjects", MONITOR, as_of=1)
    assert (slow.status_code, slow.json()["type"]) == (503, "urn:reluth:problem:past-too-slow")
    assert int(slow.headers["Retry-After"]) > 0
    assert (await site.get("/subjects/01-001", MONITOR, as_of=1000)).status_code == 200


async def test_who_was_erased_is_erased_in_every_past(site: Site) -> None:
    ctx, stream = site.api.context.context, "subject-RELUTH-01-001"
    head = (await site.api.parts.log.head()).position

    async def erase(unit: Unit) -> None:
        await unit.load(stream, None, lambda state, _: state)
        unit.append(stream, [SubjectErased(study="RELUTH", subject="01-001", erased_on=C1)])

    before = await past.subject_at(ctx, "RELUTH", "01-001", Moment(head))
    assert before.state.erased_on is None
    await ctx.facts.append_unasked(Provenance("acc-1"), erase)
    for moment in (Moment(head), Moment(None, SCREENED), Moment(head, SCREENED)):
        found = await past.subject_at(ctx, "RELUTH", "01-001", moment)
        assert found.state.erased_on == C1
        assert found.version > before.version, "so that no tag of before is answered with 304"
    assert (await past.subject_at(ctx, "RELUTH", "01-001", Moment(1))).state == Subject(), "and was not there before"
