"""The identity of a command: bound to caller and address, told apart by what was said."""

from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter

from services.chassis.auth.guard import UnguardedRoute, may, public
from services.chassis.auth.policy import Action
from services.chassis.auth.who import Who
from services.chassis.http.consistency import consistent
from services.chassis.http.idempotency import UnrepeatableRoute
from tests.unit.chassis.served import WRITE, Held, Served, serve

GOOD: dict[str, Any] = {"site": "01", "on": "2026-03-31"}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve(tmp_path)


async def sent(served: Served, key: str = "k", path: str = "/things", actor: str = "u-1", **changes: Any) -> Any:
    headers = {**served.token("investigator", sites=["01", "02"], actor=actor), "Idempotency-Key": key}
    async with served.client(**headers) as client:
        answer = await client.post(path, json=GOOD | changes if path == "/things" else None)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_repetition_is_the_same_command(served: Served) -> None:
    assert await sent(served) == await sent(served)


async def test_the_order_of_fields_says_nothing(served: Served) -> None:
    headers = {**served.token("investigator", sites=["01"]), "Idempotency-Key": "k"}
    async with served.client(**headers) as client:
        one = await client.post("/things", json={"site": "01", "on": "2026-03-31"})
        two = await client.post("/things", json={"on": "2026-03-31", "site": "01"})
    assert one.json() == two.json()


async def test_another_body_is_another_request_under_the_same_key(served: Served) -> None:
    one, two = await sent(served), await sent(served, colour="blue")
    assert one["key"] == two["key"]
    assert one["hash"] != two["hash"]


async def test_digits_beyond_binary_precision_are_heard(served: Served) -> None:
    headers = {**served.token("investigator", sites=["01"]), "Idempotency-Key": "k"}
    texts = ["0.1", "0.10000000000000001"]
    async with served.client(**headers) as client:
        bodies = [b'{"site":"01","on":"2026-03-31","note":null,"amount":%s}' % text.encode() for text in texts]
        kind = {"Content-Type": "application/json"}
        answers = [await client.post("/things", content=body, headers=kind) for body in bodies]
    assert answers[0].json()["hash"] != answers[1].json()["hash"]


async def test_two_callers_with_the_same_key_never_meet(served: Served) -> None:
    one, two = await sent(served, actor="u-1"), await sent(served, actor="u-2")
    assert one["key"] != two["key"]


async def test_two_addresses_with_the_same_key_never_meet(served: Served) -> None:
    one, two = await sent(served), await sent(served, path="/sites/01/marks")
    assert one["key"] != two["key"]


async def test_the_same_key_for_another_thing_at_the_same_route_is_a_reuse(served: Served) -> None:
    one, two = await sent(served, path="/sites/01/marks"), await sent(served, path="/sites/02/marks")
    assert one["key"] == two["key"]
    assert one["hash"] != two["hash"]


async def test_the_caller_cannot_choose_the_stored_key(served: Served) -> None:
    stolen = (await sent(served, actor="u-1"))["key"]
    assert (await sent(served, key=stolen, actor="u-2"))["key"] != stolen


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([], "idempotency-key-missing"),
        ([""], "idempotency-key-malformed"),
        (["x" * 256], "idempotency-key-malformed"),
        (["two words"], "idempotency-key-malformed"),
        (["é"], "idempotency-key-malformed"),
        (["tab\tbed"], "idempotency-key-malformed"),
        (["one", "two"], "idempotency-key-malformed"),
    ],
)
async def test_a_key_that_cannot_be_used(served: Served, keys: list[str], code: str) -> None:
    headers: list[tuple[str, Any]] = list(served.token("investigator", sites=["01"]).items())
    headers += [("Idempotency-Key", key.encode()) for key in keys]
    async with served.client() as client:
        answer = await client.post("/things", json=GOOD, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, f"urn:reluth:problem:{code}")
    assert served.acted == []


async def test_the_longest_key_is_accepted(served: Served) -> None:
    await sent(served, key="~" * 255)


async def test_permission_is_asked_before_the_key(served: Served) -> None:
    async with served.client(**served.token("sponsor")) as client:
        assert (await client.post("/things", json=GOOD)).status_code == 403


# ---- what the factory refuses to start with


def test_a_post_that_could_create_a_fact_twice_does_not_start(tmp_path: Path) -> None:
    router = APIRouter()

    @router.post("/twice")
    async def twice(who: Annotated[Who, may(WRITE)]) -> None:
        """Forgot its key."""

    with pytest.raises(UnrepeatableRoute, match="/twice"):
        serve(tmp_path, extra=[router])


def test_a_route_that_names_no_action_does_not_start(tmp_path: Path) -> None:
    router = APIRouter(prefix="/deep")

    @router.get("/hole")
    async def hole() -> None:
        """Forgot its guard."""

    with pytest.raises(UnguardedRoute, match="/deep/hole"):
        serve(tmp_path, extra=[router])


def test_an_action_that_nobody_may_do_does_not_start(tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/nobody")
    async def nobody(who: Annotated[Who, may(Action("things.forgotten"))]) -> None:
        """Its action is in no table."""

    with pytest.raises(UnguardedRoute, match=r"things\.forgotten"):
        serve(tmp_path, extra=[router])


def test_an_endpoint_with_two_addresses_does_not_start(tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/one", dependencies=[public()])
    @router.get("/two", dependencies=[public()])
    async def both() -> None:
        """Its metrics and keys could not be told apart."""

    with pytest.raises(ValueError, match="write a function for each"):
        serve(tmp_path, extra=[router])


def test_a_route_on_which_strangers_could_wait_does_not_start(tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/wait", dependencies=[consistent(lambda _: Held(0))])
    async def wait(who: Annotated[Who, may(WRITE)]) -> None:
        """Waits first and asks then."""

    with pytest.raises(UnguardedRoute, match="put may"):
        serve(tmp_path, extra=[router])
