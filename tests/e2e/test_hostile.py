"""Bad bodies against every POST of the running system: refused with the field named, not echoed, nothing recorded."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from contracts.vocabulary.roles import Role
from services.cli.catalogue import NAMES
from tests.e2e.access import ENDPOINTS, Endpoint
from tests.e2e.forms import CANARY, NOT, form_of
from tests.e2e.people import Callers, Person, code, filled, together
from tests.e2e.trial import Trial

POSTS = [one for one in ENDPOINTS if one.method == "POST" and "/uploads/" not in one.template]
TABLES = [one for one in ENDPOINTS if one.method == "POST" and "/uploads/" in one.template]
PROBLEM: Final = "application/problem+json"


_STOPPING: Final = ("/allocation/pause", "/allocation/closure")


def test_every_post_that_takes_a_body_is_here() -> None:
    without = {str(endpoint).rpartition("/")[2] for endpoint in POSTS if form_of(endpoint) is None}
    assert without == {"activation", "randomization-authorizations", "strata-verifications"}


def _written(body: Mapping[str, Any], field: str, fragment: str) -> bytes:
    """The body with one value written as this."""
    parts = [f"{json.dumps(k)}: {fragment if k == field else json.dumps(v)}" for k, v in body.items()]
    return f"{{{', '.join(parts)}}}".encode()


@dataclass(frozen=True, slots=True)
class Bad:
    """A request that must be refused. `at` is the field to be named, `hidden` what may not be repeated."""

    endpoint: Endpoint
    what: str
    content: bytes
    at: str | None = None
    hidden: str = CANARY
    content_type: str = "application/json"
    statuses: tuple[int, ...] = (400, 422)
    role: Role | None = None


def _bad_values(endpoint: Endpoint) -> Iterator[Bad]:
    form = form_of(endpoint)
    if form is None:
        return
    for field, kind in form.kinds.items():
        for name, fragment in NOT[kind].items():
            if fragment == "null" and field in form.may_be_absent:
                continue
            hidden = fragment.strip('"')[:60] if len(fragment) > 12 else CANARY
            content = _written(form.body, field, fragment)
            if field == form.whose and fragment.startswith('"') and "\\u" not in fragment:
                yield Bad(endpoint, f"{field}: {name}", content, None, hidden, statuses=(403,))
                continue
            yield Bad(endpoint, f"{field}: {name}", content, f"/{field}", hidden)
        if field not in form.may_be_absent:
            without = {k: v for k, v in form.body.items() if k != field}
            yield Bad(endpoint, f"{field} is missing", json.dumps(without).encode(), f"/{field}")
    extra = {**form.body, "patient_name": CANARY}
    yield Bad(endpoint, "one field more", json.dumps(extra).encode(), "/patient_name")
    first = next(iter(form.body))
    twice = json.dumps(dict(form.body))[:-1] + f', "{first}": "{CANARY}"}}'
    yield Bad(endpoint, "a field twice", twice.encode(), "")


def _bad_bodies(endpoint: Endpoint) -> Iterator[Bad]:
    form = form_of(endpoint)
    right = json.dumps(form.body if form else {}).encode()
    yield Bad(endpoint, "broken off", b'{"' + CANARY.encode(), statuses=(400,))
    yield Bad(endpoint, "not UTF-8", right[:-1] + b', "x": "\xff\xfe"}', statuses=(400,))
    yield Bad(endpoint, "UTF-16", right.decode().encode("utf-16"), statuses=(400,))
    yield Bad(endpoint, "10,000 levels of lists", b"[" * 10_000 + b"]" * 10_000, statuses=(400,))
    yield Bad(endpoint, "10,000 levels of objects", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, statuses=(400,))
    yield Bad(endpoint, "100,000 levels left open", b"[" * 100_000, statuses=(400,))
    yield Bad(endpoint, "10 MB", json.dumps({"x": CANARY * 600_000}).encode(), statuses=(413,))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x", ""):
        yield Bad(endpoint, f"sent as {kind or 'nothing'}", right, content_type=kind, statuses=(415,))
    yield Bad(endpoint, "in Latin-1", right, content_type="application/json; charset=latin-1", statuses=(415,))
    if form:
        yield Bad(endpoint, "nothing", b"")
        yield Bad(endpoint, "null", b"null")
        yield Bad(endpoint, "a list", b"[" + right + b"]")
        yield Bad(endpoint, "a word", json.dumps(CANARY).encode())
        yield Bad(endpoint, "a number", b"17")


@pytest.fixture(scope="module")
async def callers(_running: Any) -> AsyncIterator[Callers]:
    async with httpx.AsyncClient(timeout=60) as client:
        yield Callers(_running[0], client)


async def _heads(callers: Callers) -> dict[str, Any]:
    """Where each service's log ends, position and hash."""
    found = {}
    for name in NAMES:
        ready = (await callers.client.get(f"{callers.system.urls[name]}/health/ready")).json()
        found[name] = (ready["checks"]["log"]["position"], ready["checks"]["log"]["hash"])
    return found


