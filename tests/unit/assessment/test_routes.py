"""The API: who may do what where, what a bad body is told, when word of a subject arrives, what stays sealed."""

import asyncio
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.assessment.routes.common import Services
from tests.unit.hearing import Api

from .world import assessment, consented, died, included, screened

PATH = "/subjects/01-001/tumour-assessments"
BASELINES, QUERIES = "/subjects/01-001/baselines", "/subjects/01-001/response-queries"
BODY = {"timepoint": "POST_C2", "scan_on": "2022-05-01", "modality": "CT", "response": "SD"}
SECRET = "Read again after the third cycle, quite unchanged"
OVERSIGHT = {Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD}

SCAN = {"scan_on": "2022-04-01", "modality": "CT"}
CHOSEN = {**SCAN, "baseline": "SCREENING", "targets": [{"lesion": "T1", "organ": "LIVER", "mm": "20"}]}
WHY = {"reason": "The wrong series was measured"}
BODIES: dict[str, dict[str, Any]] = {
    "record": {**BODY, "timepoint": "M6", "scan_on": "2022-11-01"},
    "read again": {**SCAN, **WHY, "scan_on": "2022-07-02", "response": "PR"},
    "choose": {**CHOSEN, "baseline": "POST_C2"},
    "choose again": {key: value for key, value in (CHOSEN | WHY).items() if key != "baseline"},
    "confirm": WHY,
}

# Action: method, path, roles anywhere, roles at the subject's own site alone.
TABLE: dict[str, tuple[str, str, set[Role], set[Role]]] = {
    "record": ("POST", PATH, set(), {Role.INVESTIGATOR}),
    "list": ("GET", PATH, OVERSIGHT, set(SITE_ROLES)),
    "read one": ("GET", f"{PATH}/M2", OVERSIGHT, set(SITE_ROLES)),
    "evidence": ("GET", f"{PATH}/M2/evidence", OVERSIGHT, set(SITE_ROLES)),
    "read again": ("POST", f"{PATH}/M2/re-readings", set(), {Role.INVESTIGATOR}),
    "choose": ("POST", BASELINES, set(), {Role.INVESTIGATOR}),
    "choose again": ("POST", f"{BASELINES}/SCREENING/re-readings", set(), {Role.INVESTIGATOR}),
    "baselines": ("GET", BASELINES, OVERSIGHT, set(SITE_ROLES)),
    "baseline": ("GET", f"{BASELINES}/SCREENING", OVERSIGHT, set(SITE_ROLES)),
    "queries": ("GET", QUERIES, OVERSIGHT, set(SITE_ROLES)),
    "confirm": ("POST", f"{QUERIES}/{{query}}/confirmations", set(), {Role.INVESTIGATOR}),
}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api[Services]]:
    async with assessment(tmp_path) as api:
        yield api


@pytest.fixture
async def hearing(api: Api[Services]) -> Api[Services]:
    await api.parts.hear(screened(), consented(), included())
    return api


async def post(api: Api[Services], key: str = "k-1", **changed: Any) -> Any:
    return await api.post(PATH, {**BODY, **changed}, "investigator", "01", key=key)


@pytest.mark.parametrize(("role", "sites"), list(product(Role, [("01",), ("02",), ()])))
async def test_every_endpoint_for_every_role_at_the_own_site_another_and_none(
    hearing: Api[Services], role: Role, sites: tuple[str, ...]
) -> None:
    query = await _one_of_everything(hearing)
    answered, expected = {}, {}
    for what, (method, path, anywhere, own_site) in TABLE.items():
        permitted = role in anywhere or (role in own_site and sites == ("01",))
        expected[what] = (201 if method == "POST" else 200) if permitted else 403
        path = path.format(query=query)
        if method == "POST":
            answer = await hearing.post(path, BODIES[what], role.value, *sites, key=what.replace(" ", "-"))
        else:
            answer = await hearing.get(path, role.value, *sites)
        answered[what] = answer.status_code
    assert answered == expected


async def _one_of_everything(api: Api[Services]) -> str:
    """A baseline, a reading whose stated response is not the derived one, and the query about it."""
    await api.post(BASELINES, CHOSEN, "investigator", "01", key="chosen")
    await post(api, "first", timepoint="M2", scan_on="2022-07-01")
    await post(api, "second", scan_on="2022-04-01", response="PD", seen={"targets": [{"lesion": "T1", "mm": "20"}]})
    (query,) = (await api.get(QUERIES, "monitor")).json()["items"]
    found: str = query["query"]
    return found


