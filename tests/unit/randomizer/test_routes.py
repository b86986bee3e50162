"""The API: who may do what where, what a bad body is told, and no way for the arm to leave its scope."""

import json
from itertools import product

import pytest

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.refusal import Refused

from .service import NOT_AUTHORIZED, Service, running
from .world import CONFIGURATION, subject

ALL = frozenset(Role)
OVERSIGHT = frozenset({Role.SPONSOR, Role.MONITOR, Role.INSPECTOR})
CLOSED = frozenset({Role.STATISTICIAN, Role.SAFETY_BOARD})

SIGNERS = frozenset({Role.SPONSOR, Role.STATISTICIAN})
WHY = {"reason": "Amendment 3"}
SIGNATURE = {**WHY, "configuration_sha256": CONFIGURATION.sha256}

# Action: (method, path, body), roles anywhere, roles at the subject's own site alone.
TABLE = {
    "draft": (("POST", "/allocation/drafts", WHY), SIGNERS, set()),
    "read the drafts": (("GET", "/allocation/drafts", None), SIGNERS | {Role.INSPECTOR}, set()),
    "sign": (("POST", "/allocation/drafts/1/signatures", SIGNATURE), SIGNERS, set()),
    "activate": (("POST", "/allocation/drafts/1/activation", None), {Role.SPONSOR}, set()),
    "read the allocation": (("GET", "/allocation", None), SITE_ROLES | OVERSIGHT | CLOSED | {Role.OPS}, set()),
    "change the cap": (("POST", "/allocation/cap", {"cap": 150, **WHY}), {Role.SPONSOR}, set()),
    "pause": (("POST", "/allocation/pause", WHY), {Role.SPONSOR}, set()),
    "resume": (("POST", "/allocation/resumption", WHY), {Role.SPONSOR}, set()),
    "close": (("POST", "/allocation/closure", WHY), {Role.SPONSOR}, set()),
    "sign the lock": (("POST", "/allocation/lock-signatures", WHY), SIGNERS, set()),
    "randomize": (("POST", "/randomizations", {"subject": "01-009"}), set(), {Role.RANDOMIZER}),
    "list": (("GET", "/randomizations", None), OVERSIGHT | SITE_ROLES, set()),
    "read an arm": (("GET", "/randomizations/01-001", None), CLOSED, SITE_ROLES),
}


@pytest.fixture
async def api(tmp_path):
    service = Service()
    async with running(service, tmp_path) as api:
        yield api


@pytest.fixture
async def active(api):
    await api.service.activate()
    await api.service.randomize("01-001")
    return api


async def prepare(service, what):
    """Bring the allocation where this action is possible."""
    match what:
        case "draft":
            pass
        case "sign":
            await service.draft()
        case "activate":
            await service.signed()
        case _:
            await service.activate()
            await service.randomize("01-001")
    if what == "resume":
        await service.change("pause")
    if what == "sign the lock":
        await service.change("close")


async def call(api, what, role, *sites):
    (method, path, body), _, _ = TABLE[what]
    if method == "GET":
        return await api.get(path, role, *sites)
    return await api.post(path, body, role, *sites, key=f"{role} {what}".replace(" ", "-"))


@pytest.mark.parametrize(("what", "role", "sites"), list(product(TABLE, Role, [("01",), ("02",), ()])))
async def test_every_endpoint_for_every_role_at_the_own_site_another_and_none(api, what, role, sites):
    await prepare(api.service, what)
    _, anywhere, own_site = TABLE[what]
    permitted = role in anywhere or (role in own_site and sites == ("01",))
    if what == "list" and role in SITE_ROLES and not sites:
        permitted = False  # a site role without a site grants nothing
    before = await api.service.log.head()
    answer = await call(api, what, role.value, *sites)
    assert answer.status_code == ((201 if TABLE[what][0][0] == "POST" else 200) if permitted else 403), answer.text
    if not permitted:
        assert await api.service.log.head() == before


