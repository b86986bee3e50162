"""The API: who may do what where, grades and alerts in the answers, what a bad body is told, what stays sealed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.events.course import SubjectErased
from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.refusal import Refused
from services.chassis.sealing.port import KEY_DESTROYED
from services.safety.consumers import reactions
from services.safety.handlers import Context
from tests.unit.hearing import Api

from .world import _envelope as envelope
from .world import consented, safety, screened

SUBJECT = "/subjects/01-001"
HELD = f"/sites/01/quarantine/{UUID(int=1)}"
EVENTS, RESULTS = f"{SUBJECT}/adverse-events", f"{SUBJECT}/laboratory-results"
EVENT = {
    "term": 10028813,
    "grade": 2,
    "onset_on": "2022-03-01",
    "aware_at": "2022-03-02T09:00:00+01:00",
    "causality": "POSSIBLE",
}
FOLLOWED = EVENT | {"grade": 3, "reason": "Worse than it was"}
RESULT = {"analyte": "PLATELETS", "value": "120", "unit": "10*9/L", "lower_limit": "150", "sampled_on": "2022-03-01"}
SECRET = "Called at night, dizzy since the evening"

SITE, OVERSIGHT = set(SITE_ROLES), {Role.PV, Role.SAFETY_BOARD, Role.MONITOR, Role.INSPECTOR}
ENTRY = {Role.INVESTIGATOR, Role.COORDINATOR}
READ = OVERSIGHT | {Role.STATISTICIAN}

# Action: method, path, body, roles anywhere, roles at the subject's own site alone, roles at a site of theirs.
TABLE: dict[str, tuple[str, str, Any, set[Role], set[Role], set[Role]]] = {
    "report": ("POST", EVENTS, EVENT, {Role.PV}, ENTRY, set()),
    "list events": ("GET", EVENTS, None, READ, SITE, set()),
    "read an event": ("GET", EVENTS + "/{event}", None, READ, SITE, set()),
    "follow up": ("POST", EVENTS + "/{event}/follow-ups", FOLLOWED, {Role.PV}, ENTRY, set()),
    "read its versions": ("GET", EVENTS + "/{event}/versions", None, READ, SITE, set()),
    "record": ("POST", RESULTS, RESULT, set(), ENTRY, set()),
    "list results": ("GET", RESULTS, None, READ, SITE, set()),
    "read a result": ("GET", RESULTS + "/{result}", None, READ, SITE, set()),
    "alerts": ("GET", "/alerts", None, OVERSIGHT, set(), SITE),
    "quarantine": ("GET", "/sites/01/quarantine", None, set(), ENTRY, set()),
    "held text": ("GET", HELD, None, set(), {Role.INVESTIGATOR}, set()),
    "release": ("POST", f"{HELD}/release", {"reason": "EPONYM"}, set(), {Role.INVESTIGATOR}, set()),
    "discard": ("DELETE", HELD, None, set(), {Role.INVESTIGATOR}, set()),
    "terms": ("GET", "/adverse-event-terms", None, READ | SITE, set(), set()),
}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api[Context]]:
    async with safety(tmp_path) as api:
        yield api


@pytest.fixture
async def hearing(api: Api[Context]) -> Api[Context]:
    await api.parts.hear(screened(), consented(), screened("02-001"), consented("02-001"))
    return api


async def report(api: Api[Context], key: str = "e-1", role: str = "investigator", **changed: Any) -> Any:
    return await api.post(EVENTS, {**EVENT, **changed}, role, "01", key=key)


async def record(api: Api[Context], key: str = "r-1", subject: str = "01-001", **changed: Any) -> Any:
    path = f"/subjects/{subject}/laboratory-results"
    return await api.post(path, {**RESULT, **changed}, "coordinator", subject[:2], key=key)


@pytest.mark.parametrize(("role", "sites"), list(product(Role, [("01",), ("02",), ()])))
async def test_every_endpoint_for_every_role_at_the_own_site_another_and_none(
    hearing: Api[Context], role: Role, sites: tuple[str, ...]
) -> None:
    event, result = (await report(hearing)).json(), (await record(hearing)).json()
    answered, expected = {}, {}
    for what, (method, path, body, anywhere, own_site, some_site) in TABLE.items():
        path = path.format(event=event["adverse_event"], result=result["result"])
        permitted = role in anywhere or (role in own_site and sites == ("01",)) or (role in some_site and sites != ())
        done = 404 if path.startswith(HELD) else 201 if method == "POST" else 200
        expected[what] = done if permitted else 403
        if method == "POST":
            answer = await hearing.post(path, body, role.value, *sites, key="another")
        elif method == "DELETE":
            url = f"/studies/RELUTH{path}"
            answer = await hearing.client.delete(url, headers=hearing.token(role.value, *sites))
        else:
            answer = await hearing.get(path, role.value, *sites)
        answered[what] = answer.status_code
    assert answered == expected


async def test_the_table_names_every_route(api: Api[Context]) -> None:
    paths = api.app.openapi()["paths"]
    own = [(method, path) for path, methods in paths.items() if path.startswith("/studies") for method in methods]
    assert len(own) == len(TABLE)


async def test_nobody_comes_in_without_a_token(api: Api[Context]) -> None:
    for method, path, body, _, _, _ in TABLE.values():
        path = path.format(event=UUID(int=1), result=UUID(int=1))
        assert (await api.client.request(method, f"/studies/RELUTH{path}", json=body)).status_code == 401


async def test_a_result_is_answered_with_its_grade_and_found_again(hearing: Api[Context]) -> None:
    made = await record(hearing, value="74.95")
    assert made.status_code == 201
    body = made.json()
    assert (body["value"], body["grade"]["grade_min"], body["grade"]["grade_max"]) == ("74.95", 2, 2)
    assert (body["grade"]["dictionary"], body["grade"]["canonical_value"]) == ("CTCAE-5.0", "74.95")
    assert (made.headers["ETag"], made.headers["Reluth-Position"]) == ('"2"', "2")
    one = (await hearing.get(f"{RESULTS}/{body['result']}", "pv")).json()
    assert one == {**body, "position": 1, "recorded_at": one["recorded_at"]}
    assert (await hearing.get(RESULTS, "pv")).json()["items"] == [one]
    assert await hearing.parts.types() == ["safety.laboratory-result-recorded", "safety.laboratory-graded"]


@pytest.mark.parametrize(("number", "grade"), [("74.95", 2), ('"74.95"', 2), ("75", 1), ("75.0", 1), ("1.5e2", 0)])
async def test_a_number_is_taken_as_it_is_written(hearing: Api[Context], number: str, grade: int) -> None:
    body = (
        f'{{"analyte": "PLATELETS", "value": {number}, "unit": "10*9/L", "lower_limit": 150,'
        ' "sampled_on": "2022-03-01"}'
    )
    answer = await hearing.post(RESULTS, body, "coordinator", "01", key="k")
    assert answer.status_code == 201, answer.text
    assert answer.json()["grade"]["grade_max"] == grade


async def test_more_digits_than_a_laboratory_has_are_refused_and_not_rounded(hearing: Api[Context]) -> None:
    body = (
        '{"analyte": "PLATELETS", "value": 74.99999999999999999, "unit": "10*9/L", "lower_limit": 150,'
        ' "sampled_on": "2022-03-01"}'
    )
    answer = await hearing.post(RESULTS, body, "coordinator", "01", key="k")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/value"


async def test_an_unknown_unit_is_told_the_accepted_ones(hearing: Api[Context]) -> None:
    answer = await record(hearing, unit="giga/l")
    assert answer.status_code == 422
    assert answer.json()["context"]["accepted"] == ["10*9/L", "10*3/uL", "/mm3", "/uL"]
    assert await hearing.parts.types() == []


async def test_an_alert_is_raised_with_its_result_once_an_episode_and_closed(hearing: Api[Context]) -> None:
    raised = await record(hearing, "r-1", value="40")
    (alert,) = raised.json()["alerts"]
    assert raised.headers["Reluth-Position"] == "3"
    again = await record(hearing, "r-2", value="20", sampled_on="2022-03-02")
    assert again.json()["alerts"] == []
    await hearing.parts.catch_up()
    (item,) = (await hearing.get("/alerts", "pv", consistency=5)).json()["items"]
    assert item == {
        "alert": alert,
        "study": "RELUTH",
        "subject": "01-001",
        "rule": "A10",
        "rule_version": 1,
        "priority": 1,
        "term": 10035528,
        "term_name": "Platelet count decreased",
        "grade": 3,
        "evidence": raised.json()["grade"]["event_id"],
        "raised_at": "2022-06-15T10:00:00Z",
        "open": True,
        "closed_by": None,
        "position": 3,
    }
    for n, value in ((3, "90"), (4, "110")):
        last = await record(hearing, f"r-{n}", value=value, sampled_on=f"2022-03-0{n}")
    await hearing.parts.catch_up()
    (closed,) = (await hearing.get("/alerts", "pv")).json()["items"]
    assert closed == {**item, "open": False, "closed_by": last.json()["grade"]["event_id"]}
    assert (await hearing.get("/alerts", "pv", open="true")).json()["items"] == []


async def test_a_repeated_result_is_one_fact_and_one_alert(hearing: Api[Context]) -> None:
    answers = await asyncio.gather(*(record(hearing, value="40") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (await hearing.parts.types()).count("safety.alert-raised") == 1
    assert (await record(hearing, value="41")).status_code == 422


async def test_many_results_at_once_are_one_episode(hearing: Api[Context]) -> None:
    answers = await asyncio.gather(*(record(hearing, f"r-{n}", value="40") for n in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert (await hearing.parts.types()).count("safety.alert-raised") == 1
    assert sum(len(answer.json()["alerts"]) for answer in answers) == 1


async def test_alerts_are_listed_for_the_own_site_by_subject_and_in_pages(hearing: Api[Context]) -> None:
    for n, subject in enumerate(["01-001", "02-001"]):
        hearing.parts.now = hearing.parts.now.replace(minute=n)
        await record(hearing, f"r-{subject}", subject, value="40")
    await hearing.parts.catch_up()

    async def listed(role: str, *sites: str, **query: Any) -> list[str]:
        return [item["subject"] for item in (await hearing.get("/alerts", role, *sites, **query)).json()["items"]]

    assert await listed("pv") == ["01-001", "02-001"]
    assert await listed("investigator", "02") == ["02-001"]
    assert await listed("investigator", "01", "02") == ["01-001", "02-001"]
    assert await listed("investigator", "02", subject="01-001") == []
    assert await listed("pv", subject="01-001") == ["01-001"]
    first = (await hearing.get("/alerts", "pv", limit=1)).json()
    assert [item["subject"] for item in first["items"]] == ["01-001"]
    assert await listed("pv", limit=1, cursor=first["next"]) == ["02-001"]
    assert (await hearing.get("/alerts", "pv", subject="01-001", cursor=first["next"])).status_code == 400


async def test_an_adverse_event_is_answered_with_its_term_and_found_again(hearing: Api[Context]) -> None:
    made = await report(hearing, seriousness=["HOSPITALISATION", "HOSPITALISATION"], role="coordinator")
    assert made.status_code == 201
    body = made.json()
    assert (body["term_name"], body["soc"]) == ("Nausea", "Gastrointestinal disorders")
    assert body["seriousness"] == ["HOSPITALISATION"]
    assert (made.headers["ETag"], made.headers["Reluth-Position"]) == ('"1"', "1")
    listed = (await hearing.get(EVENTS, "safety_board")).json()["items"]
    assert listed == [{**body, "version": 1, "position": 1, "recorded_at": listed[0]["recorded_at"]}]
    assert (await hearing.get(EVENTS, "pv", as_of=0)).json()["items"] == []


async def test_a_narrative_is_sealed_and_opened_for_the_own_site_and_pharmacovigilance(hearing: Api[Context]) -> None:
    made = await report(hearing, narrative=SECRET)
    one = f"{EVENTS}/{made.json()['adverse_event']}"
    for role, sites in (("investigator", ("01",)), ("coordinator", ("01",)), ("pv", ())):
        assert (await hearing.get(one, role, *sites)).json()["narrative"] == SECRET
    answers = [
        made,
        await hearing.get(EVENTS, "pv"),
        await hearing.get(one, "pharmacist", "01"),
        *[await hearing.get(one, role.value) for role in sorted(READ - {Role.PV})],
    ]
    assert all(answer.is_success and "dizzy" not in answer.text for answer in answers)
    (event,) = await hearing.parts.log.read(0, 10)
    (message,) = await hearing.parts.log.read_outbox(0, 10)
    assert b"dizzy" not in event.payload + event.meta + message.value
    assert b"ciphertext" not in message.value
    await hearing.parts.sealer.destroy("RELUTH/01-001", "consent withdrawn")
    assert (await hearing.get(one, "pv")).status_code == 410
    assert (await hearing.get(one, "monitor")).status_code == 200


async def test_every_listed_term_can_be_reported(hearing: Api[Context]) -> None:
    listed = (await hearing.get("/adverse-event-terms", "coordinator", "01")).json()
    assert listed["dictionary"] == "CTCAE-5.0"
    assert len(listed["terms"]) == 837
    for term in listed["terms"]:
        grade = term["grades"][0]
        said = {"seriousness": ["DEATH"] if grade == 5 else []}
        if term["specify"]:
            bare = await report(hearing, f"b-{term['code']}", term=term["code"], grade=grade, **said)
            assert bare.json()["type"].endswith("adverse-event-not-specified")
            said["narrative"] = "something that no term names"
        answer = await report(hearing, f"t-{term['code']}", term=term["code"], grade=grade, **said)
        assert answer.status_code == 201, answer.text
        assert answer.json()["term_name"] == term["term"]


async def test_a_term_is_found_by_its_words(hearing: Api[Context]) -> None:
    found = (await hearing.get("/adverse-event-terms", "coordinator", "01", q="anaemia")).json()
    assert (found["dictionary"], found["reported_under"]) == ("CTCAE-5.0", True)
    assert found["terms"] == [
        {
            "code": 10002272,
            "term": "Anemia",
            "soc": "Blood and lymphatic system disorders",
            "grades": [1, 2, 3, 4, 5],
            "specify": False,
        }
    ]
    assert len(found["organ_classes"]) == 26


async def test_another_version_of_the_dictionary_can_be_looked_into(hearing: Api[Context]) -> None:
    found = (await hearing.get("/adverse-event-terms", "pv", dictionary="CTCAE-6.0", q="aplastic")).json()
    assert (found["reported_under"], [term["code"] for term in found["terms"]]) == (False, [10002969])
    assert found["loaded"] == ["CTCAE-5.0", "CTCAE-6.0"]
    unheard = await hearing.get("/adverse-event-terms", "pv", dictionary="CTCAE-4.0")
    assert (unheard.status_code, unheard.json()["context"]["loaded"]) == (404, ["CTCAE-5.0", "CTCAE-6.0"])
    nowhere = await hearing.get("/adverse-event-terms", "pv", soc="Blood")
    assert (nowhere.status_code, len(nowhere.json()["context"]["permitted"])) == (422, 26)


async def test_a_subject_not_heard_of_is_refused_with_the_time_to_come_back(api: Api[Context]) -> None:
    for answer in (await report(api), await record(api)):
        assert answer.status_code == 409
        assert answer.headers["Retry-After"] == "2"
        assert answer.json()["type"] == "urn:reluth:problem:subject-not-heard-of"
    await api.parts.hear(screened())
    assert (await record(api)).json()["type"] == "urn:reluth:problem:consent-not-heard-of"
    await api.parts.hear(consented())
    assert (await record(api)).status_code == 201


async def test_what_is_not_there_is_said_so(hearing: Api[Context]) -> None:
    for path, code in ((EVENTS, "adverse-event-not-found"), (RESULTS, "laboratory-result-not-found")):
        answer = await hearing.get(f"{path}/{UUID(int=9)}", "pv")
        assert (answer.status_code, answer.json()["type"]) == (404, f"urn:reluth:problem:{code}")
        assert (await hearing.get(f"{path}/nine", "pv")).status_code == 422
    for path in (f"{SUBJECT}/adverse-events", "/alerts", "/adverse-event-terms"):
        answer = await hearing.client.get(f"/studies/OTHER{path}", headers=hearing.token("pv"))
        assert answer.json()["type"] == "urn:reluth:problem:unknown-study"


async def test_a_command_on_a_state_that_has_moved_is_refused(hearing: Api[Context]) -> None:
    await record(hearing)
    for key, tag, status in (("a", '"0"', 412), ("b", '"2"', 201)):
        answer = await hearing.post(RESULTS, RESULT, "coordinator", "01", key=key, headers={"If-Match": tag})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "changed", "pointer"),
    [
        (RESULTS, {"value": "-1"}, "/value"),
        (RESULTS, {"value": "NaN"}, "/value"),
        (RESULTS, {"value": "Infinity"}, "/value"),
        (RESULTS, {"value": "1e999999"}, "/value"),
        (RESULTS, {"value": "1234567890123"}, "/value"),
        (RESULTS, {"value": "1.2345678"}, "/value"),
        (RESULTS, {"value": None}, "/value"),
        (RESULTS, {"value": True}, "/value"),
        (RESULTS, {"value": [75]}, "/value"),
        (RESULTS, {"lower_limit": "x"}, "/lower_limit"),
        (RESULTS, {"unit": ""}, "/unit"),
        (RESULTS, {"unit": "x" * 25}, "/unit"),
        (RESULTS, {"unit": "10*9\x00/L"}, "/unit"),
        (RESULTS, {"analyte": "LYMPHOCYTES"}, "/analyte"),
        (RESULTS, {"sampled_on": "yesterday"}, "/sampled_on"),
        (RESULTS, {"grade": 4}, "/grade"),
        (EVENTS, {"term": 1}, "/term"),
        (EVENTS, {"term": "Nausea"}, "/term"),
        (EVENTS, {"grade": 0}, "/grade"),
        (EVENTS, {"grade": 6}, "/grade"),
        (EVENTS, {"grade": 2.5}, "/grade"),
        (EVENTS, {"aware_at": "2022-03-02T09:00:00"}, "/aware_at"),
        (EVENTS, {"aware_at": "2022-03-02"}, "/aware_at"),
        (EVENTS, {"seriousness": ["FATAL"]}, "/seriousness/0"),
        (EVENTS, {"causality": "MAYBE"}, "/causality"),
        (EVENTS, {"narrative": ""}, "/narrative"),
        (EVENTS, {"narrative": "x" * 8001}, "/narrative"),
        (EVENTS, {"dose_mbq": 7400}, "/dose_mbq"),
    ],
)
async def test_a_bad_body_is_told_where_and_records_nothing(
    hearing: Api[Context], path: str, changed: dict[str, Any], pointer: str
) -> None:
    body = {**(RESULT if path == RESULTS else EVENT), **changed}
    answer = await hearing.post(path, body, "investigator", "01", key="k")
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]], answer.text
    assert await hearing.parts.types() == []


async def test_a_narrative_that_names_somebody_is_held_and_passes_once_another_account_released_it(
    hearing: Api[Context],
) -> None:
    named = "Mme Kerbrat called at night"
    refused = await report(hearing, narrative=named)
    assert refused.json()["type"] == "urn:reluth:problem:text-quarantined"
    assert refused.json()["context"]["hits"] == [{"kind": "NAME", "start": 4, "end": 11}]
    assert "Kerbrat" not in refused.text + repr(hearing.context.quarantine)
    assert await hearing.parts.types() == []
    text = refused.json()["context"]["quarantine"]
    path, release = f"/sites/01/quarantine/{text}", {"reason": "EPONYM"}
    (listed,) = (await hearing.get("/sites/01/quarantine", "coordinator", "01")).json()["items"]
    assert (listed["subject"], listed["purpose"]) == ("01-001", "safety.narrative")
    assert (await hearing.get(path, "investigator", "01")).json()["text"] == named
    own = await hearing.post(f"{path}/release", release, "investigator", "01", key="own")
    assert own.json()["type"] == "urn:reluth:problem:own-text-not-released"
    token = {**hearing.token("investigator", "02", "01"), "Idempotency-Key": "other"}
    released = await hearing.client.post(f"/studies/RELUTH{path}/release", json=release, headers=token)
    assert released.status_code == 201, released.text
    assert (await report(hearing, narrative=named)).status_code == 201, "the very same command"
    assert (await report(hearing, "e-2", narrative=named + "!")).status_code == 422
    recorded = await hearing.parts.log.read(0, 100)
    assert [event.type.partition(".")[2] for event in recorded] == [
        "text-opened",
        "text-released",
        "adverse-event-reported",
    ]
    assert b"Kerbrat" not in b"".join(event.payload for event in recorded)


async def test_a_narrative_is_held_only_where_nothing_else_refuses_the_event(hearing: Api[Context]) -> None:
    refused = await report(hearing, narrative="Mme Kerbrat called at night", onset_on="2021-12-31")
    assert refused.json()["type"] == "urn:reluth:problem:onset-before-consent"
    assert await hearing.context.quarantine.all("RELUTH", "01") == []


async def test_a_held_narrative_is_discarded(hearing: Api[Context]) -> None:
    refused = await report(hearing, narrative="Mme Kerbrat called at night")
    url = f"/studies/RELUTH/sites/01/quarantine/{refused.json()['context']['quarantine']}"
    gone = [await hearing.client.delete(url, headers=hearing.token("investigator", "01")) for _ in range(2)]
    assert [answer.status_code for answer in gone] == [204, 404]
    assert await hearing.context.quarantine.all("RELUTH", "01") == []


async def test_what_is_held_of_a_subject_goes_with_it(hearing: Api[Context]) -> None:
    assert (await report(hearing, narrative="Mme Kerbrat called at night")).status_code == 422
    (held,) = await hearing.context.quarantine.all("RELUTH", "01")
    (reaction,) = reactions(hearing.context)
    erased = SubjectErased(study="RELUTH", subject="01-001", erased_on=date(2022, 4, 1))
    await reaction.handler(envelope(erased, 1), "")
    assert await hearing.context.quarantine.all("RELUTH", "01") == []
    with pytest.raises(Refused) as gone:
        await hearing.context.sealer.unseal(held.text, purpose="quarantine")
    assert gone.value.refusal is KEY_DESTROYED