async def test_the_table_names_every_route(api: Api[Services]) -> None:
    paths = {path for path in api.app.openapi()["paths"] if path.startswith("/studies")}
    paths = {path for path in paths if any(one in path for one in ("tumour-", "baselines", "response-"))}
    assert len(paths) == 9
    described = {(method.upper(), path) for path in paths for method in api.app.openapi()["paths"][path]}
    assert len(described) == len(TABLE)


async def test_nobody_comes_in_without_a_token(api: Api[Services]) -> None:
    for method, path, _, _ in TABLE.values():
        assert (await api.client.request(method, f"/studies/RELUTH{path}", json=BODY)).status_code == 401


async def test_a_reading_is_answered_and_found_again(hearing: Api[Services]) -> None:
    made = await post(hearing)
    assert made.status_code == 201
    assert (made.headers["ETag"], made.headers["Reluth-Position"]) == ('"1"', "1")
    listed = await hearing.get(PATH, "monitor")
    (item,) = listed.json()["items"]
    assert {**made.json(), "position": 1, "recorded_at": item["recorded_at"]} == {**item, "changed": []}
    assert listed.headers["ETag"] == '"1"'
    evidence = await hearing.get(f"{PATH}/POST_C2/evidence", "randomizer", "01")
    assert evidence.json() == {
        "event_id": made.json()["event_id"],
        "position": 1,
        "scan_on": "2022-05-01",
        "response": "SD",
        "reader": "INVESTIGATOR",
    }


async def test_the_same_key_gets_the_same_bytes_and_another_body_is_refused(hearing: Api[Services]) -> None:
    first, again = await post(hearing, comment=SECRET), await post(hearing, comment=SECRET)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (await post(hearing, response="PD")).status_code == 422
    assert await hearing.parts.types() == ["assessment.tumour-assessed"]


