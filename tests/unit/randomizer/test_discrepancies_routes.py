"""The API of errors after the fact: who may say what where, what a bad body is told, and no hint of an arm."""

import json
import re
from hashlib import sha256
from itertools import product

import pytest

from contracts.events.randomization import Annotation
from contracts.vocabulary.roles import SITE_ROLES, Role

from .afterwards import VerifyingEnrolment, other_level
from .service import Service, running
from .world import STRATUM

A, B, ELSEWHERE = "01-001", "01-002", "02-001"
OVERSIGHT = frozenset({Role.SPONSOR, Role.MONITOR, Role.INSPECTOR})
TEAM = frozenset({Role.SPONSOR, Role.MONITOR})
INELIGIBLE = {"annotation": "INELIGIBLE", "discovered_on": "2022-03-01", "reason": "Platelets misread"}
NOBODY = "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"

# What: (method, path, body), roles anywhere, roles at the subject's own site alone.
TABLE = {
    "annotate": (("POST", f"/randomizations/{A}/annotations", INELIGIBLE), TEAM, {Role.INVESTIGATOR}),
    "verify": (("POST", f"/randomizations/{A}/strata-verifications", None), TEAM, set()),
    "list": (("GET", "/discrepancies", None), OVERSIGHT | SITE_ROLES, set()),
    "read one": (("GET", "/discrepancies/{discrepancy}", None), OVERSIGHT, SITE_ROLES),
    "resolve": (("POST", "/discrepancies/{discrepancy}/resolution", {"reason": "Seen"}), TEAM, set()),
}


@pytest.fixture
async def api(tmp_path):
    service = Service(enrolment=VerifyingEnrolment())
    async with running(service, tmp_path) as api:
        await service.activate()
        for one in (A, B, ELSEWHERE):
            await service.randomize(one)
        yield api


async def annotated(api, who=A, role="monitor", **changed):
    body = {**INELIGIBLE, **changed}
    return await api.post(
        f"/randomizations/{who}/annotations", body, role, key=sha256(f"{who} {json.dumps(body)}".encode()).hexdigest()
    )


def without_ids(answer) -> str:
    """An answer without what is new in every one."""
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "*", answer.text)


@pytest.mark.parametrize(("what", "role", "sites"), list(product(TABLE, Role, [("01",), ("02",), ()])))
async def test_every_endpoint_for_every_role_at_the_own_site_another_and_none(api, what, role, sites):
    opened = (await annotated(api, annotation="WRONG_PERSON")).json()["discrepancy"]
    (method, path, body), anywhere, own_site = TABLE[what]
    path = path.format(discrepancy=opened)
    answer = (
        await api.get(path, role, *sites) if method == "GET" else await api.post(path, body, role, *sites, key="asked")
    )
    permitted = role in anywhere or (role in own_site and sites == ("01",))
    if what == "list" and role in SITE_ROLES and not sites:
        permitted = False  # a site role without a site grants nothing
    if what == "read one" and role in SITE_ROLES and sites == ("02",):
        assert answer.status_code == 404  # as one that does not exist, see below
        return
    assert answer.status_code == ((201 if method == "POST" else 200) if permitted else 403), answer.text


