"""Questions to other services: in the caller's name, repeated when that is safe, answered with the callee's refusal."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.chassis.auth import outgoing
from services.chassis.auth.outgoing import ATTEMPTS, NobodyToAsk, Upstream, UpstreamRefused, path
from services.chassis.refusal import Refused
from services.chassis.telemetry.context import RequestContext, enter_request, leave_request
from services.chassis.telemetry.tracing import Tracing
from services.chassis.unavailable import Unavailable

CORRELATION = "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "_PAUSES", (0.0,) * (ATTEMPTS - 1))


def upstream(answer: Answer, timeout: float = 5.0) -> Upstream:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    tracing = Tracing("things", exporter=InMemorySpanExporter())
    return Upstream("enrolment", "http://enrolment.test/", client, tracing=tracing, timeout=timeout)


def problem(code: str, status: int, **more: Any) -> httpx.Response:
    body = {"type": f"urn:reluth:problem:{code}", "title": "T", "status": status, "remedy": "R"} | more
    return httpx.Response(status, json=body, headers={"Content-Type": "application/problem+json"})


async def test_the_callers_token_correlation_and_trace_go_along() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"x": 1}, headers={"Reluth-Position": "17"})

    token = enter_request(RequestContext(CORRELATION, "Bearer abc"))
    try:
        reply = await upstream(answer).post("/authorizations", {"subject": "01-001"}, key="k-1")
    finally:
        leave_request(token)
    assert (reply.status, reply.body, reply.position) == (201, {"x": 1}, 17)
    [request] = seen
    assert str(request.url) == "http://enrolment.test/authorizations"
    assert request.headers["authorization"] == "Bearer abc"
    assert request.headers["x-correlation-id"] == CORRELATION
    assert request.headers["idempotency-key"] == "k-1"
    assert request.headers["traceparent"].startswith("00-")


async def test_without_a_caller_no_token_is_made_up() -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, json={})

    await upstream(answer).get("/x")
    assert "authorization" not in seen[0]


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout])
async def test_silence_is_asked_again_and_then_unavailable(error: type[httpx.TransportError]) -> None:
    calls = 0

    def silent(_: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        raise error("silence")

    with pytest.raises(Unavailable) as caught:
        await upstream(silent).post("/x", {}, key="k")
    assert caught.value.what == "enrolment"
    assert calls == ATTEMPTS


async def test_one_silence_is_not_noticed() -> None:
    calls = 0

    def once_silent(_: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise httpx.ConnectError("silence")
        return httpx.Response(200, json={"calls": calls})

    assert (await upstream(once_silent).get("/x")).body == {"calls": 2}


async def test_a_service_that_hangs_is_unavailable_when_the_time_is_up() -> None:
    import asyncio

    async def hang(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    with pytest.raises(Unavailable):
        await upstream(hang, timeout=0.05).get("/x")  # type: ignore[arg-type]


async def test_a_refusal_is_passed_on_as_it_is() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return problem("not-eligible", 409, title="Not eligible.", remedy="Wait.", context={"missing": ["scan"]})

    with pytest.raises(UpstreamRefused) as caught:
        await upstream(refuse).get("/x")
    refusal = caught.value.refusal
    assert (refusal.code, refusal.status, refusal.title, refusal.remedy) == (
        "not-eligible",
        409,
        "Not eligible.",
        "Wait.",
    )
    assert dict(caught.value.detail) == {"missing": ["scan"]}
    assert caught.value.upstream == "enrolment"


async def test_a_refusal_is_not_asked_for_twice() -> None:
    calls = 0

    def refuse(_: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return problem("not-permitted", 403)

    with pytest.raises(UpstreamRefused):
        await upstream(refuse).get("/x")
    assert calls == 1


async def test_a_busy_service_says_when_to_come_back() -> None:
    def busy(_: httpx.Request) -> httpx.Response:
        return httpx.Response(503, headers={"Retry-After": "9"})

    with pytest.raises(Unavailable) as caught:
        await upstream(busy).get("/x")
    assert caught.value.retry_after == 9


BAD_ANSWERS: list[httpx.Response] = [
    httpx.Response(500, json={"detail": "Jean Dupont"}),
    httpx.Response(200, content=b"<html>"),
    httpx.Response(404, json={"detail": "Not Found"}),
    httpx.Response(409, json=["a list"]),
    httpx.Response(409, json={"type": "about:blank", "title": "x", "remedy": "x"}),
    httpx.Response(409, json={"type": "urn:reluth:problem:Not A Code", "title": "x", "remedy": "x"}),
    httpx.Response(302, headers={"Location": "http://elsewhere.test/"}),
    problem("invalid-request", 422),
    problem("route-unknown", 404),
    problem("unexpected", 500),
]


@pytest.mark.parametrize("bad", BAD_ANSWERS, ids=range(len(BAD_ANSWERS)))
async def test_an_answer_that_the_caller_can_do_nothing_about_is_a_502(bad: httpx.Response) -> None:
    with pytest.raises(Refused) as caught:
        await upstream(lambda _: bad).get("/x")
    assert caught.value.refusal.code == "upstream-failed"
    assert dict(caught.value.detail) == {"upstream": "enrolment", "status": bad.status_code}


@pytest.mark.parametrize("value", ["../../admin", "a/b", "a?b", "a#b", "a%2Fb", "é"])
def test_no_identifier_reaches_another_address(value: str) -> None:
    made = path("/studies/{study}/subjects/{subject}", study="RELUTH", subject=value)
    assert made.startswith("/studies/RELUTH/subjects/")
    assert not set(made.removeprefix("/studies/RELUTH/subjects/")) & set("/?#é")


async def test_where_nobody_asks_a_service_can_be_opened_and_its_questions_cannot_be_asked() -> None:
    nobody = NobodyToAsk("things")
    with pytest.raises(Unavailable, match="things"):
        await nobody.get("/things/1")
    with pytest.raises(Unavailable, match="things"):
        await nobody.post("/things", {}, key="k")
