"""One trace follows a fact from the request through Kafka into the projection; no log, span or file tells a secret."""

import asyncio
import io
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path

import httpx
import pytest

from contracts.vocabulary.roles import Role
from services.cli.demo.drive import STUDY
from tests.e2e.access import ENDPOINTS, Endpoint
from tests.e2e.collector import Collector, Seen
from tests.e2e.conftest import Whole
from tests.e2e.people import Callers, Person, filled, together
from tests.e2e.trial import COMMENT, NARRATIVE, Trial

INVESTIGATOR = Person((Role.INVESTIGATOR,), ("01",))
RANDOMIZER = Person((Role.RANDOMIZER,), ("01",))


def _endpoint(named: str) -> Endpoint:
    return next(endpoint for endpoint in ENDPOINTS if str(endpoint) == named)


def _traceparent() -> tuple[str, str]:
    trace = secrets.token_hex(16)
    return trace, f"00-{trace}-{secrets.token_hex(8)}-01"


def _tree(spans: list[Seen]) -> set[tuple[str, str]]:
    """Which span of which service stands under which."""
    names = {span.span: f"{span.service} {span.name}" for span in spans}
    return {(names.get(span.parent, "the caller"), f"{span.service} {span.name}") for span in spans}


async def test_one_trace_follows_a_fact_from_the_request_through_kafka_into_the_projection(
    whole: Whole, trial: Trial, collector: Collector
) -> None:
    callers = Callers(whole.system, whole.api.client)
    trace, parent = _traceparent()
    answer = await callers.call(
        Person((Role.COORDINATOR,), ("01",)),
        _endpoint("safety POST /studies/{study}/subjects/{subject}/laboratory-results"),
        f"/studies/{STUDY}/subjects/{trial.twins('01')['A']}/laboratory-results",
        json={"analyte": "PLATELETS", "value": "17", "unit": "10*9/L", "sampled_on": "2022-12-01"},
        headers={"Idempotency-Key": f"trace-{trace}", "traceparent": parent},
    )
    assert answer.status_code == 201
    await whole.api.get(
        "analytics",
        f"/studies/{STUDY}/participant-flow",
        role="sponsor",
        consistency=f"safety:{answer.headers['Reluth-Position']}",
    )

    request = "reluth-safety POST /studies/{study}/subjects/{subject}/laboratory-results"
    received = "reluth-analytics receive reluth.safety"

    expected = {("the caller", request), (request, received)}

    def folded(tree: set[tuple[str, str]]) -> set[str]:
        return {below for above, below in tree if above == received}

    def enough(spans: list[Seen]) -> bool:
        return expected <= (tree := _tree(spans)) and bool(folded(tree))

    tree = _tree(await asyncio.to_thread(collector.of_trace, trace, enough))
    assert expected <= tree
    assert folded(tree)
    assert all(name.startswith("reluth-analytics fold safety.") for name in folded(tree))


async def test_the_trace_of_a_randomization_goes_through_the_question_and_the_reaction(
    trial: Trial, collector: Collector
) -> None:
    """Randomizer asks enrolment, enrolment asks assessment; enrolment hears of the randomization and plans visits."""
    trace = collector.first(
        lambda span: (
            span.name == "POST /studies/{study}/randomizations"
            and span.attributes["http.response.status_code"] == "201"
        )
    ).trace
    expected = {
        ("reluth-randomizer", "POST"),
        ("reluth-enrolment", "POST"),
        ("reluth-assessment", "GET"),
        ("reluth-enrolment", "receive"),
        ("reluth-enrolment", "react"),
        ("reluth-analytics", "receive"),
        ("reluth-analytics", "fold"),
    }

    def kinds(spans: list[Seen]) -> set[tuple[str, str]]:
        return {(span.service, span.name.partition(" ")[0]) for span in spans}

    spans = await asyncio.to_thread(collector.of_trace, trace, lambda spans: expected <= kinds(spans))
    assert expected <= kinds(spans)


# ---- what nobody may read in a log, a span, or a file of the servers


@pytest.fixture(scope="module")
def canaries(trial: Trial) -> dict[str, str]:
    """Texts by where they are put. The trial's own were sealed while it was played."""
    return {
        "narrative": NARRATIVE,
        "comment": COMMENT,
        "key": "Canary-key-Rosalind",
        "query": "Canary-query-Vogelsang",
        "path": "Canary-path-Ingeborg",
        "header": "Canary-header-Szczepan",
        "body": "Canary-body-Gwendolyn",
        "reason": "Canary-reason-Leocadia",
        "token": "Canary-token.Ferdinand.x",
    }


