"""Hostile bodies and addresses: a problem that names the place, nothing done, nothing quoted."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.http.bodies import LINGER_BYTES
from services.chassis.http.json_input import UnacceptableJson, parse
from tests.unit.chassis.served import Served, serve

GOOD = {"site": "01", "on": "2026-03-31"}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve(tmp_path)


def write(served: Served, **more: str) -> dict[str, str]:
    return {
        **served.token("investigator", sites=["01"]),
        "Idempotency-Key": "k-1",
        "Content-Type": "application/json",
        **more,
    }


def with_note(note: str) -> bytes:
    return b'{"site": "01", "on": "2026-03-31", "note": ' + note.encode() + b"}"


HOSTILE: dict[str, tuple[bytes, int, str, str | None]] = {
    "not json": (b"{", 400, "malformed-json", None),
    "text after the value": (b"{} {}", 400, "malformed-json", None),
    "single quotes": (b"{'site': '01'}", 400, "malformed-json", None),
    "not utf-8": (b'{"site": "\xff"}', 400, "malformed-json", None),
    "utf-16": (json.dumps(GOOD).encode("utf-16"), 400, "malformed-json", None),
    "byte order mark": (b"\xef\xbb\xbf{}", 400, "malformed-json", None),
    "raw control character": (b'{"site": "0\x001"}', 400, "malformed-json", None),
    "NaN": (with_note("NaN"), 400, "unacceptable-json", "/note"),
    "Infinity": (with_note("-Infinity"), 400, "unacceptable-json", "/note"),
    "a number that becomes infinite": (with_note("1e400"), 400, "unacceptable-json", "/note"),
    "a number that becomes zero": (with_note("1e-400"), 400, "unacceptable-json", "/note"),
    "a zero of impossible size": (with_note("0e99999999999999999999"), 400, "unacceptable-json", "/note"),
    "a huge whole number": (with_note("9" * 5000), 400, "unacceptable-json", "/note"),
    "one more than 64 bits": (with_note("9223372036854775808"), 400, "unacceptable-json", "/note"),
    "NUL": (with_note(r'"a\u0000b"'), 400, "unacceptable-json", "/note"),
    "NUL in a name": (rb'{"a\u0000b": 1}', 400, "unacceptable-json", ""),
    "half a surrogate pair": (with_note(r'"\ud800"'), 400, "unacceptable-json", "/note"),
    "the other half, in a list": (with_note(r'["x", "\udc00"]'), 400, "unacceptable-json", "/note/1"),
    "a field given twice": (b'{"site": "01", "site": "02", "on": "2026-03-31"}', 400, "unacceptable-json", ""),
    "deep lists": (b"[" * 33 + b"]" * 33, 400, "json-too-deep", None),
    "very deep lists": (b"[" * 500_000, 400, "json-too-deep", None),
    "deep objects": (b'{"a":' * 200_000, 400, "json-too-deep", None),
    "ten megabytes": (b'"' + b"x" * 10_000_000 + b'"', 413, "body-too-large", None),
    "a list": (b"[]", 422, "invalid-request", "/site"),
    "a text": (b'"x"', 422, "invalid-request", "/site"),
    "null": (b"null", 422, "invalid-request", "/site"),
    "no site": (b'{"on": "2026-03-31"}', 422, "invalid-request", "/site"),
    "site is a number": (b'{"site": 1, "on": "2026-03-31"}', 422, "invalid-request", "/site"),
    "nothing": (b"", 422, "invalid-request", "/site"),
    "no date": (b'{"site": "01"}', 422, "invalid-request", "/on"),
    "31 February": (b'{"site": "01", "on": "2026-02-31"}', 422, "invalid-request", "/on"),
    "unknown colour": (b'{"site": "01", "on": "2026-03-31", "colour": "mauve"}', 422, "invalid-request", "/colour"),
    "unknown field": (b'{"site": "01", "on": "2026-03-31", "colr": 1}', 422, "invalid-request", "/colr"),
    "time without offset": (
        b'{"site": "01", "on": "2026-03-31", "at": "2026-03-31T10:00:00"}',
        422,
        "invalid-request",
        "/at",
    ),
    "negative amount": (b'{"site": "01", "on": "2026-03-31", "amount": -1}', 422, "invalid-request", "/amount"),
    "endless amount": (b'{"site": "01", "on": "2026-03-31", "amount": "1e999999"}', 422, "invalid-request", "/amount"),
    "deep mistake": (
        b'{"site": "01", "on": "2026-03-31", "parts": [{"name": "a"}, {"name": 5}]}',
        422,
        "invalid-request",
        "/parts/1/name",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_body_is_refused_by_name_and_nothing_is_done(served: Served, name: str) -> None:
    body, status, code, pointer = HOSTILE[name]
    async with served.client(**write(served)) as client:
        answer = await client.post("/things", content=body)
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"urn:reluth:problem:{code}")
    assert answer.headers["content-type"] == "application/problem+json"
    if pointer is not None:
        assert pointer in [error["pointer"] for error in problem["errors"]]
    assert served.acted == []


async def test_the_good_body_is_accepted(served: Served) -> None:
    async with served.client(**write(served)) as client:
        assert (await client.post("/things", json=GOOD)).status_code == 201
    assert len(served.acted) == 1


OTHER_TYPES = ["text/plain", "application/xml", "multipart/form-data; boundary=x", "", "nonsense", "é"]


@pytest.mark.parametrize("kind", [*OTHER_TYPES, "application/json; charset=latin-1"])
async def test_a_body_of_another_type_is_refused(served: Served, kind: str) -> None:
    headers = [(n, v) for n, v in write(served).items() if n != "Content-Type"] + [("Content-Type", kind.encode())]
    async with served.client() as client:
        answer = await client.post("/things", content=json.dumps(GOOD), headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:reluth:problem:unsupported-media-type")
    assert served.acted == []


async def test_a_chunked_body_is_counted_and_not_read_to_its_end(served: Served) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    async with served.client(**write(served)) as client:
        answer = await asyncio.wait_for(client.post("/things", content=endless()), timeout=10)
    assert answer.status_code == 413
    assert answer.json()["context"] == {"limit_bytes": 1024 * 1024}
    assert sent <= 1024 * 1024 + LINGER_BYTES + 2 * 65_536


async def _refused(served: Served, headers: dict[str, str], *messages: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The first message of the answer to a body in these pieces, and how many of them were taken."""
    taken, answers = 0, []

    async def receive() -> Any:
        nonlocal taken
        taken += 1
        if taken > len(messages):
            await asyncio.Event().wait()
        return messages[taken - 1]

    async def send(message: Any) -> None:
        answers.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in {**write(served), **headers}.items()]
    scope = {"type": "http", "method": "POST", "path": "/things", "headers": raw, "query_string": b""}
    await served.app({**scope, "http_version": "1.1", "app": served.app}, receive, send)
    return answers[0], taken


