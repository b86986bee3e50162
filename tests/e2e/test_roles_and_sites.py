"""Every endpoint, every role, own site, other site, no site: decided in `access.py`, asked of the running system."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from contracts.vocabulary.roles import SITE_ROLES, Role
from services.chassis.auth.issuer import LocalIssuer
from services.cli.catalogue import NAMES
from services.cli.demo.drive import STUDY
from tests.e2e.access import AFTER_THE_LOCK, ARM_BEARING, ENDPOINTS, OPEN, Endpoint
from tests.e2e.conftest import Whole
from tests.e2e.people import Callers, Person, code, filled, naming, together, values
from tests.e2e.trial import Trial

GUARDED = {service: next(e for e in ENDPOINTS if e.service == service and e.method == "GET") for service in NAMES}
OF_SUBJECT = [endpoint for endpoint in ENDPOINTS if endpoint.about_a_subject]
LISTS = [
    e
    for e in ENDPOINTS
    if e.method == "GET" and not e.about_a_subject and "{site}" not in e.template and "o" in e.reach.values()
]
BY_SITE = {
    "enrolment GET /studies/{study}/subjects",
    "enrolment GET /studies/{study}/visits",
    "analytics GET /studies/{study}/participant-flow",
    "analytics GET /studies/{study}/disease-status",
    "analytics GET /studies/{study}/alerts",
}  # lists that can be asked for one site
TELLING_ARMS = [e for e in ENDPOINTS if e.method == "GET" and (e.service, e.template) in ARM_BEARING]
OWN, OTHER = "01", "02"


@pytest.fixture
async def callers(whole: Whole) -> Callers:
    return Callers(whole.system, whole.api.client)


@pytest.fixture
def own(trial: Trial) -> str:
    """A randomized subject of site 01."""
    return trial.twins(OWN)["A"]


async def _document(whole: Whole, service: str) -> dict[str, Any]:
    document: dict[str, Any] = (await whole.api.client.get(f"{whole.system.urls[service]}/openapi.json")).json()
    return document


@pytest.mark.parametrize("service", NAMES)
async def test_the_table_has_every_endpoint_and_no_other(whole: Whole, service: str) -> None:
    paths = (await _document(whole, service))["paths"]
    there = {(method.upper(), path) for path, operations in paths.items() for method in operations}
    written = {(e.method, e.template) for e in ENDPOINTS if e.service == service}
    assert there == written | {("GET", path) for path in OPEN}


def _outcome(endpoint: Endpoint, answer: httpx.Response) -> str:
    """Whether the caller was let in. A POST without a key gets as far as the question for one, and records nothing."""
    if answer.status_code == 403:
        return "denied" if code(answer) in ("not-permitted", "open-role-beside-closed") else answer.text
    if endpoint.method == "POST":
        passed = answer.status_code == 400 and code(answer) == "idempotency-key-missing"
    else:
        passed = answer.status_code == 200 or (answer.status_code == 404 and "route" not in code(answer))
        if (endpoint.service, endpoint.template) in AFTER_THE_LOCK:
            passed = (answer.status_code, code(answer)) == (409, "allocation-not-locked")
    return "let in" if passed else f"{answer.status_code}: {answer.text}"


def _expected(endpoint: Endpoint, role: Role, sites: tuple[str, ...]) -> str:
    match endpoint.reach.get(role):
        case "A":
            return "let in"
        case "o" if sites == (OWN,):
            return "let in"
        case "o" if sites and endpoint in LISTS:  # it sees the rows of its own site, see the next test
            return "let in"
        case "o" if (
            sites and "/uploads/" in endpoint.template
        ):  # each row of a table is decided by the site that it names
            return "let in"
        case _:
            return "denied"


@pytest.mark.parametrize("sites", [(OWN,), (OTHER,), ()], ids=["own site", "other site", "no site"])
async def test_every_endpoint_decides_as_the_table_says(callers: Callers, own: str, sites: tuple[str, ...]) -> None:
    asked = [(endpoint, role) for endpoint in ENDPOINTS for role in Role]

    async def decision(endpoint: Endpoint, role: Role) -> str:
        body = naming(endpoint, own) if endpoint.method == "POST" else None
        answer = await callers.call(Person((role,), sites), endpoint, filled(endpoint, own), json=body)
        return _outcome(endpoint, answer)

    found = await together(decision(endpoint, role) for endpoint, role in asked)
    wrong = [
        f"{endpoint} as {role}: {outcome}"
        for (endpoint, role), outcome in zip(asked, found, strict=True)
        if outcome != _expected(endpoint, role, sites)
    ]
    assert not wrong


@pytest.mark.parametrize("endpoint", LISTS, ids=str)
async def test_a_list_shows_site_roles_their_own_rows_alone(callers: Callers, trial: Trial, endpoint: Endpoint) -> None:
    path = filled(endpoint, trial.screened)
    for role in (Role.COORDINATOR, Role.PHARMACIST):
        for sites in ((OWN,), (OTHER,), (OWN, OTHER)):
            pages = await _pages(callers, Person((role,), sites), endpoint, path)
            subjects = {str(subject) for page in pages for subject in values(page, ["subject"])}
            assert {subject[:2] for subject in subjects} <= set(sites)
            if "items" in pages[0]:
                assert {subject[:2] for subject in subjects} == set(sites)
            for foreign in {OWN, OTHER, "03"} - set(sites) if str(endpoint) in BY_SITE else ():
                refused = await callers.call(Person((role,), sites), endpoint, path, params={"site": foreign})
                assert (refused.status_code, code(refused)) == (403, "not-permitted")


async def _pages(callers: Callers, person: Person, endpoint: Endpoint, path: str) -> list[Any]:
    """A list to its last page."""
    pages = [(await callers.call(person, endpoint, path)).json()]
    while pages[-1].get("next") is not None:
        pages.append((await callers.call(person, endpoint, path, params={"cursor": pages[-1]["next"]})).json())
    return pages


@pytest.mark.parametrize("service", ["safety"])
async def test_an_alert_of_another_sites_subject_is_not_listed_by_its_number(
    callers: Callers, trial: Trial, service: str
) -> None:
    endpoint = next(e for e in ENDPOINTS if (e.service, e.template) == (service, "/studies/{study}/alerts"))
    subject = trial.twins(OWN)["A"]
    path = filled(endpoint, subject)
    own = await callers.call(Person((Role.INVESTIGATOR,), (OWN,)), endpoint, path, params={"subject": subject})
    other = await callers.call(Person((Role.INVESTIGATOR,), (OTHER,)), endpoint, path, params={"subject": subject})
    assert own.json()["items"]
    assert not other.json()["items"]


def _without_instance(answer: httpx.Response) -> tuple[int, dict[str, Any], dict[str, str]]:
    """An answer without what is new in every answer."""
    headers = {k: v for k, v in answer.headers.items() if k not in ("x-correlation-id", "date")}
    return answer.status_code, {k: v for k, v in answer.json().items() if k != "instance"}, headers


@pytest.mark.parametrize("endpoint", OF_SUBJECT, ids=str)
async def test_another_sites_subject_cannot_be_told_from_one_that_does_not_exist(
    callers: Callers, trial: Trial, endpoint: Endpoint
) -> None:
    subjects = (trial.twins(OWN)["A"], trial.screened, f"{OWN}-999", "03-001")
    body = {} if endpoint.method == "POST" else None
    for role in (Role.INVESTIGATOR, Role.RANDOMIZER):
        person = Person((role,), (OTHER,))
        answers = await together(callers.call(person, endpoint, filled(endpoint, s), json=body) for s in subjects)
        first, *others = [_without_instance(answer) for answer in answers]
        assert first[0] == 403
        assert all(other == first for other in others)
        assert not any(subject in answer.text for subject, answer in zip(subjects, answers, strict=True))


async def test_randomizing_another_sites_subject_tells_nothing_of_it(callers: Callers, trial: Trial) -> None:
    endpoint = next(e for e in ENDPOINTS if str(e).endswith("POST /studies/{study}/randomizations"))
    person = Person((Role.RANDOMIZER,), (OTHER,))
    answers = [
        await callers.call(
            person, endpoint, filled(endpoint, s), json={"subject": s}, headers={"Idempotency-Key": f"foreign-{s}"}
        )
        for s in (trial.twins(OWN)["A"], trial.screened, f"{OWN}-999")
    ]
    first, *others = [_without_instance(answer) for answer in answers]
    assert first[0] == 403
    assert all(other == first for other in others)


# ---- several roles, several sites


async def _let_in(callers: Callers, person: Person, subject: str) -> dict[str, str]:
    """What the person may do with a subject, by endpoint."""

    async def outcome(endpoint: Endpoint) -> str:
        body = naming(endpoint, subject) if endpoint.method == "POST" else None
        return _outcome(endpoint, await callers.call(person, endpoint, filled(endpoint, subject), json=body))

    found = await together(outcome(endpoint) for endpoint in OF_SUBJECT)
    return {str(endpoint): outcome for endpoint, outcome in zip(OF_SUBJECT, found, strict=True)}


async def test_two_sites_are_both_ones_own_and_a_third_is_not(callers: Callers, trial: Trial) -> None:
    at_both = Person((Role.INVESTIGATOR,), (OWN, OTHER))
    of_one = await _let_in(callers, at_both, trial.twins(OWN)["A"])
    of_the_other = await _let_in(callers, at_both, f"{OTHER}-001")
    of_a_third = await _let_in(callers, at_both, "03-001")
    assert of_one == of_the_other
    assert set(of_one.values()) == {"let in", "denied"}
    assert set(of_a_third.values()) == {"denied"}


async def test_several_roles_are_their_union_and_no_more(callers: Callers, trial: Trial) -> None:
    both = Person((Role.COORDINATOR, Role.RANDOMIZER), (OWN,))
    reach = {str(e): Role.COORDINATOR in e.reach or Role.RANDOMIZER in e.reach for e in OF_SUBJECT}
    found = await _let_in(callers, both, trial.twins(OWN)["A"])
    assert found == {name: "let in" if reached else "denied" for name, reached in reach.items()}
    assert set((await _let_in(callers, both, f"{OTHER}-001")).values()) == {"denied"}


async def test_a_role_everywhere_does_not_carry_a_site_role_with_it(callers: Callers) -> None:
    """The sponsor's reach is all sites, the coordinator's is site 01: together they do not enter data at site 02."""
    person = Person((Role.COORDINATOR, Role.SPONSOR), (OWN,))
    found = await _let_in(callers, person, f"{OTHER}-001")
    expected = {str(e): "let in" if e.reach.get(Role.SPONSOR) == "A" else "denied" for e in OF_SUBJECT}
    assert found == expected
    assert found["randomizer GET /studies/{study}/randomizations/{subject}"] == "denied"


@pytest.mark.parametrize("closed", [Role.STATISTICIAN, Role.SAFETY_BOARD])
async def test_who_takes_part_in_the_trial_sees_no_arms_by_a_closed_role(
    callers: Callers, trial: Trial, closed: Role
) -> None:
    """Who can enrol and knows every arm can foretell the next one of a block (ruling 20)."""
    own, elsewhere = trial.twins(OWN)["A"], next(s for s in trial.arms if s.startswith(OTHER))
    for beside in sorted(set(Role) - {Role.STATISTICIAN, Role.SAFETY_BOARD}):
        person = Person((closed, beside), (OWN,) if beside in SITE_ROLES else ())
        for endpoint in TELLING_ARMS:
            answer = await callers.call(person, endpoint, filled(endpoint, elsewhere))
            why = "open-role-beside-closed" if closed in endpoint.reach else "not-permitted"
            assert (answer.status_code, code(answer)) == (403, why), beside
            if endpoint.about_a_subject:
                of_own = await callers.call(person, endpoint, filled(endpoint, own))
                assert of_own.status_code == (200 if beside in SITE_ROLES else 403), beside


async def test_what_a_token_says_beside_roles_of_the_trial_changes_nothing(callers: Callers, trial: Trial) -> None:
    """Identity providers put roles of their own into every token."""
    token = callers.system.issuer.mint("e2e-stranger", ["statistician", "offline_access", "default-roles-x"])
    for endpoint in TELLING_ARMS:
        url = callers.system.urls[endpoint.service] + filled(endpoint, trial.twins(OWN)["A"])
        answer = await callers.client.get(url, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200


async def _letting_in(callers: Callers, token: str, subject: str, asked: Sequence[Endpoint]) -> list[str]:
    """The endpoints that do not deny the bearer of this token."""

    async def status(endpoint: Endpoint) -> int:
        url = callers.system.urls[endpoint.service] + filled(endpoint, subject)
        return (
            await callers.client.request(endpoint.method, url, headers={"Authorization": f"Bearer {token}"})
        ).status_code

    found = await together(status(endpoint) for endpoint in asked)
    return [str(endpoint) for endpoint, status in zip(asked, found, strict=True) if status != 403]


@pytest.mark.parametrize("roles", [["admin"], ["*"], ["Investigator"], [" investigator"], ["investigator,sponsor"], []])
async def test_roles_that_the_trial_does_not_know_open_nothing(callers: Callers, own: str, roles: list[str]) -> None:
    token = callers.system.issuer.mint("e2e-nobody", roles, [OWN])
    assert await _letting_in(callers, token, own, ENDPOINTS) == []


@pytest.mark.parametrize("sites", [["*"], ["1"], ["001"], ["0"], [""], ["01*"], ["02"]])
async def test_only_the_site_itself_is_the_own_site(callers: Callers, own: str, sites: list[str]) -> None:
    token = callers.system.issuer.mint("e2e-elsewhere", ["investigator"], sites)
    assert await _letting_in(callers, token, own, OF_SUBJECT) == []


# ---- no caller, and false ones


async def test_every_endpoint_wants_a_token(callers: Callers, own: str) -> None:
    found = await together(
        callers.call(None, e, filled(e, own), json=naming(e, own) if e.method == "POST" else None) for e in ENDPOINTS
    )
    wrong = [
        str(e)
        for e, answer in zip(ENDPOINTS, found, strict=True)
        if (answer.status_code, code(answer)) != (401, "token-missing") or "www-authenticate" not in answer.headers
    ]
    assert not wrong


@pytest.fixture(scope="module")
async def false_tokens(
    trial: Trial, _running: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, str]]:
    """Tokens that say `sponsor, investigator at 01` and must not be believed, by what is wrong with them."""
    system = _running[0]
    state, url, audience = system.options.state_dir, system.issuer.issuer, system.issuer.audience
    claims = ("e2e-false", ["sponsor", "investigator"], [OWN])

    def minted(state: Path = state, issuer: str = url, audience: str = audience, hours: float = 0) -> str:
        def clock() -> datetime:
            return datetime.now(UTC) + timedelta(hours=hours)

        return LocalIssuer(state, issuer=issuer, audience=audience, clock=clock).mint(*claims)

    good = minted()
    header, payload, signature = good.split(".")
    unsigned = jwt.encode(jwt.decode(good, options={"verify_signature": False}), "", algorithm="none")
    return (
        good,
        {
            "signed by another issuer": minted(state=tmp_path_factory.mktemp("stranger")),
            "of another issuer": minted(issuer="http://127.0.0.1:1/issuer"),
            "for another audience": minted(audience="somebody-else"),
            "expired": minted(hours=-9),
            "not valid yet": minted(hours=1),
            "unsigned": unsigned,
            "changed": ".".join((header, payload[:-2] + ("AA" if payload[-2:] != "AA" else "BB"), signature)),
            "not a token": "sponsor",
        },
    )


@pytest.mark.parametrize("service", NAMES)
async def test_false_tokens_are_refused_by_every_service(
    whole: Whole, false_tokens: tuple[str, dict[str, str]], service: str
) -> None:
    good, false = false_tokens
    client, endpoint = whole.api.client, GUARDED[service]
    url = whole.system.urls[service] + filled(endpoint, "01-001")
    for wrong, token in false.items():
        answer = await client.get(url, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, code(answer)) == (401, "token-not-accepted"), wrong
        assert token not in answer.text
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    twice = await client.get(url, headers=[("Authorization", f"Bearer {good}"), ("Authorization", f"Bearer {good}")])
    assert twice.status_code == 401
    in_the_address = await client.get(url, params={"access_token": good})
    assert in_the_address.status_code == 401


@pytest.mark.parametrize("service", NAMES)
async def test_what_is_open_says_nothing_of_a_subject(whole: Whole, trial: Trial, service: str) -> None:
    for path in sorted(OPEN | {"/openapi.json", "/docs"}):
        answer = await whole.api.client.get(whole.system.urls[service] + path)
        assert answer.status_code == 200
        told = [subject for subject in (*trial.arms, trial.screened) if subject in answer.text]
        assert path == "/openapi.json" or not told, path
    unknown = await whole.api.client.get(f"{whole.system.urls[service]}/studies/{STUDY}/no-such-thing")
    assert (unknown.status_code, code(unknown)) == (404, "route-unknown")
