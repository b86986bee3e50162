"""The central review over HTTP: what sites send, what readers see and say, and what nobody can find out."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from contracts.events.course import SubjectErased
from contracts.vocabulary.roles import SITE_ROLES, Role
from services.assessment.routes.common import Services
from tests.unit.hearing import Api

from .world import NOW, STUDY, SUBJECT, assessment, consented, included, screened

PATH = f"/subjects/{SUBJECT}"
UIDS = {name: f"2.25.{n}0071" for n, name in enumerate(("POST_C2", "M2", "M4"), start=1)}
DAYS = {"POST_C2": "2022-05-01", "M2": "2022-07-01", "M4": "2022-09-01"}
LESIONS = {"targets": [{"lesion": "T1", "organ": "LIVER", "mm": "30"}]}
WHY = {"reason": "The series was incomplete"}


class Review:
    """Everybody who takes part in the review of one subject."""

    def __init__(self, api: Api[Services]) -> None:
        self.api, self.sent = api, 0

    async def _post(self, path: str, body: Any, role: str, *sites: str, by: str | None = None) -> Any:
        self.sent += 1
        headers = {"Authorization": f"Bearer {self.api.issuer.mint(by, [role], sites)}"} if by else None
        return await self.api.post(path, body, role, *sites, key=f"k{self.sent}", headers=headers)

    async def submit(self, scan: str, /, **changed: Any) -> Any:
        body = {"timepoint": scan, "scan_on": DAYS[scan], "modality": "CT", "study_uid": UIDS[scan]}
        return await self._post(f"{PATH}/review-scans", {**body, **changed}, "coordinator", "01")

    async def queue(self, by: str) -> Any:
        await self.api.parts.catch_up()
        return (await self.get("/reading-queue", by)).json()["items"]

    async def get(self, path: str, by: str) -> Any:
        token = self.api.issuer.mint(by, ["reader"], ())
        return await self.api.client.get(f"/studies/{STUDY}{path}", headers={"Authorization": f"Bearer {token}"})

    async def case(self) -> str:
        (task,) = await self.queue("nobody-yet")
        number: str = task["case"]
        return number

    async def says(self, by: str, case: str, what: str, body: Any) -> Any:
        return await self._post(f"/reviews/{case}/{what}", body, "reader", by=by)

    async def reads(self, by: str, case: str, sequence: int, mm: str, response: str, **more: Any) -> Any:
        seen = {"targets": [{"lesion": "T1", "mm": mm}]}
        return await self.says(by, case, "reads", {"sequence": sequence, "seen": seen, "response": response, **more})

    async def begun(self, *timepoints: str) -> str:
        """The case, with two readers who have chosen the same lesion."""
        for timepoint in ("POST_C2", *timepoints):
            assert (await self.submit(timepoint)).status_code == 201
        case = await self.case()
        for by in ("anna", "boris"):
            assert (await self.says(by, case, "claims", {"task": "READ"})).status_code == 201
            assert (await self.says(by, case, "lesions", LESIONS)).status_code == 201
        return case


@pytest.fixture
async def review(tmp_path: Path) -> AsyncIterator[Review]:
    async with assessment(tmp_path) as api:
        await api.parts.hear(screened(), consented(), included())
        yield Review(api)


async def test_two_readers_a_difference_and_an_adjudicator(review: Review) -> None:
    case = await review.begun("M2")
    assert (await review.reads("anna", case, 1, "30", "SD")).json()["task"] is None
    await review.reads("boris", case, 1, "40", "PD")
    (task,) = await review.queue("clara")
    assert (task["task"], task["held"], task["sequence"]) == ("ADJUDICATE", False, 1)
    assert await review.queue("anna") == await review.queue("boris") == []
    shown = (await review.says("clara", case, "claims", {"task": "ADJUDICATE"})).json()
    (difference,) = shown["differences"]
    responses = {side: difference[side]["response"] for side in ("first", "second")}
    assert sorted(responses.values()) == ["PD", "SD"]
    progressed = next(side for side, response in responses.items() if response == "PD").upper()
    chosen = {"sequence": 1, "chosen": progressed, "because": "MEASUREMENT"}
    assert (await review.says("clara", case, "adjudications", chosen)).json()["task"] is None
    found = (await review.api.get(f"{PATH}/review", "statistician")).json()["scans"]
    assert [(one["timepoint"], one["response"], one["basis"]) for one in found] == [
        ("POST_C2", None, None),
        ("M2", "PD", "ADJUDICATED"),
    ]
    assert await review.api.parts.types() == [
        *("assessment.review-scan-submitted",) * 2,
        *("assessment.review-claimed", "assessment.central-baseline-locked") * 2,
        *("assessment.central-read-locked",) * 2,
        "assessment.review-claimed",
        "assessment.discordance-adjudicated",
        "assessment.central-response-settled",
    ]
    await review.api.parts.catch_up()
    agreement = (await review.api.get("/review-agreement", "monitor")).json()
    assert (agreement["table"], agreement["discordance"]) == ({"SD/PD": 1}, {"MEASUREMENT": 1})
    assert agreement["to_settled"]["scans"] == 1


async def test_readers_look_where_no_site_shows_and_the_site_in_its_own_archive(review: Review) -> None:
    case = await review.begun("M2")
    (task,) = [one for one in await review.queue("anna") if one["task"] == "READ"]
    shown = (await review.get(f"/reviews/{case}", "anna")).json()
    for one, scan in ((task, "M2"), (shown["scans"][0], "POST_C2"), (shown["scans"][1], "M2")):
        assert one["images"] == f"https://reading.example/viewer?study={UIDS[scan]}"
    assert "hospital" not in json.dumps([task, shown])
    sent = (await review.api.get(f"{PATH}/review", "investigator", "01")).json()["scans"]
    assert [one["images"].rpartition("=")[2] for one in sent] == [UIDS["POST_C2"], UIDS["M2"]]


async def test_a_locked_read_is_made_again_by_request_alone(review: Review) -> None:
    case = await review.begun("M2", "M4")
    await review.reads("anna", case, 1, "30", "SD")
    again = await review.reads("anna", case, 1, "31", "SD")
    assert (again.status_code, again.json()["context"]["next"]) == (409, 2)
    early = await review.reads("boris", case, 2, "30", "SD")
    assert (early.status_code, early.json()["context"]["next"]) == (409, 1)
    asked = {"timepoint": "M2", "place": 1, **WHY}
    assert (await review._post(f"{PATH}/review/re-reads", asked, "monitor")).status_code == 201
    (task,) = [one for one in await review.queue("anna") if one["task"] == "READ"]
    assert task["sequence"] == 1
    assert (await review.reads("anna", case, 1, "31", "SD")).status_code == 201
    unread = {"timepoint": "M4", "place": 2, **WHY}
    assert (await review._post(f"{PATH}/review/re-reads", unread, "monitor")).status_code == 409


async def test_of_many_who_claim_at_once_two_get_a_place(review: Review) -> None:
    await review.submit("POST_C2")
    case = await review.case()
    answers = await asyncio.gather(*(review.says(f"r{n}", case, "claims", {"task": "READ"}) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 6


@pytest.mark.parametrize(
    ("timepoint", "changed", "code"),
    [
        ("M2", {}, "review-baseline-first"),
        ("POST_C2", {"study_uid": "1.2.250.1.59.17"}, "study-uid-not-pseudonymous"),
        ("POST_C2", {"study_uid": "2.25.01"}, "invalid-request"),
        ("POST_C2", {"timepoint": "SCREENING"}, "timepoint-not-reviewed"),
        ("POST_C2", {"scan_on": "2022-12-02"}, "scan-in-future"),
    ],
)
async def test_what_is_no_scan_of_the_review_is_refused(
    review: Review, timepoint: str, changed: dict[str, Any], code: str
) -> None:
    refused = await review.submit(timepoint, **changed)
    assert refused.json()["type"].rpartition(":")[2] == code
    assert await review.api.parts.types() == []


async def test_scans_come_in_their_order_and_once(review: Review) -> None:
    await review.begun("M4")
    for timepoint, code in (("M4", "review-scan-already-submitted"), ("M2", "review-scans-out-of-order")):
        assert (await review.submit(timepoint)).json()["type"].rpartition(":")[2] == code


async def test_who_treats_is_not_told_what_the_review_found(review: Review) -> None:
    case = await review.begun("M2")
    for by in ("anna", "boris"):
        await review.reads(by, case, 1, "30", "SD")
    for role, told in (("investigator", False), ("monitor", False), ("sponsor", False), ("inspector", True)):
        sites = ("01",) if role == "investigator" else ()
        scan = (await review.api.get(f"{PATH}/review", role, *sites)).json()["scans"][1]
        assert (scan["reads_locked"], scan["response"]) == (2, "SD" if told else None)
        assert scan["settled_on"] == "2022-12-01"


READER = {("POST", what) for what in ("claims", "lesions", "reads", "adjudications")} | {("GET", ""), ("GET", "queue")}
OTHERS: dict[str, tuple[str, str, set[Role], set[Role]]] = {
    "submit": ("POST", f"{PATH}/review-scans", set(), {Role.INVESTIGATOR, Role.COORDINATOR}),
    "again": ("POST", f"{PATH}/review/re-reads", {Role.MONITOR}, set()),
    "stand": (
        "GET",
        f"{PATH}/review",
        {Role.SPONSOR, Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD},
        set(SITE_ROLES),
    ),
    "agree": ("GET", "/review-agreement", {Role.SPONSOR, Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN}, set()),
}


@pytest.mark.parametrize(("role", "sites"), list(product(Role, [("01",), ("02",), ()])))
async def test_every_endpoint_for_every_role(review: Review, role: Role, sites: tuple[str, ...]) -> None:
    case = await review.begun("M2")
    await review.reads("anna", case, 1, "30", "SD")
    await review.api.parts.catch_up()
    bodies: dict[str, Any] = {
        "submit": {"timepoint": "M4", "scan_on": DAYS["M4"], "modality": "CT", "study_uid": UIDS["M4"]},
        "again": {"timepoint": "M2", "place": 1, **WHY},
        "claims": {"task": "READ"},
        "lesions": LESIONS,
        "reads": {"sequence": 1, "seen": {}, "response": "NE"},
        "adjudications": {"sequence": 1, "chosen": "FIRST", "because": "OTHER"},
    }
    for what, (method, path, anywhere, own) in OTHERS.items():
        permitted = role in anywhere or (role in own and sites == ("01",))
        answer = await _asked(review, method, path, bodies.get(what), role, sites)
        assert answer.status_code == ((201 if method == "POST" else 200) if permitted else 403), what
    for method, what in READER:
        path = "/reading-queue" if what == "queue" else f"/reviews/{case}/{what}".rstrip("/")
        answer = await _asked(review, method, path, bodies.get(what), role, sites)
        assert (answer.status_code == 403) is not (role is Role.READER), what


async def _asked(review: Review, method: str, path: str, body: Any, role: Role, sites: tuple[str, ...]) -> Any:
    if method == "POST":
        return await review._post(path, body, role.value, *sites)
    return await review.api.get(path, role.value, *sites)


async def test_nothing_that_a_reader_is_told_leads_to_the_subject(review: Review) -> None:
    """Every answer of the whole way, refusals too: no subject, site, timepoint or day, in body or headers."""
    case = await review.begun("M2")
    told = [
        await review.get("/reading-queue", "anna"),
        await review.get(f"/reviews/{case}", "anna"),
        await review.get(f"/reviews/{case}", "nobody"),
        await review.reads("anna", case, 1, "30", "PD"),
        await review.reads("anna", case, 1, "30", "SD"),
        await review.reads("anna", case, 9, "30", "SD"),
        await review.reads("boris", case, 1, "40", "PD"),
        await review.says("anna", case, "claims", {"task": "ADJUDICATE"}),
        await review.says("clara", case, "claims", {"task": "ADJUDICATE"}),
        await review.says("clara", case, "adjudications", {"sequence": 1, "chosen": "FIRST", "because": "OTHER"}),
        await review.get("/reading-queue", "clara"),
        *[await review.get(f"{PATH}{path}", "anna") for path in ("/review", "/tumour-assessments", "/baselines")],
        await review.get("/review-agreement", "anna"),
    ]
    assert {answer.status_code for answer in told} == {200, 201, 403, 404, 409, 422}
    for answer in told:
        text = json.dumps([answer.text, dict(answer.headers)])
        for word in (SUBJECT, '"site', "01-0", "POST_C2", "M2", "2022-", "etag", "reluth-position"):
            assert word.lower() not in text.lower(), (word, answer.request.url.path, text)


async def test_versions_are_not_to_be_tried_out(review: Review) -> None:
    case = await review.begun("M2")
    token = review.api.issuer.mint("anna", ["reader"], ())
    headers = {"Authorization": f"Bearer {token}", "If-Match": '"6"'}
    body = {"sequence": 1, "seen": {}, "response": "NE"}
    refused = await review.api.post(f"/reviews/{case}/reads", body, "reader", key="tried", headers=headers)
    assert (refused.status_code, "actual" in refused.text) == (412, False)


async def test_of_an_erased_subject_there_is_no_case(review: Review) -> None:
    case = await review.begun("M2")
    await review.api.parts.hear(SubjectErased(study=STUDY, subject=SUBJECT, erased_on=NOW.date()))
    assert await review.queue("anna") == []
    assert (await review.get(f"/reviews/{case}", "anna")).status_code == 404
    assert (await review.reads("anna", case, 1, "30", "SD")).status_code == 404
    assert (await review.api.get(f"{PATH}/review", "inspector")).status_code == 410


async def test_the_queue_says_how_long_a_scan_waits(review: Review) -> None:
    await review.submit("POST_C2")
    review.api.parts.now += timedelta(days=15)
    (task,) = await review.queue("anna")
    assert (task["waiting_days"], task["due_in_days"], task["days_from_baseline"]) == (15, -1, 0)