async def _provoke(callers: Callers, trial: Trial, canaries: dict[str, str]) -> None:
    """Put each text where people put such texts: into what is refused, into what is malformed, into what is kept."""
    subject = trial.twins("01")["B"]
    report = _endpoint("safety POST /studies/{study}/subjects/{subject}/adverse-events")
    scan = _endpoint("assessment POST /studies/{study}/subjects/{subject}/tumour-assessments")
    body = {
        "term": 10028813,
        "grade": 2,
        "onset_on": "2022-12-01",
        "aware_at": "2022-12-02T06:00:00+00:00",
        "causality": "PROBABLE",
        "narrative": canaries["narrative"],
    }
    key = {"Idempotency-Key": canaries["key"]}
    kept = await callers.call(INVESTIGATOR, report, filled(report, subject), json=body, headers=key)
    assert kept.status_code == 201
    url = f"{callers.system.urls['safety']}{filled(report, subject)}/{kept.json()['adverse_event']}"
    read = await callers.client.get(url, headers={"Authorization": f"Bearer {callers.token(INVESTIGATOR)}"})
    assert read.json()["narrative"] == canaries["narrative"]
    other = {**body, "narrative": canaries["body"]}
    reused = await callers.call(INVESTIGATOR, report, filled(report, subject), json=other, headers=key)
    assert reused.status_code == 422
    await together(
        callers.call(
            person,
            endpoint,
            filled(endpoint, subject),
            json=wrong,
            params={"q": canaries["query"]},
            headers={"Idempotency-Key": f"{canaries['key']}-x", "X-Correlation-Id": canaries["header"]},
        )
        for endpoint in ENDPOINTS
        if endpoint.method == "POST"
        for wrong in ({canaries["body"]: canaries["body"]}, [canaries["body"]], canaries["body"])
        for person in (INVESTIGATOR, RANDOMIZER, Person((Role.SPONSOR,)))
    )
    comment = {"timepoint": canaries["body"], "scan_on": "2022-12-01", "modality": "CT", "response": "SD"}
    await callers.call(
        INVESTIGATOR, scan, filled(scan, subject), json={**comment, "comment": canaries["comment"]}, headers=key
    )

    async def read_what_is_not_there(endpoint: Endpoint) -> None:
        path = filled(endpoint, canaries["path"], site=canaries["path"], timepoint=canaries["path"])
        for params in ({"as_of": canaries["query"], "cursor": canaries["query"], "consistency": canaries["query"]}, {}):
            await callers.call(INVESTIGATOR, endpoint, path, params=params)
        await callers.call(None, endpoint, path, headers={"Authorization": f"Bearer {canaries['token']}"})

    await together(read_what_is_not_there(endpoint) for endpoint in ENDPOINTS if endpoint.method == "GET")


@pytest.fixture(scope="module")
async def written(_running: object, trial: Trial, canaries: dict[str, str]) -> Iterator[tuple[str, Callers]]:  # type: ignore[misc]
    """What the services log while texts are put everywhere."""
    log = io.StringIO()
    system = _running[0]  # type: ignore[index]
    async with httpx.AsyncClient(timeout=30) as client:
        callers = Callers(system, client)
        with redirect_stderr(log):
            await _provoke(callers, trial, canaries)
        yield log.getvalue(), callers


def _secrets_of(callers: Callers) -> dict[str, str]:
    """Tokens and keys of the running system, whole and the part that matters."""
    state = callers.system.options.state_dir
    tokens = {f"token of {person}": token.rpartition(".")[2] for person, token in callers.tokens.items()}
    issuer_key = (state / "issuer-key.pem").read_text().splitlines()[1]
    passwords = re.findall(r"://\w+:([^@/]+)@", (state / "connections.json").read_text())
    assert passwords
    return {**tokens, "the issuer's key": issuer_key, **{f"password {n}": p for n, p in enumerate(passwords)}}


def _told(text: str, canaries: dict[str, str]) -> list[str]:
    """Which of these texts are told; a name of it is enough."""
    names = {where: (whole, re.split(r"[-.:]", whole)[2]) for where, whole in canaries.items()}
    return [where for where, forms in names.items() if any(form in text for form in forms)]


async def test_logs_tell_no_text_token_or_key(
    written: tuple[str, Callers], trial: Trial, canaries: dict[str, str]
) -> None:
    log, callers = written
    lines = [json.loads(line) for line in (trial.log + log).splitlines()]
    assert {"enrolment", "randomizer", "assessment", "safety", "analytics"} <= {line["service"] for line in lines}
    assert sum(line.get("status", 0) in (400, 401, 404, 422) for line in lines) > 100
    assert not _told(trial.log + log, canaries)
    assert not [name for name, secret in _secrets_of(callers).items() if secret in trial.log + log]


async def test_spans_tell_no_text_token_or_key(
    written: tuple[str, Callers], collector: Collector, canaries: dict[str, str]
) -> None:
    _, callers = written
    trace, parent = _traceparent()
    url = f"{callers.system.urls['safety']}/health/live"
    await callers.client.get(url, headers={"traceparent": parent})
    assert await asyncio.to_thread(
        collector.of_trace, trace, bool
    )  # what was made before it has arrived, of this service at least
    sent = bytes(collector.raw).decode("latin-1")
    assert not _told(sent, canaries)
    assert not [name for name, secret in _secrets_of(callers).items() if secret in sent]


async def test_files_of_the_servers_tell_no_text(written: tuple[str, Callers], canaries: dict[str, str]) -> None:
    """The database's and the broker's logs; the databases themselves hold what was typed sealed."""
    state = written[1].system.options.state_dir
    files = [path for path in state.rglob("*") if path.is_file() and _is_log(path, state)]
    assert files
    assert not [(path, told) for path in files if (told := _told(path.read_text(errors="replace"), canaries))]


def _is_log(path: Path, state: Path) -> bool:
    """A log for people, not Kafka's segments, which are named alike."""
    return path.suffix in (".log", ".out", ".err") and not path.stem.isdigit() and path.is_relative_to(state)


async def test_sealed_texts_are_nowhere_on_disk_in_clear(
    written: tuple[str, Callers], canaries: dict[str, str]
) -> None:
    """Not in the tables, not in the write-ahead log, not in Kafka's segments: what was kept, was kept sealed."""
    state = written[1].system.options.state_dir
    found = []
    for path in (p for p in state.rglob("*") if p.is_file()):
        content = path.read_bytes()
        found += [(path, where) for where in ("narrative", "comment") if canaries[where].encode() in content]
    assert not found