@pytest.mark.parametrize(("role", "sites"), list(product(sorted(ALL - CLOSED), [("01",), ("02",), ()])))
async def test_the_arm_reaches_nobody_outside_its_scope_by_any_route(active, role, sites):
    scope = role in SITE_ROLES and sites == ("01",)
    for what in sorted(TABLE, key=lambda what: what in ("close", "pause")):  # last: what comes after them is refused
        answer = await call(active, what, role.value, *sites)
        if not scope:
            assert "arm" not in keys_of(answer.json()), what
    for what in ("list", "read the allocation"):
        told = keys_of((await call(active, what, role.value, *sites)).json())
        assert told.isdisjoint(
            {"arm", "stratum", "strata", "block", "blocks", "block_sizes", "trace", "sealed", "seed"}
        )


def keys_of(value) -> set[str]:
    match value:
        case dict():
            return set(value) | {key for item in value.values() for key in keys_of(item)}
        case list():
            return {key for item in value for key in keys_of(item)}
        case _:
            return set()


async def test_a_caller_of_another_site_cannot_tell_who_is_randomized(active):
    there, not_there = [await active.get(f"/randomizations/01-00{n}", "investigator", "02") for n in (1, 2)]
    assert there.status_code == not_there.status_code == 403
    assert without_instance(there) == without_instance(not_there)


def without_instance(answer):
    return {name: value for name, value in answer.json().items() if name != "instance"}


async def test_nobody_comes_in_without_a_token(api):
    for (method, path, body), _, _ in TABLE.values():
        answer = await api.client.request(method, f"/studies/RELUTH{path}", json=body)
        assert answer.status_code == 401


async def test_the_allocation_is_drafted_signed_and_activated_and_everybody_may_check_the_commitment(api):
    before = (await api.get("/allocation", "monitor")).json()
    assert {name for name, value in before.items() if value is not None} == {
        "study", "kind", "status", "randomized", "lock_signatures",
    }  # fmt: skip
    assert before["kind"] == "production"
    assert (before["status"], before["randomized"]) == ("not-activated", 0)
    drafted = await api.post("/allocation/drafts", WHY, "statistician")
    assert drafted.status_code == 201
    assert drafted.json()["configuration_sha256"] == CONFIGURATION.sha256
    assert (drafted.json()["drafted_by"], drafted.json()["signed_by"]) == ("statistician", [])
    assert "Reluth-Position" not in drafted.headers, "nothing was published: nobody can wait for it"
    for role, signed_by in (("sponsor", ["sponsor"]), ("statistician", ["sponsor", "statistician"])):
        told = (await api.get("/allocation/drafts", role)).json()[0]["configuration_sha256"]
        signature = {"configuration_sha256": told, "reason": "Read and agreed"}
        signed = await api.post("/allocation/drafts/1/signatures", signature, role, key=f"sign-{role}")
        assert (signed.status_code, signed.json()["signed_by"]) == (201, signed_by)
        assert "Reluth-Position" not in signed.headers
        assert (await api.get("/allocation/drafts", "inspector")).json() == [signed.json()]
    assert (await api.get("/allocation", "monitor")).headers["Reluth-Position"] == "0"
    made = await api.post("/allocation/drafts/1/activation", None, "sponsor")
    assert made.status_code == 201
    assert made.json() == (await api.get("/allocation", "investigator", "01")).json()
    told = made.json()
    assert (told["kind"], told["status"], told["version"], told["cap"]) == ("production", "active", 1, 146)
    assert told["configuration_sha256"] == CONFIGURATION.sha256
    assert api.service.witness.seen == [told["commitment"]]
    assert told["stamp"]["authority"] == "witness.test"
    assert told["stamp"]["outside"] is False
    assert (made.headers["ETag"], made.headers["Reluth-Position"]) == ('"7"', "7")


