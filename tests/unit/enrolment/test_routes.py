"""Enrolment's API: who may do what where, what a bad body is told, what is answered and found again."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from contracts.vocabulary.month import add_months
from contracts.vocabulary.response import Response
from contracts.vocabulary.roles import SITE_ROLES, Role

from .service import FINDINGS, Site, enrolment
from .world import C1, CONSENTED, INCLUDED, OBSERVED, REQUESTED, SCREENED, scan

S = "/subjects/01-001"
WEBHOOK = "01800000-0000-7000-8000-00000000be11"
TEXT = "01800000-0000-7000-8000-0000000000ce"
DELEGATION = "01800000-0000-7000-8000-00000000de1e"
OVERSIGHT = {Role.SPONSOR, Role.MONITOR, Role.PV, Role.INSPECTOR, Role.STATISTICIAN}
ENTRY = {Role.INVESTIGATOR, Role.COORDINATOR}

# What: method, path, body, roles anywhere, roles at the subject's own site alone.
TABLE: dict[str, tuple[str, str, object, set[Role], set[Role]]] = {
    "activate": ("POST", "/sites", {"site": "09"}, {Role.SPONSOR}, set()),
    "screen": ("POST", "/subjects", {"site": "01"}, set(), ENTRY),
    "consent": ("POST", f"{S}/consents", {}, set(), ENTRY),
    "findings": ("POST", f"{S}/findings", {}, set(), ENTRY),
    "include": ("POST", f"{S}/inclusion", {"no": 1}, set(), {Role.INVESTIGATOR}),
    "cycle": ("POST", f"{S}/cycles", {}, set(), {Role.INVESTIGATOR, Role.PHARMACIST}),
    "delay": ("POST", f"{S}/cycle-delays", {}, set(), {Role.INVESTIGATOR}),
    "omission": ("POST", f"{S}/cycle-omissions", {}, set(), {Role.INVESTIGATOR}),
    "surveillance": ("POST", f"{S}/surveillance", {}, set(), {Role.INVESTIGATOR}),
    "discontinuation": ("POST", f"{S}/treatment-discontinuations", {}, set(), {Role.INVESTIGATOR}),
    "cycles": ("GET", f"{S}/cycles", None, {Role.STATISTICIAN, Role.SAFETY_BOARD}, set(SITE_ROLES)),
    "exit": ("POST", f"{S}/run-in-exits", {}, set(), {Role.INVESTIGATOR}),
    "death": ("POST", f"{S}/deaths", {}, set(), {Role.INVESTIGATOR}),
    "withdrawal": ("POST", f"{S}/withdrawals", {}, set(), {Role.INVESTIGATOR}),
    "loss": ("POST", f"{S}/losses", {}, set(), {Role.INVESTIGATOR}),
    "recontact": ("POST", f"{S}/recontacts", {}, set(), {Role.INVESTIGATOR}),
    "end of study": ("POST", f"{S}/end-of-study", {"no": 1}, {Role.SPONSOR}, set()),
    "correction": ("POST", f"{S}/corrections", {}, set(), {Role.INVESTIGATOR}),
    "contact": ("POST", f"{S}/survival-contacts", {}, set(), ENTRY),
    "therapy": ("POST", f"{S}/new-therapies", {}, set(), ENTRY),
    "authorize": ("POST", f"{S}/randomization-authorizations", {}, set(), {Role.RANDOMIZER}),
    "requirement": ("POST", "/sites/01/requirements", {}, {Role.SPONSOR}, set()),
    "pause": ("POST", "/sites/01/pause", {}, {Role.SPONSOR}, set()),
    "resumption": ("POST", "/sites/01/resumption", {}, {Role.SPONSOR}, set()),
    "delegate": ("POST", "/sites/01/delegations", {}, set(), {Role.INVESTIGATOR}),
    "end": ("POST", f"/sites/01/delegations/{DELEGATION}/end", {"no": 1}, set(), {Role.INVESTIGATOR}),
    "delegations": (
        "GET",
        "/sites/01/delegations",
        None,
        {Role.SPONSOR, Role.MONITOR, Role.INSPECTOR},
        set(SITE_ROLES),
    ),
    "amendment": ("POST", "/sites/01/amendments", {}, {Role.SPONSOR}, set()),
    "consent version": ("POST", "/sites/01/consent-versions", {}, {Role.SPONSOR}, set()),
    "reconsents": ("GET", "/sites/01/reconsents", None, OVERSIGHT, set(SITE_ROLES)),
    "webhook": ("POST", "/sites/01/webhooks", {}, set(), ENTRY),
    "webhooks": ("GET", "/sites/01/webhooks", None, set(), ENTRY),
    "one webhook": ("GET", f"/sites/01/webhooks/{WEBHOOK}", None, set(), ENTRY),
    "no webhook": ("DELETE", f"/sites/01/webhooks/{WEBHOOK}", None, set(), ENTRY),
    "deliveries": ("GET", f"/sites/01/webhooks/{WEBHOOK}/deliveries", None, set(), ENTRY),
    "replay": ("POST", f"/sites/01/webhooks/{WEBHOOK}/replay", {}, set(), ENTRY),
    "quarantine": ("GET", "/sites/01/quarantine", None, set(), ENTRY),
    "held text": ("GET", f"/sites/01/quarantine/{TEXT}", None, set(), {Role.INVESTIGATOR}),
    "release": ("POST", f"/sites/01/quarantine/{TEXT}/release", {}, set(), {Role.INVESTIGATOR}),
    "discard": ("DELETE", f"/sites/01/quarantine/{TEXT}", None, set(), {Role.INVESTIGATOR}),
    "sites": ("GET", "/sites", None, OVERSIGHT | set(SITE_ROLES) | {Role.OPS}, set()),
    "site": ("GET", "/sites/01", None, OVERSIGHT | set(SITE_ROLES) | {Role.OPS}, set()),
    "subject": ("GET", S, None, OVERSIGHT, set(SITE_ROLES)),
    "eligibility": ("GET", f"{S}/eligibility", None, OVERSIGHT, set(SITE_ROLES)),
    "override": ("POST", f"{S}/eligibility-overrides", {}, {Role.SPONSOR}, set()),
    "non-inclusion": ("POST", f"{S}/non-inclusion", {}, set(), {Role.INVESTIGATOR}),
    "strata": ("GET", f"{S}/strata", None, {Role.SPONSOR, Role.MONITOR}, set(SITE_ROLES)),
    "visits of one": ("GET", f"{S}/visits", None, OVERSIGHT, set(SITE_ROLES)),
    "calendar": ("GET", f"{S}/visits.ics", None, OVERSIGHT, set(SITE_ROLES)),
    "visit": ("POST", f"{S}/visits", {}, set(), ENTRY),
    "deviation": ("POST", f"{S}/deviations", {}, {Role.MONITOR}, {Role.INVESTIGATOR}),
    "deviations of one": ("GET", f"{S}/deviations", None, OVERSIGHT | {Role.SAFETY_BOARD}, set(SITE_ROLES)),
}
LISTS = ("/subjects", "/visits")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with enrolment(tmp_path) as site:
        yield site


@pytest.fixture
async def screened(site: Site) -> Site:
    await site.activate()
    await site.screen()
    return site


@pytest.mark.parametrize("what", TABLE)
async def test_every_endpoint_for_every_role_at_the_own_site_another_and_none(screened: Site, what: str) -> None:
    method, path, body, anywhere, own_site = TABLE[what]
    for role, sites in product(Role, (("01",), ("02",), ())):
        permitted = role in anywhere or (role in own_site and sites == ("01",))
        if method == "GET":
            answer = await screened.get(path, role.value, *sites)
        elif method == "DELETE":
            token = screened.api.token(role.value, *sites)
            answer = await screened.api.client.delete(f"/studies/RELUTH{path}", headers=token)
        else:
            answer = await screened.post(path, body, role.value, *sites)
        # Whoever is let in meets the body's own errors, or the state's.
        assert (answer.status_code != 403) is permitted, (role, sites, answer.text)
        assert answer.status_code < 500


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_shows_site_roles_their_own_sites_alone(site: Site, path: str) -> None:
    for number in ("01", "02"):
        await site.activate(number)
        await site.include(await site.screen(number))
    await site.api.parts.catch_up()
    for role in Role:
        seen: dict[tuple[str, ...], object] = {}
        for sites in (("01",), ("01", "02"), ("03",), ()):
            answer = await site.get(path, role.value, *sites)
            rows = answer.json().get("items")
            seen[sites] = [row["site"] for row in rows] if answer.status_code == 200 else answer.status_code
        if role in OVERSIGHT:
            assert list(seen.values()) == [["01", "02"]] * 4, role
        elif role in SITE_ROLES:
            assert seen == {("01",): ["01"], ("01", "02"): ["01", "02"], ("03",): [], (): 403}, role
            assert (await site.get(path, role.value, "01", site="02")).status_code == 403
        else:
            assert list(seen.values()) == [403] * 4, role


async def test_the_tables_name_every_route(site: Site) -> None:
    document = site.api.app.openapi()
    routes = {
        (method.upper(), path.removeprefix("/studies/{study}"))
        for path, methods in document["paths"].items()
        if path.startswith("/studies")
        for method in methods
    }
    templates = {
        "01-001": "{subject}",
        "/sites/01": "/sites/{site}",
        DELEGATION: "{delegation}",
        WEBHOOK: "{webhook}",
        TEXT: "{text}",
    }
    named = set()
    for method, path, *_ in TABLE.values():
        for text, name in templates.items():
            path = path.replace(text, name)
        named.add((method, path))
    assert named | {("GET", path) for path in (*LISTS, "/deviations")} == routes  # its own scope: test_visits.py


async def test_nobody_comes_in_without_a_token(site: Site) -> None:
    for method, path, body, _, _ in TABLE.values():
        answer = await site.api.client.request(method, f"/studies/RELUTH{path}", json=body)
        assert answer.status_code == 401


async def test_one_subject_from_screening_to_authorization(site: Site) -> None:
    subject = await site.ready_to_randomize()
    made = await site.post(f"{S}/randomization-authorizations", {}, "randomizer", "01")
    assert made.status_code == 201
    (recorded,) = made.json()["recorded"]
    assert recorded["type"] == "enrolment.randomization-authorized"
    assert [level["level"] for level in recorded["fact"]["strata"]] == ["GE18", "RADIOLOGIC", "GE60", "NO"]
    read = await site.get(f"/subjects/{subject}", "monitor")
    assert read.headers["ETag"].startswith("W/"), "a version counts what a monitor is not shown"
    assert read.headers["Reluth-Position"] == made.headers["Reluth-Position"]
    at_site = await site.get(f"/subjects/{subject}", "randomizer", "01")
    assert at_site.headers["ETag"] == made.headers["ETag"]
    view = read.json()
    assert (view["participation"], view["authorizations"]) == ("ELIGIBLE_FOR_RANDOMIZATION", [recorded["event_id"]])
    assert [cycle["administered_mbq"] for cycle in view["cycles"]] == ["7390.5", "7390.5"]
    # Without a prescription of its own a cycle has that of the protocol.
    assert [cycle["prescribed_mbq"] for cycle in view["cycles"]] == ["7400", "7400"]
    assert len(view["findings"]) == len(FINDINGS)


async def test_the_answer_to_a_command_needs_no_second_look(screened: Site) -> None:
    body = {"version": "1.0", "signed_on": CONSENTED.isoformat()}
    made = await screened.post(f"{S}/consents", body)
    assert made.status_code == 201
    (recorded,) = made.json()["recorded"]
    assert recorded["fact"] == {"study": "RELUTH", "subject": "01-001", "copy_given": None, **body}
    assert (made.headers["ETag"], made.headers["Reluth-Position"]) == ('"2"', "8")


async def test_a_repeated_command_gets_the_same_bytes_and_another_body_is_refused(screened: Site) -> None:
    body = {"version": "1.0", "signed_on": CONSENTED.isoformat()}
    answers = await asyncio.gather(*(screened.post(f"{S}/consents", body, key="one") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    other = await screened.post(f"{S}/consents", {**body, "version": "9"}, key="one")
    assert other.json()["type"] == "urn:reluth:problem:idempotency-key-reused"


async def test_a_command_on_a_state_that_has_moved_is_refused(screened: Site) -> None:
    body = {"version": "1.0", "signed_on": CONSENTED.isoformat()}
    stale = await screened.post(f"{S}/consents", body, If_Match='"0"')
    assert stale.status_code == 412
    either = await screened.post(f"{S}/consents", body, If_Match='"0", "1"')
    assert either.status_code == 412
    assert (await screened.post(f"{S}/consents", body, If_Match='"1"')).status_code == 201


async def test_every_wrong_finding_is_named_and_nothing_is_recorded(screened: Site) -> None:
    await screened.done(f"{S}/consents", {"version": "1.0", "signed_on": CONSENTED.isoformat()})
    before = await screened.api.parts.types()
    wrong = [
        {"field": "platelets", "value": "210", "unit": "furlong", "observed_on": "2022-02-15"},
        FINDINGS[0],
        {"field": "ecog", "value": 9, "observed_on": "2022-02-15"},
        {"field": "reimbursed", "value": True, "observed_on": "2999-01-01"},
    ]
    answer = await screened.post(f"{S}/findings", {"findings": wrong})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "urn:reluth:problem:findings-not-accepted"
    assert [error["pointer"] for error in problem["context"]["errors"]] == [
        "/findings/0/unit",
        "/findings/2/value",
        "/findings/3/observed_on",
    ]
    assert await screened.api.parts.types() == before


@pytest.mark.parametrize("value", ["8.000000000000000001", 1e308, "80", [], {}, None, "8,1", "1e1"])
async def test_a_number_that_no_laboratory_reports_is_refused(screened: Site, value: object) -> None:
    await screened.done(f"{S}/consents", {"version": "1.0", "signed_on": CONSENTED.isoformat()})
    finding = {"field": "haemoglobin", "value": value, "unit": "g/dL", "observed_on": "2022-02-15"}
    answer = await screened.post(f"{S}/findings", {"findings": [finding]})
    assert answer.status_code == 422


@pytest.mark.parametrize("value", ["7.95", 7.95])
async def test_a_number_is_taken_as_it_was_written(screened: Site, value: object) -> None:
    await screened.done(f"{S}/consents", {"version": "1.0", "signed_on": CONSENTED.isoformat()})
    finding = {"field": "haemoglobin", "value": value, "unit": "g/dL", "observed_on": "2022-02-15"}
    made = await screened.done(f"{S}/findings", {"findings": [finding]})
    assert made["recorded"][0]["fact"]["findings"][0]["value"] == "7.95"


async def test_a_fraction_never_passes_through_binary(screened: Site) -> None:
    await screened.done(f"{S}/consents", {"version": "1.0", "signed_on": CONSENTED.isoformat()})
    raw = (
        '{"findings":[{"field":"platelets","value":79.99999999999999999999,"unit":"10*9/L",'
        '"observed_on":"2022-02-15"}]}'
    )
    answer = await screened.post(f"{S}/findings", raw)
    assert answer.status_code == 422
    assert answer.json()["context"]["errors"][0]["pointer"] == "/findings/0/value"


BODIES: dict[str, dict[str, Any]] = {
    "/subjects": {"site": "01", "sex": "F", "birth_month": "1956-04", "screened_on": SCREENED.isoformat()},
    f"{S}/consents": {"version": "1.0", "signed_on": CONSENTED.isoformat()},
    f"{S}/findings": {"findings": FINDINGS[:1]},
    f"{S}/inclusion": {"included_on": INCLUDED.isoformat()},
    f"{S}/cycles": {"cycle": 1, "given_on": C1.isoformat(), "administered_mbq": "7400"},
    f"{S}/run-in-exits": {"reason": "TOXICITY", "ended_on": C1.isoformat()},
    f"{S}/deaths": {"died_on": C1.isoformat(), "cause": "TUMOUR"},
    f"{S}/new-therapies": {"started_on": C1.isoformat(), "therapy": "EVEROLIMUS"},
    f"{S}/survival-contacts": {"last_alive_on": C1.isoformat()},
}
SPOILS: list[object] = [None, 0, -1, 1e300, "", "x" * 5000, "\u0000", [], {}, True, "2022-13-45", 20220215]


@pytest.mark.parametrize("path", BODIES)
async def test_a_bad_body_is_named_and_nothing_is_recorded(screened: Site, path: str) -> None:
    before = await screened.api.parts.types()
    for field, spoil in product(BODIES[path], SPOILS):
        if field in ("included_on",) and spoil is None:
            continue
        answer = await screened.post(path, {**BODIES[path], field: spoil})
        assert 400 <= answer.status_code < 500, (field, spoil, answer.text)
        if answer.status_code == 422 and "errors" in answer.json():
            assert answer.json()["errors"][0]["pointer"].startswith(f"/{field}")
    extra = await screened.post(path, {**BODIES[path], "remark": "Mrs Dupont"})
    assert extra.status_code == 422
    assert "Dupont" not in extra.text
    assert await screened.api.parts.types() == before


async def test_a_death_is_not_recorded_as_an_exit(site: Site) -> None:
    await site.ready_to_randomize()
    answer = await site.post(f"{S}/run-in-exits", {"reason": "DEATH", "ended_on": REQUESTED.isoformat()})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/reason"


async def test_a_refused_inclusion_says_what_is_missing(screened: Site) -> None:
    await screened.done(f"{S}/consents", {"version": "1.0", "signed_on": CONSENTED.isoformat()})
    some = [finding for finding in FINDINGS if finding["field"] != "platelets"]
    await screened.done(f"{S}/findings", {"findings": some})
    answer = await screened.post(f"{S}/inclusion", {"included_on": INCLUDED.isoformat()})
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "urn:reluth:problem:not-eligible"
    (row,) = problem["context"]["rows"]
    assert (row["criterion"], row["missing"]) == ("I15", [{"field": "platelets", "why": "NOT_RECORDED"}])
    assert problem["remedy"]


async def test_a_refused_authorization_names_its_reasons(site: Site) -> None:
    await site.ready_to_randomize()
    site.assessments.answer = scan(Response.PD)
    answer = await site.post(f"{S}/randomization-authorizations", {}, "randomizer", "01")
    assert answer.status_code == 409
    assert answer.json()["context"]["reasons"] == ["PD"]


async def test_the_eligibility_page_explains_in_the_words_of_the_protocol(screened: Site) -> None:
    before = await screened.api.parts.types()
    view = (await screened.get(f"{S}/eligibility", gate="inclusion")).json()
    assert view["verdict"] == "NOT_ELIGIBLE"  # nobody has consented
    platelets = next(row for row in view["rows"] if row["criterion"] == "I15")
    assert platelets["text"] == "Platelets at least 80 000 /mm3"
    assert platelets["missing"] == [{"field": "platelets", "why": "NOT_RECORDED"}]
    second = (await screened.get(f"{S}/eligibility", gate="randomization")).json()
    assert second["decided_elsewhere"] == ["R06", "R07", "R09"]
    assert "NOT_INCLUDED" in second["reasons"]
    assert (await screened.get(f"{S}/eligibility", gate="other")).status_code == 422
    assert await screened.api.parts.types() == before


async def test_a_subject_is_read_as_it_was(site: Site) -> None:
    subject = await site.ready_to_randomize()
    states = [
        (await site.get(f"/subjects/{subject}", "monitor", as_of=position)).json().get("participation")
        for position in (1, 8, 9, 10, 13, 15, 17)
    ]
    assert states == [None, "SCREENED", "CONSENTED", "CONSENTED", "INCLUDED", "RUN_IN", "RUN_IN"]


async def test_what_is_not_there_is_said_so(screened: Site) -> None:
    missing = {
        f"{S[:-1]}9": "unknown-subject",
        "/sites/44": "unknown-site",
        f"{S[:-1]}9/visits": "unknown-subject",
        f"{S[:-1]}9/eligibility": "unknown-subject",
    }
    for path, code in missing.items():
        answer = await screened.get(path, "monitor")
        assert (answer.status_code, answer.json()["type"]) == (404, f"urn:reluth:problem:{code}")
    headers = screened.api.token("monitor")
    for path in ("/sites", "/subjects", "/visits", "/sites/01", S, f"{S}/visits", f"{S}/eligibility"):
        answer = await screened.api.client.get(f"/studies/OTHER{path}", headers=headers)
        assert answer.json()["type"] == "urn:reluth:problem:unknown-study", path


async def test_lists_come_in_pages_and_wait_for_a_position(site: Site) -> None:
    await site.activate()
    numbers = [await site.screen() for _ in range(5)]
    await site.api.parts.catch_up()
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = (await site.get("/subjects", "monitor", limit=2, consistency=15, **cursor)).json()
        seen += [item["subject"] for item in page["items"]]
        assert len(seen) <= len(numbers)  # or it would go round for ever
        if not page.get("next"):
            break
        cursor = {"cursor": page["next"]}
    assert seen == numbers
    whole = (await site.get("/subjects", "monitor", limit=5)).json()
    assert (len(whole["items"]), whole.get("next")) == (5, None)
    sites = (await site.get("/sites", "ops")).json()
    assert sites.get("next") is None
    one = await site.get("/sites/01", "ops")
    detail = {"checklist", "ready", "protocol_version", "protocol_versions", "consents"}
    assert sites["items"] == [{k: v for k, v in one.json().items() if k not in detail}]
    assert (one.json()["screened"], one.headers["ETag"].partition("-")[0]) == (5, '"4')


async def test_subjects_are_found_by_how_far_they_came(site: Site) -> None:
    await site.activate()
    first, _ = await site.screen(), await site.screen()
    await site.include(first)
    await site.api.parts.catch_up()
    found = (await site.get("/subjects", "monitor", participation="INCLUDED")).json()["items"]
    assert [item["subject"] for item in found] == [first]


async def test_visits_follow_their_anchors(site: Site) -> None:
    subject = await site.ready_to_randomize()
    visits = (await site.get(f"/subjects/{subject}/visits")).json()["visits"]
    assert [(visit["visit"], visit["target_on"]) for visit in visits] == [
        ("V1", INCLUDED.isoformat()),
        ("L1", (C1 + timedelta(days=35)).isoformat()),
        ("V2", (C1 + timedelta(days=56)).isoformat()),
        ("L2", (C1 + timedelta(days=56 + 35)).isoformat()),
        ("V3", (C1 + timedelta(days=56 + 49)).isoformat()),
        ("EOS", add_months(INCLUDED, 60).isoformat()),
    ]
    await site.api.parts.catch_up()
    page = (await site.get("/visits", "monitor")).json()
    (listed,) = page["items"]
    assert page.get("next") is None
    assert listed == (await site.get(f"/subjects/{subject}/visits")).json()


async def test_one_answer_alone_names_the_arm(site: Site) -> None:
    await site.ready_to_randomize()
    schemas = site.api.app.openapi()["components"]["schemas"]
    assert [name for name, schema in schemas.items() if "arm" in schema.get("properties", {})] == ["CyclesView"]
    document = json.dumps({name: schema for name, schema in schemas.items() if name != "CyclesView"})
    for word in ('"arm"', "ArmAllocated"):
        assert word not in document


async def test_a_finding_of_the_day_is_corrected_by_a_later_one(site: Site) -> None:
    await site.activate()
    subject = await site.screen()
    consent = {"version": "1.0", "signed_on": CONSENTED.isoformat()}
    await site.done(f"/subjects/{subject}/consents", consent)
    for value in ("79", "80"):
        finding = {"field": "platelets", "value": value, "unit": "10*9/L", "observed_on": OBSERVED.isoformat()}
        await site.done(f"/subjects/{subject}/findings", {"findings": [finding]})
    rows = (await site.get(f"/subjects/{subject}/eligibility")).json()["rows"]
    row = next(row for row in rows if row["criterion"] == "I15")
    assert row["outcome"] == "UNKNOWN"  # four months old by now
    assert row["missing"] == [{"field": "platelets", "why": "TOO_OLD"}]


@pytest.mark.parametrize(
    ("wrong", "pointer", "right"),
    [
        ({"initials": "JD"}, "/initials", "leave it out"),
        ({"name": "Kerbrat"}, "/name", "leave it out"),
        ({"birth_date": "1958-04-12"}, "/birth_date", "leave it out"),
        ({"birth_month": "1958-04-12"}, "/birth_month", "(19|20)[0-9]{2}-(0[1-9]|1[0-2])"),
    ],
)
async def test_who_somebody_is_cannot_be_sent(site: Site, wrong: dict[str, str], pointer: str, right: str) -> None:
    await site.activate()
    body = {"site": "01", "sex": "F", "birth_month": "1956-04", "screened_on": SCREENED.isoformat()}
    refused = await site.post("/subjects", {**body, **wrong}, "coordinator", "01")
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], right in fault["would_be_right"]) == (pointer, True)
    assert not [value for value in wrong.values() if f'"{value}"' in refused.text]