async def _send(callers: Callers, bad: Bad, subject: str, number: int, **known: str) -> httpx.Response:
    form = form_of(bad.endpoint)
    role = bad.role or (
        form.role if form else (Role.SPONSOR if bad.endpoint.service == "randomizer" else Role.RANDOMIZER)
    )
    headers = {
        "Authorization": f"Bearer {callers.token(Person((role,), ('01',)))}",
        "Idempotency-Key": f"hostile-{number}-{abs(hash((str(bad.endpoint), bad.what)))}",
    }
    if bad.content_type:
        headers["Content-Type"] = bad.content_type
    url = callers.system.urls[bad.endpoint.service] + filled(bad.endpoint, subject, **known)
    return await callers.client.post(url, content=bad.content, headers=headers)


def _faults(bad: Bad, answer: httpx.Response) -> Iterator[str]:
    if answer.status_code not in bad.statuses:
        yield f"status {answer.status_code} {answer.text[:200]}"
        return
    if answer.headers["content-type"] != PROBLEM:
        yield f"content type {answer.headers['content-type']}"
        return
    if bad.hidden in answer.text or CANARY in answer.text:
        yield f"repeats what was sent: {answer.text[:200]}"
    if code(answer) in ("idempotency-key-missing", "unexpected"):
        yield code(answer)
    if bad.at is not None and not any(name == bad.at or name.startswith(f"{bad.at}/") for name in _named(answer)):
        yield f"names {_named(answer)} instead of {bad.at}: {answer.text[:300]}"


def _named(answer: httpx.Response) -> list[str]:
    """The fields that a refusal names: of the wrong form, or of the wrong content."""
    problem = answer.json()
    context = problem.get("context", {})
    of_entries = context.get("errors", ())
    return [
        *(error["pointer"] for error in problem.get("errors", ())),
        *(f"/{name}" for name in (*context, *code(answer).split("-"))),
        *(error["pointer"] for error in of_entries),
        *(f"/{told['field']}" for told in (context, *(e.get("context", {}) for e in of_entries)) if "field" in told),
    ]


async def test_a_bad_body_is_refused_by_name_and_leaves_no_trace(callers: Callers, trial: Trial) -> None:
    subject = trial.twins("01")["A"]
    asked = [bad for endpoint in POSTS for bad in (*_bad_bodies(endpoint), *_bad_values(endpoint))]
    before = await _heads(callers)
    answers = await together(_send(callers, bad, subject, n) for n, bad in enumerate(asked))
    wrong = [
        f"{bad.endpoint}: {bad.what}: {fault}"
        for bad, answer in zip(asked, answers, strict=True)
        for fault in _faults(bad, answer)
    ]
    assert not wrong, f"{len(wrong)} of {len(asked)}:\n" + "\n".join(wrong)
    assert await _heads(callers) == before


async def test_a_table_that_is_none_leaves_no_trace(callers: Callers, trial: Trial) -> None:
    """Bytes that are no table, and one of the wrong columns, are refused whole."""
    before = await _heads(callers)
    for endpoint in TABLES:
        for content in (b"", b"\xff\xfe\x00", CANARY.encode(), b'"' + CANARY.encode(), b"a,b\n1,2\n"):
            bad = Bad(endpoint, "no table", content, content_type="text/csv", statuses=(422,), role=Role.INVESTIGATOR)
            assert not list(_faults(bad, await _send(callers, bad, trial.twins("01")["A"], 0)))
        as_json = Bad(endpoint, "JSON", b"{}", content_type="application/x", statuses=(415,), role=Role.INVESTIGATOR)
        assert not list(_faults(as_json, await _send(callers, as_json, trial.twins("01")["A"], 0)))
    assert await _heads(callers) == before