async def test_a_repeated_request_gets_the_same_bytes(active):
    first = await active.post("/randomizations", {"subject": "01-002"}, "randomizer", "01", key="once")
    again = await active.post("/randomizations", {"subject": "01-002"}, "randomizer", "01", key="once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await active.post("/randomizations", {"subject": "01-003"}, "randomizer", "01", key="once")
    assert (other.status_code, other.json()["type"]) == (422, "urn:reluth:problem:idempotency-key-reused")


async def test_what_is_answered_is_what_is_read_afterwards(active):
    told = (await active.post("/randomizations", {"subject": "01-002"}, "randomizer", "01")).json()
    assert (await active.get("/randomizations/01-002", "statistician")).json() == told
    assert told["randomization_number"] == 2
    assert told["arm"] in {"A", "B"}


async def test_a_refusal_says_what_would_make_it_pass(active):
    answer = await active.post("/randomizations", {"subject": "01-001"}, "randomizer", "01")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:reluth:problem:already-randomized"
    assert problem["context"] == {"subject": "01-001", "randomization_number": 1, "randomized_on": "2022-03-01"}
    assert problem["remedy"]


async def test_enrolments_refusal_reaches_the_caller_with_its_code_and_remedy(active):
    active.service.enrolment.refusal = Refused(NOT_AUTHORIZED, reasons=["PD"])
    problem = (await active.post("/randomizations", {"subject": "01-002"}, "randomizer", "01")).json()
    assert problem["type"] == "urn:reluth:problem:randomization-not-authorized"
    assert problem["context"]["reasons"] == ["PD"]
    assert problem["remedy"] == NOT_AUTHORIZED.remedy


async def test_the_list_has_pages_and_site_roles_see_their_own_site(active):
    for n in range(2, 7):
        await active.service.randomize(subject(n, 1 + n % 2))
    everybody = (await active.get("/randomizations", "sponsor", limit=4)).json()
    assert [one["randomization_number"] for one in everybody["items"]] == [1, 2, 3, 4]
    assert set(everybody["items"][0]) == {"randomization_number", "subject", "randomization_date"}
    rest = (await active.get("/randomizations", "sponsor", limit=4, cursor=everybody["next"])).json()
    assert [one["randomization_number"] for one in rest["items"]] == [5, 6]
    assert rest["next"] is None
    own = (await active.get("/randomizations", "investigator", "02")).json()
    assert {one["subject"][:2] for one in own["items"]} == {"02"}
    assert [one["randomization_number"] for one in own["items"]] == [3, 5]


async def test_the_past_is_read_as_it_was_known(active):
    position = (await active.get("/randomizations/01-001", "statistician")).headers["Reluth-Position"]
    await active.service.randomize("01-002")
    assert len((await active.get("/randomizations", "sponsor")).json()["items"]) == 2
    then = (await active.get("/randomizations", "sponsor", as_of=position)).json()
    assert [one["subject"] for one in then["items"]] == ["01-001"]
    assert (await active.get("/allocation", "sponsor", as_of=position)).json()["randomized"] == 1
    assert (await active.get("/randomizations/01-002", "statistician", as_of=position)).status_code == 404


async def test_a_subject_that_is_not_randomized_is_not_found(active):
    answer = await active.get("/randomizations/01-002", "investigator", "01")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:reluth:problem:not-randomized")


async def test_a_study_that_is_not_run_here_is_not_found(api):
    for (method, path, body), anywhere, own_site in TABLE.values():
        role = sorted(anywhere or own_site)[0]
        headers = {**api.token(role.value, "01"), "Idempotency-Key": "k"}
        answer = await api.client.request(method, f"/studies/OTHER{path}", json=body, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:reluth:problem:unknown-study"), path


BAD_SUBJECTS = [
    None, 1, True, [], {}, "", "1-001", "01-01", "00-001", "01-0000001", "01-001 ", "01-001\n", " 01-001", "01/001",
    "01-00١", "A" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_SUBJECTS)
async def test_a_bad_subject_is_named_and_nothing_is_recorded(active, bad):
    before = await active.service.log.head()
    answer = await active.post("/randomizations", {"subject": bad}, "randomizer", "01")
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/subject"]
    assert await active.service.log.head() == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/subject"),
        ([], "/subject"),
        ({"subject": "01-002", "arm": "A"}, "/arm"),
        ({"subject": "01-002", "stratum": [{"factor": "F1", "level": "LT18"}]}, "/stratum"),
    ],
)
async def test_a_caller_supplies_neither_arm_nor_stratum(active, body, pointer):
    before = await active.service.log.head()
    answer = await active.post("/randomizations", body, "randomizer", "01")
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert await active.service.log.head() == before


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"cap": 0, "reason": "because"}, "/cap"),
        ({"cap": -1, "reason": "because"}, "/cap"),
        ({"cap": 100_001, "reason": "because"}, "/cap"),
        ({"cap": 2**53 - 1, "reason": "because"}, "/cap"),
        ({"cap": "150", "reason": "because"}, "/cap"),
        ({"cap": 150.0, "reason": "because"}, "/cap"),
        ({"cap": True, "reason": "because"}, "/cap"),
        ({"cap": None, "reason": "because"}, "/cap"),
        ({"reason": "because"}, "/cap"),
        ({"cap": 150}, "/reason"),
        ({"cap": 150, "reason": ""}, "/reason"),
        ({"cap": 150, "reason": "     "}, "/reason"),
        ({"cap": 150, "reason": "x" * 501}, "/reason"),
        ({"cap": 150, "reason": "a\x1bb\x07c"}, "/reason"),
        ({"cap": 150, "reason": 7}, "/reason"),
        ({"cap": 150, "reason": "because", "also": 1}, "/also"),
    ],
)
async def test_a_bad_cap_is_named_and_nothing_is_recorded(active, body, pointer):
    before = await active.service.log.head()
    answer = await active.post("/allocation/cap", body, "sponsor")
    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert await active.service.log.head() == before


