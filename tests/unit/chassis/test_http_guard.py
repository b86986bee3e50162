"""Who passes a guard: the token first, then the role, then the site."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.chassis.served import Served, serve

GOOD: dict[str, Any] = {"site": "01", "on": "2026-03-31"}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve(tmp_path)


async def asked(served: Served, method: str, path: str, headers: Any, **given: Any) -> tuple[int, dict[str, Any]]:
    async with served.client() as client:
        answer = await client.request(method, path, headers=headers, **given)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    "authorization",
    [[], ["Bearer"], ["Bearer "], ["Basic dTpw"], ["token"], ["Bearer a", "Bearer b"], [""]],
)
async def test_without_a_token_nobody_passes(served: Served, authorization: list[str]) -> None:
    async with served.client() as client:
        answer = await client.get("/things", headers=[("Authorization", value) for value in authorization])
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:reluth:problem:token-missing")
    assert answer.headers["www-authenticate"] == 'Bearer realm="reluth"'


async def test_a_token_that_is_not_accepted_is_not_quoted(served: Served) -> None:
    async with served.client() as client:
        answer = await client.get("/things", headers={"Authorization": "Bearer abc.def.ghi"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="reluth", error="invalid_token"'
    assert "abc" not in answer.text


@pytest.mark.parametrize(
    ("roles", "sites", "site", "status", "because"),
    [
        (["investigator"], ["01"], "01", 201, None),
        (["investigator"], ["01", "02"], "02", 201, None),
        (["investigator"], ["01"], "02", 403, "other-site"),
        (["investigator"], [], "01", 403, "other-site"),
        (["investigator"], ["*"], "*", 403, "other-site"),
        (["sponsor"], ["01"], "01", 403, "no-role"),
        ([], ["01"], "01", 403, "no-role"),
    ],
)
@pytest.mark.parametrize("where", ["path", "body"])
async def test_a_command_at_a_site(
    served: Served, roles: list[str], sites: list[str], site: str, status: int, because: str | None, where: str
) -> None:
    headers = {**served.token(*roles, sites=sites), "Idempotency-Key": "k"}
    path, body = (f"/sites/{site}/marks", None) if where == "path" else ("/things", GOOD | {"site": site})
    got, problem = await asked(served, "POST", path, headers, json=body)
    assert got == status
    if because:
        assert problem["context"] == {"action": "things.write", "because": because}
        assert served.acted == []


@pytest.mark.parametrize(
    ("roles", "sites", "status"), [(["sponsor"], [], 200), (["investigator"], ["01"], 403), (["monitor"], [], 403)]
)
async def test_an_action_without_a_site_is_not_for_roles_of_a_site(
    served: Served, roles: list[str], sites: list[str], status: int
) -> None:
    assert (await asked(served, "POST", "/questions", served.token(*roles, sites=sites)))[0] == status


@pytest.mark.parametrize(("roles", "sites", "status"), [(["investigator"], ["01"], 200), (["investigator"], [], 403)])
async def test_a_list_over_sites_needs_at_least_one(
    served: Served, roles: list[str], sites: list[str], status: int
) -> None:
    assert (await asked(served, "GET", "/things", served.token(*roles, sites=sites)))[0] == status


@pytest.mark.parametrize("body", [None, [], "01", {"on": "2026-03-31"}, {"site": 1}, {"site": None}, {"site": ["01"]}])
async def test_a_body_without_a_site_is_named_and_lets_nobody_in(served: Served, body: Any) -> None:
    headers = {**served.token("investigator", sites=["01"]), "Idempotency-Key": "k"}
    status, problem = await asked(served, "POST", "/things", headers, json=body)
    assert (status, problem["errors"][0]["pointer"]) == (422, "/site")
    assert served.acted == []