async def test_a_discrepancy_of_another_site_cannot_be_told_from_one_that_does_not_exist(api):
    there = (await annotated(api)).json()["discrepancy"]
    answers = [await api.get(f"/discrepancies/{which}", "investigator", "02") for which in (there, NOBODY)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_ids(answers[0]) == without_ids(answers[1])


async def test_an_investigator_names_no_subject_of_another_site_and_learns_nothing_of_it(api):
    answers = []
    for other in (ELSEWHERE, "02-999"):
        body = {**INELIGIBLE, "annotation": "RANDOMIZED_TWICE", "other_subject": other}
        answers.append(await api.post(f"/randomizations/{A}/annotations", body, "investigator", "01", key=other))
    assert [answer.status_code for answer in answers] == [403, 403]
    assert without_ids(answers[0]) == without_ids(answers[1])
    assert not await api.service.history("discrepancies-RELUTH")
    by_monitor = await annotated(api, annotation="RANDOMIZED_TWICE", other_subject=ELSEWHERE)
    assert by_monitor.status_code == 201


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"annotation": "DROPPED_OUT"}, 422, "invalid-request"),
        ({"annotation": None}, 422, "invalid-request"),
        ({"discovered_on": "yesterday"}, 422, "invalid-request"),
        ({"discovered_on": 20220301}, 422, "invalid-request"),
        ({"discovered_on": "2022-03-02"}, 422, "date-in-the-future"),
        ({"discovered_on": "2022-02-28"}, 409, "before-randomization"),
        ({"reason": ""}, 422, "invalid-request"),
        ({"reason": "x\ny z"}, 422, "invalid-request"),
        ({"arm": "A"}, 422, "invalid-request"),
        ({"stratum": []}, 422, "invalid-request"),
        ({"other_subject": "somebody"}, 422, "invalid-request"),
        ({"other_subject": B}, 422, "other-subject-unusable"),
        ({"annotation": "RANDOMIZED_TWICE"}, 422, "other-subject-unusable"),
        ({"annotation": "RANDOMIZED_TWICE", "other_subject": A}, 422, "other-subject-unusable"),
        ({"annotation": "RANDOMIZED_TWICE", "other_subject": "01-009"}, 409, "other-subject-not-randomized"),
    ],
)
async def test_a_bad_annotation_is_a_problem_and_changes_nothing(api, changed, status, code):
    before = await api.service.log.head()
    answer = await annotated(api, **changed)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["type"] == f"urn:reluth:problem:{code}"
    assert await api.service.log.head() == before


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/randomizations/01-009/annotations", INELIGIBLE, "not-randomized"),
        ("/randomizations/01-009/strata-verifications", None, "not-randomized"),
        (f"/discrepancies/{NOBODY}/resolution", {"reason": "Seen"}, "unknown-discrepancy"),
    ],
)
async def test_of_what_does_not_exist_nothing_is_said(api, path, body, code):
    answer = await api.post(path, body, "monitor")
    assert (answer.status_code, answer.json()["type"]) == (404, f"urn:reluth:problem:{code}")


async def test_a_discrepancy_is_resolved_once(api):
    opened = (await annotated(api)).json()["discrepancy"]
    answers = [
        await api.post(f"/discrepancies/{opened}/resolution", {"reason": "Seen"}, "sponsor", key=key)
        for key in ("first", "second")
    ]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[0].json() == (await api.get(f"/discrepancies/{opened}", "inspector")).json()
    assert answers[1].json()["type"] == "urn:reluth:problem:resolved-already"


async def test_strata_are_those_of_enrolment_whatever_the_caller_sends(api):
    api.service.enrolment.now[A] = other_level(STRATUM, "F1")
    told = [one.model_dump() for one in other_level(STRATUM, "F4")]
    answer = await api.post(f"/randomizations/{A}/strata-verifications", {"stratum": told}, "monitor")
    assert answer.status_code == 201
    assert answer.json()["stratum"] == [one.model_dump() for one in other_level(STRATUM, "F1")]
    assert answer.json()["differs"] == ["F1"]


async def test_a_randomization_is_shown_as_it_was_with_what_was_found_out_beside_it(api):
    before = (await api.get(f"/randomizations/{A}", "statistician")).json()
    assert (before["annotations"], before["as_verified"]) == ([], None)
    api.service.enrolment.now[A] = other_level(STRATUM, "F3")
    said = (await annotated(api)).json()
    checked = await api.post(f"/randomizations/{A}/strata-verifications", None, "monitor")
    answer = await api.get(f"/randomizations/{A}", "statistician")
    after = answer.json()
    assert {k: v for k, v in after.items() if k not in ("annotations", "as_verified")} == {
        k: v for k, v in before.items() if k not in ("annotations", "as_verified")
    }
    beside = ("study", "subject", "discrepancy")
    assert after["annotations"] == [{k: v for k, v in said.items() if k not in beside}]
    assert after["as_verified"] == {k: v for k, v in checked.json().items() if k not in beside}
    assert answer.headers["Reluth-Position"] == checked.headers["Reluth-Position"]
    as_of = {"as_of": before_of(said, checked)}
    then = (await api.get(f"/randomizations/{A}", "statistician", **as_of)).json()
    assert (len(then["annotations"]), then["as_verified"]) == (1, None)


def before_of(_, checked) -> int:
    """The position before a verification that opened a discrepancy."""
    return int(checked.headers["Reluth-Position"]) - 2


# --- the queue


@pytest.fixture
async def full(api):
    """Four kinds at two sites; the second one is resolved."""
    for who, annotation, other in (
        (A, "INELIGIBLE", None),
        (B, "WRONG_PERSON", None),
        (A, "RANDOMIZED_TWICE", ELSEWHERE),
        (ELSEWHERE, "WRONG_STRATUM", None),
    ):
        answer = await annotated(api, who, annotation=annotation, other_subject=other)
        assert answer.status_code == 201, answer.text
        if who == B:
            opened = answer.json()["discrepancy"]
            await api.post(f"/discrepancies/{opened}/resolution", {"reason": "The right person"}, "monitor")
    return api


