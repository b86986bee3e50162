"""Reads: pages that cannot be forged, the past, waiting for a position, and preconditions."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from starlette.responses import Response

from services.chassis.auth.guard import public
from services.chassis.http.as_of import parse_as_of
from services.chassis.http.conditional import IfMatch, etag, weak_etag
from services.chassis.http.paging import Cursors
from services.chassis.refusal import Refused
from tests.unit.chassis.served import Held, Served, serve


class Shown(BaseModel):
    on: str


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve(tmp_path)


async def get(served: Served, path: str, headers: dict[str, str] | None = None, **query: str) -> Any:
    async with served.client(**served.token("sponsor"), **(headers or {})) as client:
        return await client.get(path, params=query)


# ---- pages


async def test_pages_follow_each_other_to_the_end(served: Served) -> None:
    seen, query = [], {"limit": "3"}
    while True:
        page = (await get(served, "/things", **query)).json()
        seen += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == [1, 2, 3, 4, 5, 6, 7]


async def test_a_cursor_belongs_to_its_filters(served: Served) -> None:
    cursor = (await get(served, "/things", limit="3")).json()["next"]
    answer = await get(served, "/things", limit="3", cursor=cursor, colour="red")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:reluth:problem:cursor-not-accepted")


@pytest.mark.parametrize("cursor", ["", "x", "!!!!", "é", "A" * 40, "A" * 2048])
async def test_a_made_up_cursor_is_refused(served: Served, cursor: str) -> None:
    assert (await get(served, "/things", cursor=cursor)).status_code == 400


@given(st.lists(st.integers() | st.text("ab"), max_size=3), st.integers(0, 10**6), st.integers(1, 255))
def test_a_cursor_changed_in_any_bit_is_refused(after: list[Any], place: int, change: int) -> None:
    cursors = Cursors(b"k" * 32)
    cursor = cursors.encode("list", after)
    assert cursors.decode("list", cursor) == after
    import base64

    sealed = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(Refused):
        cursors.decode("list", base64.urlsafe_b64encode(bytes(sealed)).decode().rstrip("="))


def test_replicas_with_the_same_key_understand_each_other_and_others_do_not() -> None:
    cursor = Cursors(b"a" * 32).encode("list", 5)
    assert Cursors(b"a" * 32).decode("list", cursor) == 5
    with pytest.raises(Refused):
        Cursors(b"b" * 32).decode("list", cursor)


async def test_the_settings_bound_a_page(tmp_path: Path) -> None:
    served = serve(tmp_path, page_limit=10)
    answer = await get(served, "/things", limit="11")
    assert (answer.status_code, answer.json()["errors"][0]["would_be_right"]) == (422, "10 or less")


# ---- the past


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("0", 0),
        ("17", 17),
        ("2026-03-31T12:00:00Z", datetime(2026, 3, 31, 12, tzinfo=UTC)),
        ("2026-03-31t12:00:00.5z", datetime(2026, 3, 31, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-31T12:00:00.123456789+02:00", datetime(2026, 3, 31, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-03-31T00:30:00-05:30", datetime(2026, 3, 31, 6, 0, tzinfo=UTC)),
    ],
)
def test_a_moment(text: str, meaning: int | datetime) -> None:
    assert parse_as_of(text) == meaning


NO_MOMENTS = [
    "",
    "-1",
    "017",
    "1.0",
    "9" * 19,
    "١٧",
    "2026-03-31",
    "2026-03-31T12:00:00",
    "2026-03-31T12:00:00 02:00",
    "2026-02-30T12:00:00Z",
    "2026-03-31T25:00:00Z",
    "0001-01-01T00:00:00+02:00",
    "9999-12-31T23:59:59-02:00",
    "2026-03-31T12:00:00+99:00",
    "now",
]


@pytest.mark.parametrize("text", NO_MOMENTS)
async def test_no_moment(served: Served, text: str) -> None:
    answer = await get(served, "/past", as_of=text)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/as_of")


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_moment(text: str) -> None:
    try:
        parse_as_of(text)
    except ValueError:
        return


# ---- consistency


@pytest.mark.parametrize(("asked", "status"), [("0", 200), ("10", 200), ("11", 503)])
async def test_a_read_waits_for_its_position(served: Served, asked: str, status: int) -> None:
    answer = await get(served, "/fresh", consistency=asked)
    assert answer.status_code == status
    if status == 503:
        assert answer.json()["type"] == "urn:reluth:problem:not-yet-consistent"
        assert answer.json()["context"] == {"position": 11}
        assert int(answer.headers["retry-after"]) > 0


async def test_several_sources_are_waited_for_by_name(tmp_path: Path) -> None:
    served = serve(tmp_path, positions=lambda: {"a": Held(5), "b": Held(9)})
    assert (await get(served, "/fresh", consistency="a:5,b:9")).status_code == 200
    missing = await get(served, "/fresh", consistency="a:6,b:9")
    assert (missing.status_code, missing.json()["context"]) == (503, {"a": 6})
    assert (await get(served, "/fresh", consistency="c:1")).status_code == 422
    assert (await get(served, "/fresh", consistency="5")).status_code == 422


@pytest.mark.parametrize("asked", ["", "-1", "1e3", "٣", "9" * 20, "a:1", "1,", ",".join("1" * 40), "1 "])
async def test_a_position_that_is_none(served: Served, asked: str) -> None:
    answer = await get(served, "/fresh", consistency=asked)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/consistency")


async def test_nobody_without_permission_makes_us_wait(tmp_path: Path) -> None:
    held = Held(0)
    served = serve(tmp_path, positions=lambda: held)
    async with served.client(**served.token("nobody")) as client:
        assert (await client.get("/fresh", params={"consistency": "5"})).status_code == 403
    assert held.asked == 0


# ---- preconditions


async def mark(served: Served, method: str, path: str, *tags: str) -> Any:
    headers: list[tuple[str, str]] = [*served.token("investigator", sites=["01"]).items(), ("Idempotency-Key", "k")]
    headers += [("If-Match", tag) for tag in tags]
    async with served.client() as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("tags", "status", "expected"),
    [
        ([], 201, None),
        (["*"], 201, None),
        (['"3"'], 201, 3),
        (['"2", "3"'], 201, None),
        (['"2"', '"3"'], 201, None),
        (['"2"'], 412, None),
        (['W/"3"'], 412, None),
        (["3"], 412, None),
        (['"03"'], 412, None),
        (['"abc"'], 412, None),
        (['""'], 412, None),
        ([""], 412, None),
    ],
)
async def test_a_condition(served: Served, tags: list[str], status: int, expected: int | None) -> None:
    answer = await mark(served, "POST", "/sites/01/marks", *tags)
    assert answer.status_code == status
    if status == 201:
        assert answer.json()["expected"] == expected
    else:
        assert answer.json()["type"] == "urn:reluth:problem:precondition-failed"
        assert served.acted == []


async def test_a_condition_can_be_insisted_on(served: Served) -> None:
    assert (await mark(served, "PUT", "/sites/01")).status_code == 428
    assert (await mark(served, "PUT", "/sites/01", etag(7))).json() == {"expected": 7}


@given(st.integers(0, 10**17))
def test_a_tag_names_its_version_and_no_other(version: int) -> None:
    condition = IfMatch(frozenset({version}))
    condition.require(version)
    with pytest.raises(Refused):
        condition.require(version + 1)


# ---- what the caller holds already


@pytest.mark.parametrize(
    ("held", "status"),
    [
        ('"3"', 304),
        ('W/"3"', 304),
        ('"2", "3"', 304),
        ("*", 304),
        ('"2"', 200),
        ("3", 200),
        ("", 200),
        ('"33"', 200),
    ],
)
async def test_what_is_held_already_is_not_answered_again(tmp_path: Path, held: str, status: int) -> None:
    router = APIRouter(dependencies=[public()])

    @router.get("/tagged")
    async def tagged(response: Response) -> dict[str, int]:
        response.headers["ETag"], response.headers["Reluth-Position"] = '"3"', "17"
        return {"of": 3}

    async with serve(tmp_path, extra=[router]).client() as client:
        answer = await client.get("/tagged", headers={"If-None-Match": held})
    assert (answer.status_code, answer.headers["ETag"], answer.headers["Reluth-Position"]) == (status, '"3"', "17")
    assert bool(answer.content) is (status == 200)
    assert ("content-type" in answer.headers) is (status == 200)


async def test_a_failure_is_told_to_whoever_holds_what(served: Served) -> None:
    async with served.client(**served.token("nobody")) as client:
        assert (await client.get("/past", headers={"If-None-Match": "*"})).status_code == 403


def test_a_tag_of_what_is_shown_changes_with_it_and_keeps_its_version() -> None:
    one, other = Shown(on="2022-01-01"), Shown(on="2022-01-02")
    assert etag(3, one) != etag(3, other)
    assert etag(3, one) == etag(3, Shown(on="2022-01-01"))
    assert etag(3, one) != etag(4, one)
    assert weak_etag(3, one) == "W/" + etag(3, one)


async def test_a_condition_takes_the_version_of_such_a_tag(served: Served) -> None:
    tag = etag(3, Shown(on="2022-01-01"))
    assert (await mark(served, "POST", "/sites/01/marks", tag)).json()["expected"] == 3
    assert (await mark(served, "POST", "/sites/01/marks", '"3-nothing"')).status_code == 412
