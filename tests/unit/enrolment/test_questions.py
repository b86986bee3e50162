"""The question to assessment: in the caller's name, and silence is never read as "no scan"."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import httpx
import pytest

from contracts.vocabulary.response import Response
from services.chassis.auth.outgoing import Upstream, UpstreamRefused
from services.chassis.http.refusals import UPSTREAM_FAILED
from services.chassis.refusal import Refused
from services.chassis.settings import settings_of
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.context import RequestContext, enter_request, leave_request
from services.chassis.unavailable import Unavailable
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.questions import AssessmentOverHttp

EVENT = "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"
EVIDENCE = {"event_id": EVENT, "position": 17, "scan_on": "2022-06-21", "response": "SD", "reader": "INVESTIGATOR"}
Reply = Callable[[httpx.Request], httpx.Response]


def problem(code: str, status: int) -> httpx.Response:
    body = {"type": f"urn:reluth:problem:{code}", "title": "t", "status": status, "remedy": "r", "context": {"a": 1}}
    return httpx.Response(status, json=body)


async def asked(reply: Reply) -> ScanEvidence | None:
    telemetry = Telemetry.of("enrolment", settings_of("enrolment"))
    client = httpx.AsyncClient(transport=httpx.MockTransport(reply))
    upstream = Upstream("assessment", "http://assessment.test", client, tracing=telemetry.tracing)
    return await AssessmentOverHttp(upstream).standing("RELUTH", "01-001", "POST_C2")


async def test_assessment_is_asked_as_the_caller() -> None:
    seen: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={**EVIDENCE, "of_tomorrow": True})

    token = enter_request(RequestContext(EVENT, "Bearer of-the-caller"))
    try:
        found = await asked(reply)
    finally:
        leave_request(token)
    assert found == ScanEvidence(UUID(EVENT), 17, date(2022, 6, 21), Response.SD)
    (request,) = seen
    assert request.url.path == "/studies/RELUTH/subjects/01-001/tumour-assessments/POST_C2/evidence"
    assert request.headers["Authorization"] == "Bearer of-the-caller"


async def test_no_assessment_is_an_answer() -> None:
    assert await asked(lambda _: problem("tumour-assessment-not-found", 404)) is None


@pytest.mark.parametrize("code", ["unknown-study", "something-new"])
async def test_another_404_is_not_read_as_no_scan(code: str) -> None:
    with pytest.raises(UpstreamRefused) as caught:
        await asked(lambda _: problem(code, 404))
    assert caught.value.refusal.code == code


async def test_a_caller_who_may_not_see_scans_is_told_so() -> None:
    with pytest.raises(UpstreamRefused) as caught:
        await asked(lambda _: problem("not-permitted", 403))
    assert caught.value.refusal.status == 403


@pytest.mark.parametrize(
    "body",
    [{}, [], None, "SD", {**EVIDENCE, "response": "BETTER"}, {**EVIDENCE, "position": 0}, {**EVIDENCE, "scan_on": ""}],
)
async def test_an_answer_that_makes_no_sense_is_no_evidence(body: object) -> None:
    with pytest.raises(Refused) as caught:
        await asked(lambda _: httpx.Response(200, json=body))
    assert caught.value.refusal == UPSTREAM_FAILED


@pytest.mark.parametrize("status", [200, 404])
async def test_a_page_of_somebody_else_is_no_evidence(status: int) -> None:
    with pytest.raises(Refused) as caught:
        await asked(lambda _: httpx.Response(status, text="<html>"))
    assert caught.value.refusal == UPSTREAM_FAILED


async def test_silence_is_no_answer() -> None:
    def silent(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Unavailable):
        await asked(silent)