def piece(size: int, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": b" " * size, "more_body": more}


async def test_who_sends_too_much_is_heard_out_before_the_answer(served: Served) -> None:
    """A connection that is closed while the caller sends is reset: the answer would never be read."""
    parts = [piece(1_000_000, more=True), piece(1_000_000, more=True), piece(5, more=False)]
    for headers in ({}, {"Content-Length": "2000005"}):
        answer, taken = await _refused(served, headers, *parts)
        assert (answer["status"], taken) == (413, 3)
        assert (b"connection", b"close") not in answer["headers"]


async def test_who_waits_for_leave_to_send_is_answered_at_once(served: Served) -> None:
    answer, taken = await _refused(served, {"Content-Length": "2000005", "Expect": "100-continue"})
    assert (answer["status"], taken) == (413, 0)
    assert (b"connection", b"close") in answer["headers"]


async def test_who_sends_too_much_too_slowly_is_cut_off(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.http.bodies.LINGER_SECONDS", 0.01)
    answer, _ = await _refused(served, {"Content-Length": "2000005"}, piece(5, more=True))
    assert answer["status"] == 413
    assert (b"connection", b"close") in answer["headers"]


@pytest.mark.parametrize("length", ["ten", "-1", "1.5", "١٢", ""])
async def test_a_length_that_is_no_number_is_refused(served: Served, length: str) -> None:
    status, _ = await raw(served, headers=[(b"content-length", length.encode())])
    assert status == 400


async def test_a_length_of_a_thousand_digits_is_too_large(served: Served) -> None:
    status, _ = await raw(served, headers=[(b"content-length", b"9" * 10_000)])
    assert status == 413


@pytest.mark.parametrize("address", ["/open/%00", "/open/%ff", "/open/x?q=%00", "/open/x?q=%ED%A0%80", "/open/x?%FF=1"])
async def test_an_address_that_is_not_text_is_refused(served: Served, address: str) -> None:
    async with served.client() as client:
        answer = await client.get(address)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:reluth:problem:unacceptable-url")
    assert served.acted == []


async def test_a_caller_who_goes_away_is_not_answered(served: Served) -> None:
    status, sent = await raw(served, gone=True)
    assert (status, sent) == (None, [])


async def raw(
    served: Served, *, headers: list[tuple[bytes, bytes]] | None = None, gone: bool = False
) -> tuple[int | None, list[Any]]:
    """Call the application below the client, with what a client would not send."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/things",
        "raw_path": b"/things",
        "query_string": b"",
        "headers": headers or [],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("service.test", 80),
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"} if gone else {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await served.app(scope, receive, send)
    return (sent[0]["status"] if sent else None), sent


# ---- the parser alone

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('abc"é\\', max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_every_decent_document_is_taken_as_it_is(value: Any, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode(), max_depth=100) == value


@given(st.binary(max_size=200) | st.text('[]{}",:\\u0de123 ', max_size=60).map(str.encode))
def test_no_bytes_break_the_parser(body: bytes) -> None:
    try:
        parse(body, max_depth=8)
    except UnacceptableJson:
        return


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(["[{}]", '"[[[["', r'"\"[["']))
def test_depth_is_counted_outside_of_texts(levels: int, limit: int, core: str) -> None:
    body = ("[" * levels + core + "]" * levels).encode()
    depth = levels + (2 if core == "[{}]" else 0)
    if depth <= limit:
        parse(body, max_depth=limit)
    else:
        with pytest.raises(UnacceptableJson):
            parse(body, max_depth=limit)


def test_escaped_quotes_without_an_end_cost_one_pass() -> None:
    started = time.perf_counter()
    with pytest.raises(UnacceptableJson):
        parse(b'"' + b'\\"' * 30_000, max_depth=32)
    assert time.perf_counter() - started < 1, "a search that begins anew at every quote takes many seconds"