@pytest.mark.parametrize(
    "raw",
    [
        b'{"subject": "01-002\\u0000"}',
        b'{"subject": "01-0',
        b"[" * 500,
        b"\xff\xfe",
        b"1e999999",
        b'{"subject": 1e999}',
    ],
)
async def test_a_broken_body_is_a_problem_and_nothing_is_recorded(active, raw):
    before = await active.service.log.head()
    headers = {
        **active.token("randomizer", "01"),
        "Idempotency-Key": "k",
        "Content-Type": "application/json",
    }
    answer = await active.client.post("/studies/RELUTH/randomizations", content=raw, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert await active.service.log.head() == before


@pytest.mark.parametrize("path", ["/randomizations/01-1", "/randomizations/1-001", "/randomizations/%C3%A9"])
@pytest.mark.parametrize("role", ["investigator", "statistician"])
async def test_a_malformed_subject_in_the_address_is_named(active, path, role):
    answer = await active.get(path, role, "01")
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/subject"}


async def test_a_post_without_a_key_is_refused(active):
    answer = await active.client.post(
        "/studies/RELUTH/randomizations", json={"subject": "01-002"}, headers=active.token("randomizer", "01")
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:reluth:problem:idempotency-key-missing")


async def test_the_document_names_every_refusal_and_no_private_field(active):
    document = (await active.client.get("/openapi.json")).json()
    refused = document["paths"]["/studies/{study}/randomizations"]["post"]["responses"]["409"]
    examples = refused["content"]["application/problem+json"]["examples"]
    assert {"already-randomized", "cap-reached", "allocation-not-active", "strata-incomplete"} <= set(examples)
    text = json.dumps(document["components"]["schemas"])
    assert "block_size" not in text
    assert "SealedText" not in text


async def test_an_allocation_is_enlarged_paused_resumed_closed_and_locked_by_its_routes(active):
    because = {"reason": "The board advised it"}
    for number, (what, body, role) in enumerate(
        (
            ("cap", {"cap": 160, **because}, "sponsor"),
            ("pause", because, "sponsor"),
            ("resumption", because, "sponsor"),
            ("closure", because, "sponsor"),
            ("lock-signatures", because, "sponsor"),
            ("lock-signatures", because, "statistician"),
        )
    ):
        answer = await active.post(f"/allocation/{what}", body, role, key=f"life-{number}")
        assert answer.status_code == 201, (what, answer.text)
    assert (await active.get("/allocation", "sponsor")).json()["status"] == "locked"
    late = await active.post("/allocation/pause", because, "sponsor", key="too-late")
    assert late.status_code == 409
