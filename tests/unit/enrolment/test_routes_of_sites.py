"""The API of sites: the checklist as it fills, pauses with their reason, the delegation log, the strata of a day."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.chassis.folds import Loaded
from services.enrolment.domain.site import conduct_stream

from .service import Site, enrolment
from .test_routes import S
from .world import OBSERVED, OPENED, PROTOCOL, REQUESTED, STUDY

DAY = OPENED.isoformat()
SITE = {"site": "01", "name": "Centre 01", "activated_on": DAY, "consent_versions": ["1.0"]}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with enrolment(tmp_path) as site:
        yield site


async def test_the_checklist_is_shown_as_it_fills_and_the_refusal_names_what_is_left(site: Site) -> None:
    assert (await site.get("/sites/01", "monitor")).status_code == 404
    contract = {"requirement": "CONTRACT", "met_on": DAY, "reference": "TMF-05.02-01"}
    approval = {"requirement": "ETHICS_APPROVAL", "met_on": DAY, "reference": "TMF-04.01-01", "version": "paper-2021"}
    await site.done("/sites/01/requirements", contract, "sponsor")
    await site.done("/sites/01/requirements", approval, "sponsor")
    prepared = (await site.get("/sites/01", "coordinator", "01")).json()
    assert (prepared["activated_on"], prepared["ready"]) == (None, False)
    shown = {
        point["requirement"]: (point["unmet"], point["met_on"], point["version"]) for point in prepared["checklist"]
    }
    assert shown == {
        "CONTRACT": (None, DAY, None),
        "ETHICS_APPROVAL": ("OTHER_PROTOCOL_VERSION", DAY, "paper-2021"),
        "TRAINING": ("NOT_RECORDED", None, None),
        "TEST_RANDOMIZATION": ("NOT_RECORDED", None, None),
    }
    assert prepared["checklist"][0]["reference"] == "TMF-05.02-01"
    no = await site.post("/sites", SITE, "sponsor")
    assert no.status_code == 409
    assert no.json()["type"] == "urn:reluth:problem:site-not-ready"
    assert no.json()["context"]["missing"] == [
        {"requirement": code, "why": why} for code, (why, *_) in shown.items() if why is not None
    ]
    await site.activate()
    opened = (await site.get("/sites/01", "monitor")).json()
    assert (opened["activated_on"], opened["ready"]) == (DAY, True)
    await site.api.parts.catch_up()
    (listed,) = (await site.get("/sites", "monitor")).json()["items"]
    assert listed == {name: value for name, value in opened.items() if name in listed}


async def test_a_site_in_preparation_is_not_listed(site: Site) -> None:
    met = {"requirement": "CONTRACT", "met_on": DAY, "reference": "TMF-1"}
    await site.done("/sites/02/requirements", met, "sponsor")
    await site.api.parts.catch_up()
    assert (await site.get("/sites", "monitor")).json()["items"] == []


async def test_a_pause_keeps_its_reason_and_is_shown_until_the_site_is_resumed(site: Site) -> None:
    await site.activate()
    subject = await site.screen()
    await site.done("/sites/01/pause", {"reason": "The camera is out of order"}, "sponsor")
    no = await site.post("/subjects", {"site": "01", "sex": "F", "birth_month": "1956-04", "screened_on": "2022-06-28"})
    assert (no.status_code, no.json()["type"]) == (409, "urn:reluth:problem:site-paused")
    await site.api.parts.catch_up()
    (listed,) = (await site.get("/sites", "monitor")).json()["items"]
    one = (await site.get("/sites/01", "monitor")).json()
    assert listed["paused_on"] == one["paused_on"] == REQUESTED.isoformat()
    await site.done("/sites/01/resumption", {"reason": "It is repaired"}, "sponsor")
    await site.api.parts.catch_up()
    (listed,) = (await site.get("/sites", "monitor")).json()["items"]
    assert (listed["paused_on"], (await site.get("/sites/01", "monitor")).json()["paused_on"]) == (None, None)
    history = await site.api.parts.facts.history(conduct_stream(STUDY, "01"))
    assert [envelope.reason for envelope in history[-2:]] == ["The camera is out of order", "It is repaired"]
    assert [envelope.occurred_on for envelope in history[-2:]] == [REQUESTED, REQUESTED]
    assert (await site.get(f"/subjects/{subject}", "monitor")).status_code == 200


async def test_the_delegation_log_keeps_what_is_over(site: Site) -> None:
    assert (await site.get("/sites/01/delegations", "monitor")).status_code == 404
    await site.activate()
    first = await site.delegate()
    ended = (REQUESTED - timedelta(days=1)).isoformat()
    await site.done(f"/sites/01/delegations/{first}/end", {"ended_on": ended}, "investigator", "01")
    again = {"person": "randomizer-01", "duty": "RANDOMIZE", "from_on": ended, "until_on": "2022-12-31"}
    await site.done("/sites/01/delegations", again, "investigator", "01")
    answer = await site.get("/sites/01/delegations", "inspector")
    one, two = answer.json()["delegations"]
    assert (one["delegation"], one["ended_on"], one["in_force"]) == (str(first), ended, False)
    assert (two["person"], two["until_on"], two["ended_on"], two["in_force"]) == (
        "randomizer-01",
        "2022-12-31",
        None,
        True,
    )
    assert answer.headers["ETag"].startswith('"7-'), "who is in force changes with the day: the version is not all"
    before = (await site.get("/sites/01/delegations", "inspector", as_of=6)).json()["delegations"]
    assert [(held["delegation"], held["ended_on"]) for held in before] == [(str(first), None)]


async def test_an_end_without_a_day_takes_effect_today(site: Site) -> None:
    subject = await site.ready_to_randomize()
    (held,) = (await site.get("/sites/01/delegations", "monitor")).json()["delegations"]
    await site.done(f"/sites/01/delegations/{held['delegation']}/end", {}, "investigator", "01")
    no = await site.post(f"/subjects/{subject}/randomization-authorizations", {}, "randomizer", "01")
    assert no.status_code == 409
    context = no.json()["context"]
    assert context["reasons"] == ["NOT_DELEGATED"]
    assert context["remedies"] == {
        "NOT_DELEGATED": "Have the investigator of the site delegate randomizing to the account that asks."
    }


@pytest.mark.parametrize("person", ["somebody@hospital.test", "Jane Doe", "", "-", "a" * 201, "é"])
async def test_a_delegation_names_an_account_and_no_person(site: Site, person: str) -> None:
    await site.activate()
    body = {"person": person, "duty": "RANDOMIZE", "from_on": DAY}
    no = await site.post("/sites/01/delegations", body, "investigator", "01")
    assert no.status_code == 422
    assert no.json()["errors"][0]["pointer"] == "/person"


async def test_what_stands_in_the_way_is_told_with_what_would_change_it(site: Site) -> None:
    await site.activate()
    await site.screen()
    told = (await site.get(f"{S}/eligibility", "monitor", gate="randomization")).json()
    assert "NOT_DELEGATED" not in told["reasons"]  # nobody asks to randomize
    assert list(told["remedies"]) == told["reasons"]
    assert told["remedies"]["NO_CONSENT"] == "Record the signed consent."


async def test_the_strata_of_a_day_are_told_with_their_sources_and_nothing_is_recorded(site: Site) -> None:
    subject = await site.ready_to_randomize()
    head = await site.api.parts.log.head()
    path = f"/subjects/{subject}/strata"
    told = await site.get(path, "monitor", on=REQUESTED.isoformat())
    body = told.json()
    assert [level["level"] for level in body["strata"]] == ["GE18", "RADIOLOGIC", "GE60", "NO"]
    assert (body["on"], body["protocol_sha256"]) == (REQUESTED.isoformat(), PROTOCOL.sha256)
    assert all(found["observed_on"] for level in body["strata"] for found in level["inputs"])
    assert (await site.get(path, "monitor")).json() == body, "today, if no day is given"
    unknown = await site.get(path, "monitor", on=(OBSERVED - timedelta(days=1)).isoformat())
    assert (unknown.status_code, unknown.json()["type"]) == (409, "urn:reluth:problem:strata-unknown")
    assert {gap["field"] for gap in unknown.json()["context"]["missing"]["F3"]} == {"creatinine"}
    for bad in ("2022-13-01", "20220628", "", "yesterday"):
        assert (await site.get(path, "monitor", on=bad)).status_code == 422
    assert (await site.get(path, "monitor", on="2199-01-01")).json()["type"].endswith("date-in-the-future")
    whole: Loaded[int] = await site.api.parts.facts.load(f"subject-{STUDY}-{subject}", 0, lambda n, _: n + 1)
    own = await site.get(path, "investigator", "01", on=REQUESTED.isoformat())
    assert own.headers["ETag"].startswith(f'"{whole.version}-')
    assert not told.headers["ETag"].startswith(f'"{whole.version}-'), (
        "the version would count what a monitor is not told"
    )
    assert await site.api.parts.log.head() == head


async def test_a_reason_that_names_somebody_is_not_of_the_documented_form(site: Site) -> None:
    await site.activate()
    body = {"reason": "Mme Kerbrat is away", "paused_on": REQUESTED.isoformat()}
    refused = await site.post("/sites/01/pause", body, "sponsor")
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert fault["pointer"] == "/reason"
    assert "NAME at 4 to 11" in fault["detail"]
    assert "Kerbrat" not in refused.text