async def test_the_bodies_are_right_but_for_what_is_wrong_with_them(callers: Callers) -> None:
    """Sent about a subject that does not exist, or against what is so already, each is understood and refused."""
    answers = []
    for endpoint in POSTS:
        if (form := form_of(endpoint)) is None:
            continue
        body = {**form.body, **({"site": "01"} if "site" in form.body else {})}
        if "subject" in body:
            body["subject"] = "01-998"
        if endpoint.template.endswith("/subjects"):
            body["screened_on"] = "2021-03-31"  # before the site was activated
        if "cap" in body:
            body["cap"] = 146
        if endpoint.template.endswith("/webhooks"):
            body["events"] = body["events"] * 2
        # What would stop the trial of all tests is asked about one that is not run here.
        known = {"study": "ELSEWHERE"} if endpoint.template.endswith(_STOPPING) else {}
        answers.append(_send(callers, Bad(endpoint, "understood", json.dumps(body).encode()), "01-998", 0, **known))
    for answer in await together(answers):
        assert answer.status_code in (404, 409, 422), answer.text
        assert code(answer) != "invalid-request", answer.text


@pytest.mark.parametrize("service", NAMES)
async def test_a_body_without_end_is_cut_off(callers: Callers, service: str) -> None:
    """No length is announced and 10 MB come in pieces: the answer comes when the limit is passed."""
    endpoint = next((e for e in POSTS if e.service == service), ENDPOINTS[0])
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(160):
            sent += 65_536
            yield b" " * 65_536
            await asyncio.sleep(0)

    token = callers.token(Person((Role.SPONSOR,)))
    url = callers.system.urls[endpoint.service] + filled(endpoint, "01-001")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": "endless"}
    answer = await callers.client.post(url, content=pieces(), headers=headers)
    assert (answer.status_code, code(answer)) == (413, "body-too-large")


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 400, "5, 6"])
async def test_a_false_length_is_refused(callers: Callers, length: str) -> None:
    """On a connection of its own: what follows a false length cannot be told from the next request."""
    url = httpx.URL(callers.system.urls["safety"])
    reader, writer = await asyncio.open_connection(url.host, url.port)
    token = callers.token(Person((Role.PV,)))
    request = (
        f"POST /studies/RELUTH/subjects/01-001/adverse-events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{}}"
    )
    writer.write(request.encode())
    answer = await asyncio.wait_for(reader.read(4096), 10)
    writer.close()
    assert answer.split()[1] in (b"400", b"413")


_ADDRESSES = {
    "NUL in the subject": "/studies/RELUTH/subjects/01%00001",
    "not UTF-8": "/studies/RELUTH/subjects/%ff%fe",
    "half a surrogate pair": "/studies/RELUTH/subjects/%ed%a0%80",
    "another script's digits": "/studies/RELUTH/subjects/%D9%A0%D9%A1-001",
    "a slash in the subject": "/studies/RELUTH/subjects/..%2f..%2fetc%2fpasswd",
    "a quote": "/studies/RELUTH/subjects/01-001'%20OR%201=1--",
    "a very long subject": "/studies/RELUTH/subjects/01-" + "0" * 4000,
    "a line break": "/studies/RELUTH/subjects/01-001%0A",
    "a line break behind the study": "/studies/RELUTH%0A/subjects/01-001",
    "a past that is no time": "/studies/RELUTH/subjects/01-001?as_of=yesterday",
    "a position beyond all": "/studies/RELUTH/subjects/01-001?as_of=" + "9" * 40,
    "a page of none": "/studies/RELUTH/subjects?limit=0",
    "a page of too many": "/studies/RELUTH/subjects?limit=100000000000000000000",
    "a cursor of somebody else": "/studies/RELUTH/subjects?cursor=AAAA",
    "NUL in the cursor": "/studies/RELUTH/subjects?cursor=%00",
    "a site that is none": "/studies/RELUTH/subjects?site=1",
}


@pytest.mark.parametrize("address", _ADDRESSES.values(), ids=_ADDRESSES)
async def test_a_bad_address_is_refused(callers: Callers, trial: Trial, address: str) -> None:
    headers = {"Authorization": f"Bearer {callers.token(Person((Role.SPONSOR, Role.COORDINATOR), ('01',)))}"}
    answer = await callers.client.get(callers.system.urls["enrolment"] + address, headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == PROBLEM
    sent = address.rpartition("/")[2].rpartition("=")[2]
    assert len(sent) < 5 or sent not in answer.text
