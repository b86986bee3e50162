"""Somebody is named in every text of every POST of the running system: afterwards nobody is found in it in clear."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Final

import asyncpg
import httpx
import pytest

from services.cli.catalogue import NAMES
from tests.e2e.access import ENDPOINTS, Endpoint
from tests.e2e.conftest import Whole
from tests.e2e.forms import Form, form_of
from tests.e2e.people import Callers, Person, code, filled, together
from tests.e2e.test_arm_stays import _messages
from tests.e2e.trial import Trial

CANARIES: Final[Mapping[str, str]] = {
    "a name": "Mme Quenouille-Zannic",
    "a number of the health insurance": f"2570775987654{97 - 2570775987654 % 97:02d}",
    "a phone number": "06 98 71 23 54",
    "a mail address": "canari.zannic@exemple-canari.fr",
    "a date of birth": "née le 03/07/1957",
}
"""Of nobody."""
SOUGHT: Final = (
    "Quenouille-Zannic",
    CANARIES["a number of the health insurance"],
    CANARIES["a phone number"],
    "exemple-canari",
    "03/07/1957",
)


def _told(text: str) -> list[str]:
    return [canary for canary in SOUGHT if canary in text]


def _texts(form: Form) -> Iterator[str]:
    yield from (name for name, value in form.body.items() if isinstance(value, str) and name != form.whose)


def _bodies(form: Form) -> Iterator[Mapping[str, Any]]:
    """Each field with each canary: alone where it is a text, as many as there are in one otherwise."""
    for field in _texts(form):
        told = CANARIES.values() if form.kinds.get(field) == "text" else [". ".join(CANARIES.values())]
        yield from ({**form.body, field: f"Vue ce jour, {canary}"} for canary in told)


@pytest.fixture(scope="module")
async def callers(_running: Any) -> AsyncIterator[Callers]:
    async with httpx.AsyncClient(timeout=60) as client:
        yield Callers(_running[0], client)


async def _sent(callers: Callers, endpoint: Endpoint, form: Form, subject: str) -> list[tuple[str, httpx.Response]]:
    person = Person((form.role,), ("01",))
    found = []
    for number, body in enumerate(_bodies(form)):
        key = {"Idempotency-Key": f"canary-{endpoint.service}-{endpoint.template[-40:].replace('/', '-')}-{number}"}
        if "site" in body:
            body = {**body, "site": "01"} if body["site"] == form.body["site"] else body
        answer = await callers.call(person, endpoint, filled(endpoint, subject), json=body, headers=key)
        found.append((f"{endpoint} {number}", answer))
    return found


async def test_nobody_is_told_of_in_clear_wherever_one_is_named(
    callers: Callers, whole: Whole, trial: Trial, caplog: pytest.LogCaptureFixture
) -> None:
    subject = trial.twins("01")["A"]
    forms = [(endpoint, form) for endpoint in ENDPOINTS if endpoint.method == "POST" and (form := form_of(endpoint))]
    answers = [one for each in await together(_sent(callers, e, f, subject) for e, f in forms) for one in each]
    assert len(answers) > 2 * len(forms)
    assert not [(what, answer.status_code) for what, answer in answers if answer.status_code < 400]
    assert not [(what, answer.text[:300]) for what, answer in answers if _told(answer.text)]
    assert not [(what, answer.text) for what, answer in answers if answer.status_code >= 500]
    held = [what for what, answer in answers if code(answer) == "text-quarantined"]
    assert {what.split()[0] for what in held} >= {"enrolment", "safety"}, "the scan is not all that stood in the way"
    lines = [str(record.__dict__) for record in caplog.records]
    assert any("/deviations" in line for line in lines), "the logs are looked at"
    assert not [line[:300] for line in lines if _told(line)]
    sent = [
        f"{topic} {key!r} {value.decode(errors='replace')} {headers}"
        for topic, records in (await _messages(whole)).items()
        for key, value, headers in records
    ]
    assert any(subject in record for record in sent)
    assert not [record[:300] for record in sent if _told(record)]
    for service in NAMES:
        kept = await _rows(whole, service)
        assert {"events", "outbox", "commands", "quarantine"} <= kept.keys()
        assert any(subject in row for row in kept["events"]) or service not in ("enrolment", "safety")
        assert not [table for table, rows in kept.items() for row in rows if _told(row)]
        assert kept["quarantine"] or service not in ("enrolment", "safety")


async def _rows(whole: Whole, service: str) -> Mapping[str, list[str]]:
    """Every row that the service can read, of every table of it."""
    connections = json.loads((whole.system.options.state_dir / "connections.json").read_text())
    database = await asyncpg.connect(connections[service]["database_url"])
    try:
        tables = await database.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS at, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            " AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')"
        )
        return {
            table: [repr(tuple(row.values())) for row in await database.fetch(f"SELECT * FROM {at}")]
            for at, table in tables
        }
    finally:
        await database.close()
