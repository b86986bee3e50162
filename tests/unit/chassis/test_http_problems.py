"""What leaves a request when it fails: one form, a stable type, and nothing of what was sent or of our insides."""

import json
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from services.chassis.facts import PreconditionFailed
from services.chassis.http.validation import violations
from services.chassis.log.port import KeyReused, LogOverloaded, LogUnavailable, VersionConflict
from services.chassis.refusal import Refused
from services.chassis.unavailable import Unavailable
from tests.unit.chassis.served import FULL, Served, serve

SECRET = "Jean Dupont"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve(tmp_path)


async def failing(served: Served, error: Exception) -> Any:
    served.failure = error
    async with served.client() as client:
        return await client.get("/open/x")


FAILURES: list[tuple[Exception, int, str, dict[str, str]]] = [
    (Refused(FULL, room=3), 409, "shelf-full", {}),
    (KeyReused(SECRET), 422, "idempotency-key-reused", {}),
    (VersionConflict(SECRET, 3, 4), 409, "version-conflict", {}),
    (PreconditionFailed(3, 4), 412, "precondition-failed", {}),
    (Unavailable("enrolment", retry_after=7), 503, "unavailable", {"retry-after": "7"}),
    (LogUnavailable(SECRET), 503, "unavailable", {"retry-after": "2"}),
    (LogOverloaded(SECRET), 503, "unavailable", {"retry-after": "2"}),
    (ConnectionRefusedError(SECRET), 503, "unavailable", {"retry-after": "2"}),
    (TimeoutError(SECRET), 503, "unavailable", {"retry-after": "2"}),
    (asyncpg.ConnectionDoesNotExistError(SECRET), 503, "unavailable", {"retry-after": "2"}),
    (asyncpg.CannotConnectNowError(SECRET), 503, "unavailable", {"retry-after": "2"}),
    (asyncpg.TooManyConnectionsError(SECRET), 503, "unavailable", {"retry-after": "2"}),
    (OperationalError(SECRET, {}, ConnectionResetError(SECRET)), 503, "unavailable", {"retry-after": "2"}),
    (DBAPIError(SECRET, {}, Exception(SECRET), connection_invalidated=True), 503, "unavailable", {}),
    (DBAPIError(SECRET, {}, Exception(SECRET)), 500, "unexpected", {}),
    (asyncpg.UniqueViolationError(SECRET), 500, "unexpected", {}),
    (ValueError(SECRET), 500, "unexpected", {}),
    (RecursionError(SECRET), 500, "unexpected", {}),
]


@pytest.mark.parametrize(("error", "status", "code", "headers"), FAILURES, ids=lambda v: type(v).__name__)
async def test_a_failure_becomes_a_problem_that_quotes_nothing(
    served: Served, error: Exception, status: int, code: str, headers: dict[str, str]
) -> None:
    answer = await failing(served, error)
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["type"] == f"urn:reluth:problem:{code}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"title", "detail", "instance", "remedy"} <= problem.keys()
    assert SECRET not in answer.text
    assert headers.items() <= answer.headers.items()


async def test_a_lost_race_is_a_failed_precondition_only_for_who_set_one(served: Served) -> None:
    served.failure = VersionConflict("stream", 3, 4)
    async with served.client() as client:
        answer = await client.get("/open/x", headers={"If-Match": '"3"'})
    assert (answer.status_code, answer.json()["context"]) == (412, {"expected": 3, "actual": 4})


async def test_the_context_of_a_refusal_is_shown(served: Served) -> None:
    problem = (await failing(served, Refused(FULL, room=3))).json()
    assert problem["context"] == {"room": 3}
    assert problem["detail"] == "The shelf is full. (room: 3)"