def told(answer) -> list[tuple[str, str, str]]:
    return [(one["subject"], one["kind"], one["status"]) for one in answer.json()["items"]]


QUEUE = [
    (A, "INELIGIBLE", "open"),
    (B, "WRONG_PERSON", "resolved"),
    (A, "RANDOMIZED_TWICE", "open"),
    (ELSEWHERE, "RANDOMIZED_TWICE", "open"),
    (ELSEWHERE, "WRONG_STRATUM", "open"),
]


@pytest.mark.parametrize(
    ("role", "sites", "query", "seen"),
    [
        ("monitor", (), {}, QUEUE),
        ("investigator", ("01",), {}, QUEUE[:3]),
        ("pharmacist", ("02",), {}, QUEUE[3:]),
        ("coordinator", ("01", "02"), {}, QUEUE),
        ("monitor", (), {"status": "resolved"}, QUEUE[1:2]),
        ("monitor", (), {"status": "open"}, [QUEUE[0], *QUEUE[2:]]),
        ("monitor", (), {"subject": A}, [QUEUE[0], QUEUE[2]]),
        ("monitor", (), {"subject": A, "status": "resolved"}, []),
        ("investigator", ("01",), {"subject": ELSEWHERE}, []),
    ],
)
async def test_the_queue_is_in_the_order_of_opening_and_of_the_own_site(full, role, sites, query, seen):
    assert told(await full.get("/discrepancies", role, *sites, **query)) == seen


@pytest.mark.parametrize(("limit", "query"), [(1, {}), (2, {}), (2, {"status": "open"}), (5, {})])
async def test_page_by_page_it_is_the_whole_list(full, limit, query):
    whole = told(await full.get("/discrepancies", "monitor", **query))
    found, cursor = [], {}
    for _ in whole:
        answer = await full.get("/discrepancies", "monitor", limit=limit, **query, **cursor)
        found += told(answer)
        if (following := answer.json()["next"]) is None:
            break
        cursor = {"cursor": following}
    assert found == whole


@pytest.mark.parametrize("query", [{"status": "closed"}, {"subject": "nobody"}, {"limit": 0}, {"cursor": "made-up"}])
async def test_a_filter_that_makes_no_sense_is_refused(full, query):
    answer = await full.get("/discrepancies", "monitor", **query)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_queue_shows_neither_arm_nor_stratum_nor_what_somebody_wrote_about_a_subject(full):
    answer = await full.get("/discrepancies", "monitor")
    assert set(answer.json()["items"][0]) == {
        "study", "discrepancy", "number", "subject", "kind", "opened_on", "because", "status", "resolved_on",
        "resolution",
    }  # fmt: skip
    assert INELIGIBLE["reason"] not in answer.text
    assert not any(f'"{one.level}"' in answer.text for one in STRATUM)


async def test_whoever_may_not_read_an_arm_reads_the_same_whatever_the_arms_are(tmp_path):
    """Two trials that differ in nothing but their seeds, with the arms of A swapped: every answer but ids is equal."""
    seen: dict[str, str] = {}
    for attempt in range(64):
        service = Service(enrolment=VerifyingEnrolment({A: other_level(STRATUM, "F2")}))
        async with running(service, tmp_path / str(attempt)) as api:
            await service.activate()
            for one in (A, B, ELSEWHERE):
                await service.randomize(one)
            arm = (await api.get(f"/randomizations/{A}", "statistician")).json()["arm"]
            if arm not in seen:
                seen[arm] = await everything_told(api)
        if len(seen) == 2:
            break
    assert set(seen) == {"A", "B"}
    assert seen["A"] == seen["B"]


async def everything_told(api) -> str:
    answers = [
        await annotated(api, annotation=kind, other_subject=B if kind is Annotation.RANDOMIZED_TWICE else None)
        for kind in Annotation
    ]
    answers.append(await annotated(api))  # refused: said before
    answers.append(await api.post(f"/randomizations/{A}/strata-verifications", None, "sponsor"))
    answers.append(await api.get("/discrepancies", "monitor"))
    for item in answers[-1].json()["items"][:1]:
        path = f"/discrepancies/{item['discrepancy']}"
        answers.append(await api.post(f"{path}/resolution", {"reason": "Seen"}, "sponsor", key="resolve"))
        answers.append(await api.get(path, "inspector"))
    return "\n".join(f"{answer.status_code} {without_ids(answer)}" for answer in answers)


async def test_a_repeated_request_gets_the_same_bytes(api):
    first, again = await annotated(api), await annotated(api)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_somebody_unknown_to_the_study_is_told_so(api):
    answer = await api.client.get("/studies/OTHER/discrepancies", headers=api.token("monitor"))
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:reluth:problem:unknown-study")