async def test_fifty_at_once_under_one_key_are_one_fact(hearing: Api[Services]) -> None:
    answers = await asyncio.gather(*(post(hearing) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await hearing.parts.types() == ["assessment.tumour-assessed"]


async def test_of_many_keys_for_one_timepoint_one_is_accepted(hearing: Api[Services]) -> None:
    answers = await asyncio.gather(*(post(hearing, f"k-{n}") for n in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    refused = next(answer for answer in answers if answer.status_code == 409).json()
    assert refused["type"] == "urn:reluth:problem:timepoint-already-assessed"


async def test_a_subject_not_heard_of_is_refused_with_the_time_to_come_back(api: Api[Services]) -> None:
    answer = await post(api)
    assert answer.status_code == 409
    assert answer.headers["Retry-After"] == "2"
    problem = answer.json()
    assert problem["type"] == "urn:reluth:problem:subject-not-heard-of"
    assert "again in a moment" in problem["remedy"]
    await api.parts.hear(screened(), consented())
    assert (await post(api)).json()["type"] == "urn:reluth:problem:inclusion-not-heard-of"
    await api.parts.hear(included())
    assert (await post(api)).status_code == 201


async def test_a_command_waits_for_word_that_is_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with assessment(tmp_path, hearing_timeout=30) as api:
        waiting, grown = asyncio.Event(), api.parts.store.grown
        past = grown.past

        async def watched(value: int, timeout: float) -> bool:
            waiting.set()
            return await past(value, timeout)

        monkeypatch.setattr(grown, "past", watched)
        async with asyncio.timeout(20):
            asked = asyncio.create_task(post(api))
            for word in ((screened(),), (consented(), included())):
                await waiting.wait()
                assert not asked.done()
                waiting.clear()
                await api.parts.hear(*word)
            assert (await asked).status_code == 201


async def test_the_death_that_enrolment_tells_of_closes_the_subject(hearing: Api[Services]) -> None:
    await hearing.parts.hear(died())
    answer = await post(hearing, scan_on="2022-09-02")
    assert answer.json()["type"] == "urn:reluth:problem:scan-after-death"


async def test_a_comment_is_sealed_and_opened_for_the_own_site_alone(hearing: Api[Services]) -> None:
    made = await post(hearing, comment=SECRET)
    assert made.json()["has_comment"] is True
    one = f"{PATH}/POST_C2"
    assert (await hearing.get(one, "investigator", "01")).json()["comment"] == SECRET
    answers = [
        made,
        await hearing.get(PATH, "investigator", "01"),
        await hearing.get(f"{one}/evidence", "investigator", "01"),
        *[await hearing.get(one, role.value) for role in OVERSIGHT],
        await hearing.get(one, "pharmacist", "01"),
    ]
    assert all(answer.is_success and "unchanged" not in answer.text for answer in answers)
    (event,) = await hearing.parts.log.read(0, 10)
    (message,) = await hearing.parts.log.read_outbox(0, 10)
    assert b"unchanged" not in event.payload + event.meta + message.value
    assert b"ciphertext" in event.payload
    assert b"ciphertext" not in message.value


async def test_a_destroyed_key_takes_the_comment_and_leaves_the_reading(hearing: Api[Services]) -> None:
    await post(hearing, comment=SECRET)
    await hearing.parts.sealer.destroy("RELUTH/01-001", "consent withdrawn")
    assert (await hearing.get(f"{PATH}/POST_C2", "investigator", "01")).status_code == 410
    assert (await hearing.get(f"{PATH}/POST_C2", "monitor")).json()["response"] == "SD"
    assert (await hearing.get(PATH, "investigator", "01")).status_code == 200
    assert (await post(hearing, comment=SECRET)).status_code == 201


async def test_a_read_of_the_past_shows_what_was_known_then(hearing: Api[Services]) -> None:
    await post(hearing)
    await post(hearing, "k-2", timepoint="M2", scan_on="2022-07-01")
    then = await hearing.get(PATH, "monitor", as_of=1)
    assert [item["timepoint"] for item in then.json()["items"]] == ["POST_C2"]
    assert then.headers["ETag"] == '"1"'
    assert (await hearing.get(f"{PATH}/M2/evidence", "monitor", as_of=1)).status_code == 404
    assert (await hearing.get(f"{PATH}/M2/evidence", "monitor", as_of=2)).status_code == 200


async def test_what_is_not_there_is_said_so(hearing: Api[Services]) -> None:
    for path in (f"{PATH}/M6", f"{PATH}/M6/evidence"):
        answer = await hearing.get(path, "monitor")
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:reluth:problem:tumour-assessment-not-found"
    headers = hearing.token("monitor")
    elsewhere = await hearing.client.get("/studies/OTHER/subjects/01-001/tumour-assessments", headers=headers)
    assert elsewhere.json()["type"] == "urn:reluth:problem:unknown-study"


async def test_a_command_on_a_state_that_has_moved_is_refused(hearing: Api[Services]) -> None:
    await post(hearing)
    body = {**BODY, "timepoint": "M2", "scan_on": "2022-07-01"}
    stale = await hearing.post(PATH, body, "investigator", "01", key="a", headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    fresh = await hearing.post(PATH, body, "investigator", "01", key="b", headers={"If-Match": '"1"'})
    assert fresh.status_code == 201


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"scan_on": "2022-13-01"}, "/scan_on"),
        ({"scan_on": "2022-05-01T10:00:00"}, "/scan_on"),
        ({"scan_on": 5}, "/scan_on"),
        ({"modality": "PET"}, "/modality"),
        ({"response": "pd"}, "/response"),
        ({"timepoint": ""}, "/timepoint"),
        ({"timepoint": "M 6"}, "/timepoint"),
        ({"reader": "CENTRAL"}, "/reader"),
        ({"arm": "A"}, "/arm"),
        ({"comment": ""}, "/comment"),
        ({"comment": "x" * 4001}, "/comment"),
        ({"comment": "a\x00b"}, "/comment"),
    ],
)
async def test_a_bad_body_is_told_where_and_records_nothing(
    hearing: Api[Services], changed: dict[str, Any], pointer: str
) -> None:
    answer = await post(hearing, **changed)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert await hearing.parts.types() == []


@pytest.mark.parametrize("subject", ["1-001", "00-001", "01-01", "01-001%2F", "x"])
async def test_a_malformed_subject_number_is_told_so(hearing: Api[Services], subject: str) -> None:
    for role, sites in (("monitor", ()), ("investigator", ("01",))):
        answer = await hearing.get(f"/subjects/{subject}/tumour-assessments", role, *sites)
        assert answer.status_code in (404, 422), answer.text


async def test_a_comment_that_names_somebody_is_held_with_the_place_and_never_the_words(
    hearing: Api[Services],
) -> None:
    refused = await post(hearing, comment="Compared for Mme Kerbrat, 06 12 34 56 78")
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:reluth:problem:text-quarantined"
    assert refused.json()["context"]["hits"] == [
        {"kind": "NAME", "start": 17, "end": 24},
        {"kind": "PHONE", "start": 26, "end": 40},
    ]
    assert "Kerbrat" not in refused.text
    assert await hearing.parts.types() == []