async def test_an_unexpected_failure_is_logged_with_its_place_and_without_its_message(served: Served) -> None:
    answer = await failing(served, ValueError(SECRET))
    lines = served.lines()
    failed = next(line for line in lines if line["event"] == "request-failed")
    assert failed["error_types"] == ["ValueError"]
    assert failed["error_at"][-1].startswith("served.py:")
    assert failed["correlation_id"] == answer.headers["x-correlation-id"]
    assert SECRET not in json.dumps(lines)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/no/such", 404, "route-unknown"),
        ("DELETE", "/things", 405, "method-not-allowed"),
        ("POST", "/things/", 404, "route-unknown"),
    ],
)
async def test_the_framework_refuses_in_our_form(
    served: Served, method: str, path: str, status: int, code: str
) -> None:
    async with served.client() as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:reluth:problem:{code}")
    assert status != 405 or answer.headers["allow"]


async def test_an_unknown_address_is_not_repeated(served: Served) -> None:
    async with served.client() as client:
        answer = await client.get(f"/patients/{SECRET}?name={SECRET}")
    assert "Dupont" not in answer.text


# ---- correlation


async def test_a_correlation_id_is_kept_when_it_is_a_uuid(served: Served) -> None:
    given = "01936B2E-5D2C-7B1A-9A53-0F5C8B0A4E11"
    async with served.client() as client:
        answer = await client.get("/nowhere", headers={"X-Correlation-Id": given})
    assert answer.headers["x-correlation-id"] == given.lower()
    assert answer.json()["instance"] == f"urn:uuid:{given.lower()}"


@pytest.mark.parametrize("given", ["", SECRET, "x" * 5000, "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11x"])
async def test_any_other_correlation_id_is_replaced(served: Served, given: str) -> None:
    async with served.client() as client:
        answer = await client.get("/nowhere", headers={"X-Correlation-Id": given})
    assert answer.headers["x-correlation-id"] != given
    assert UUID.fullmatch(answer.headers["x-correlation-id"])


async def test_answers_are_not_to_be_kept_by_anybody(served: Served) -> None:
    async with served.client() as client:
        answer = await client.get("/open/x")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


# ---- violations


async def errors(served: Served, **changes: Any) -> list[dict[str, str]]:
    headers = {**served.token("investigator", sites=["01"]), "Idempotency-Key": "k"}
    async with served.client(**headers) as client:
        answer = await client.post("/things", json={"site": "01", "on": "2026-03-31"} | changes)
    assert answer.status_code == 422
    assert SECRET not in answer.text
    listed: list[dict[str, str]] = answer.json()["errors"]
    return listed


async def test_a_violation_says_where_what_and_what_would_be_right(served: Served) -> None:
    assert await errors(served, colour=SECRET) == [
        {
            "in": "body",
            "pointer": "/colour",
            "detail": "not one of the accepted values",
            "would_be_right": "'red' or 'blue'",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"on": SECRET}, "/on"),
        ({"at": SECRET}, "/at"),
        ({"amount": SECRET}, "/amount"),
        ({"parts": SECRET}, "/parts"),
        ({"parts": [{"name": SECRET * 5}]}, "/parts/0/name"),
        ({"parts": [{"name": "a", SECRET: 1}]}, "/parts/0"),
        ({SECRET: SECRET}, ""),
    ],
)
async def test_no_violation_quotes_what_was_sent(served: Served, changes: dict[str, Any], pointer: str) -> None:
    assert [error["pointer"] for error in await errors(served, **changes)] == [pointer]


async def test_our_own_validators_may_explain_themselves_unless_they_quote(served: Served) -> None:
    assert [e["detail"] for e in await errors(served, note="LOUD")] == ["write it in lower case"]
    assert [e["detail"] for e in await errors(served, note="DO NOT QUOTE ME")] == ["not acceptable here"]


async def test_a_wrong_query_is_named_as_such(served: Served) -> None:
    async with served.client(**served.token("sponsor")) as client:
        answer = await client.get("/things", params={"colour": SECRET, "limit": "0"})
    assert {(e["in"], e["pointer"]) for e in answer.json()["errors"]} == {("query", "/colour"), ("query", "/limit")}
    assert SECRET not in answer.text


def test_a_thousand_violations_are_not_all_listed() -> None:
    many = ({"type": "missing", "loc": ("body", "parts", n)} for n in range(1000))
    assert len(violations(many)) == 50
