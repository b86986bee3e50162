"""Health, completeness, metrics, and the API document that comes from the refusals."""

import asyncio
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from services.chassis.health import Condition, HealthChecks, Status
from services.chassis.http.openapi import problems
from services.chassis.refusal import Refusal
from tests.unit.chassis.served import FULL, Served, serve


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve(tmp_path)


async def ok() -> Condition:
    return Condition.ok(position=17)


async def degraded() -> Condition:
    return Condition.degraded(lag=3)


async def failed() -> Condition:
    return Condition.failed(missing=18)


async def broken() -> Condition:
    raise ValueError("Jean Dupont")


async def hanging() -> Condition:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def shown(served: Served, path: str) -> tuple[int, dict[str, Any], str]:
    async with served.client() as client:
        answer = await client.get(path)
    return answer.status_code, answer.json(), answer.headers["content-type"]


async def test_a_process_without_checks_is_ready(served: Served) -> None:
    assert await shown(served, "/health/live") == (200, {"status": "ok"}, "application/json")
    assert (await shown(served, "/health/ready"))[:2] == (200, {"status": "ok", "checks": {}})


async def test_degraded_still_takes_requests_and_says_so(served: Served) -> None:
    served.health.ready_when("log", ok)
    served.health.ready_when("relay", degraded)
    status, body, _ = await shown(served, "/health/ready")
    assert (status, body["status"]) == (200, "degraded")
    assert body["checks"] == {"log": {"position": 17, "status": "ok"}, "relay": {"lag": 3, "status": "degraded"}}


async def test_a_hole_is_inconsistent_but_ready(served: Served) -> None:
    served.health.consistent_when("randomizer", failed)
    status, body, kind = await shown(served, "/health/consistency")
    assert (status, body["type"], kind) == (503, "urn:reluth:problem:not-consistent", "application/problem+json")
    assert body["context"]["checks"]["randomizer"] == {"missing": 18, "status": "failed"}
    assert (await shown(served, "/health/ready"))[0] == 200


@pytest.mark.parametrize("check", [broken, hanging])
async def test_a_check_that_breaks_or_hangs_has_failed_and_quotes_nothing(served: Served, check: Any) -> None:
    served.health.ready_when("log", ok)
    served.health.ready_when("odd", check)
    status, body, _ = await shown(served, "/health/ready")
    assert status == 503
    assert body["context"]["checks"]["log"]["status"] == "ok"
    assert body["context"]["checks"]["odd"]["status"] == "failed"
    assert "Dupont" not in str(body)


async def test_a_check_cannot_talk_over_its_status() -> None:
    async def liar() -> Condition:
        return Condition(Status.FAILED, {"status": "ok"})

    health = HealthChecks()
    health.ready_when("liar", liar)
    assert (await health.ready()).as_json()["checks"] == {"liar": {"status": "failed"}}
    with pytest.raises(ValueError, match="already"):
        health.ready_when("liar", ok)


# ---- the API document


@pytest.fixture
async def document(served: Served) -> dict[str, Any]:
    async with served.client() as client:
        made: dict[str, Any] = (await client.get("/openapi.json")).json()
    return made


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(f"{method} {path}", op) for path, ops in document["paths"].items() for method, op in ops.items()]


def test_every_failure_in_the_document_is_a_problem_with_a_description(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        failures = {status: r for status, r in operation["responses"].items() if int(status) >= 400}
        assert {"400", "500", "503"} <= failures.keys(), name
        for status, response in failures.items():
            assert list(response["content"]) == ["application/problem+json"], (name, status)
            assert response["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert response["description"], (name, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_declared_and_met_refusals_stand_together(document: dict[str, Any]) -> None:
    responses = document["paths"]["/things"]["post"]["responses"]
    assert set(responses["409"]["content"]["application/problem+json"]["examples"]) == {FULL.code, "version-conflict"}
    assert {"401", "403", "413", "415", "422"} <= responses.keys()
    assert "412" in document["paths"]["/sites/{site}/marks"]["post"]["responses"]
    assert "428" in document["paths"]["/sites/{site}"]["put"]["responses"]


def test_guards_are_security_and_open_doors_are_not(document: dict[str, Any]) -> None:
    assert document["paths"]["/things"]["post"]["security"] == [{"bearer": []}]
    assert document["paths"]["/things"]["post"]["x-actions"] == ["things.write"]
    open_door = document["paths"]["/open/{name}"]["get"]
    assert "security" not in open_door
    assert "401" not in open_door["responses"]


def test_the_key_is_required_where_a_fact_is_created(document: dict[str, Any]) -> None:
    [key] = [p for p in document["paths"]["/things"]["post"]["parameters"] if p["name"] == "Idempotency-Key"]
    assert key["required"] is True
    assert key["schema"]["maxLength"] == 255


async def test_an_answer_is_what_the_document_says(served: Served, document: dict[str, Any]) -> None:
    schemas = {"components": document["components"], "$ref": "#/components/schemas/Problem"}
    headers = {**served.token("investigator", sites=["01"]), "Idempotency-Key": "k"}
    async with served.client(**headers) as client:
        answers = [
            await client.post("/things", json={"site": "01", "on": "never"}),
            await client.get("/nowhere"),
            await client.post("/things", content=b"{", headers={"Content-Type": "application/json"}),
        ]
    for answer in answers:
        jsonschema.validate(answer.json(), schemas)


async def test_the_document_is_the_same_whoever_asks_for_it(tmp_path: Path) -> None:
    asked, built = serve(tmp_path), serve(tmp_path)
    async with asked.client() as client:
        assert (await client.get("/openapi.json")).json() == built.app.openapi()


def test_problems_takes_refusals_and_groups_of_them() -> None:
    other = Refusal("shelf-gone", 404, "There is no such shelf.", "Build one.")
    again = Refusal("shelf-locked", 409, "The shelf is locked.", "Find the key.")
    made = problems(FULL, [other, again])
    assert set(made) == {404, 409}
    assert set(made[409]["content"]["application/problem+json"]["examples"]) == {"shelf-full", "shelf-locked"}


def test_pages_from_the_internet_are_for_trying_only(tmp_path: Path) -> None:
    external = serve(tmp_path, mode="external").app
    assert "/docs" not in {getattr(route, "path", None) for route in external.routes}
