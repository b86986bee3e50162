"""The question to enrolment: as the caller, under a key of the command's own, and no answer taken on trust."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.chassis.auth.outgoing import Upstream
from services.chassis.refusal import Refused
from services.chassis.settings import settings_of
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.context import RequestContext, enter_request, leave_request
from services.chassis.unavailable import Unavailable
from services.randomizer.questions import EnrolmentOverHttp

EVENT = "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"
EVIDENCE = ("consent", "inclusion_assessment", "tumour_assessment", "site_activation", "delegation")


def answer(**changed: Any) -> dict[str, Any]:
    fact = {
        "study": "RELUTH",
        "subject": "01-001",
        "authorized_on": "2022-03-01",
        "criteria_version": "1.0",
        "protocol_sha256": "0" * 64,
        "rows": [],
        "strata": [{"factor": "F1", "level": "LT18", "inputs": []}],
        **dict.fromkeys(EVIDENCE, EVENT),
        "tumour_assessment_position": 7,
        "requested_by": "dr-7",
        "of_tomorrow": True,
    }
    other = {"event_id": str(UUID(int=1)), "type": "enrolment.something-else", "fact": {}}
    one = {"event_id": EVENT, "type": "enrolment.randomization-authorized", "fact": {**fact, **changed}}
    return {"recorded": [other, one], "more": 1}


def asking(reply: Callable[[httpx.Request], httpx.Response]) -> EnrolmentOverHttp:
    telemetry = Telemetry.of("randomizer", settings_of("randomizer"))
    client = httpx.AsyncClient(transport=httpx.MockTransport(reply))
    return EnrolmentOverHttp(Upstream("enrolment", "http://enrolment.test", client, tracing=telemetry.tracing))


async def asked(reply: Callable[[httpx.Request], httpx.Response]):
    return await asking(reply).authorize("RELUTH", "01-001", "key-1")


async def test_enrolment_is_asked_as_the_caller_under_the_key_of_the_command():
    seen = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json=answer())

    token = enter_request(RequestContext(EVENT, "Bearer of-the-caller"))
    try:
        authorization = await asked(reply)
    finally:
        leave_request(token)
    (request,) = seen
    assert request.method == "POST"
    assert request.url.path == "/studies/RELUTH/subjects/01-001/randomization-authorizations"
    assert request.headers["Authorization"] == "Bearer of-the-caller"
    assert request.headers["Idempotency-Key"] == "key-1"
    assert str(authorization.event_id) == EVENT
    assert authorization.authorized_on == date(2022, 3, 1)
    assert [(level.factor, level.level) for level in authorization.strata] == [("F1", "LT18")]
    assert {str(getattr(authorization, name)) for name in EVIDENCE} == {EVENT}
    assert authorization.requested_by == "dr-7"


async def test_a_trial_without_a_scan_before_randomization_is_authorized_without_one():
    scanless = answer(tumour_assessment=None, tumour_assessment_position=None)
    authorization = await asked(lambda _: httpx.Response(201, json=scanless))
    assert authorization.tumour_assessment is None
    left_out = answer()
    del left_out["recorded"][1]["fact"]["tumour_assessment"]
    with pytest.raises(Refused):
        await asked(lambda _: httpx.Response(201, json=left_out))


async def test_what_enrolment_refuses_is_refused_in_its_words():
    problem = {
        "type": "urn:reluth:problem:randomization-not-authorized",
        "title": "Gate 2 is not passed.",
        "status": 409,
        "remedy": "See `reasons`.",
        "context": {"reasons": ["PD"]},
    }
    with pytest.raises(Refused) as caught:
        await asked(lambda _: httpx.Response(409, json=problem))
    assert caught.value.refusal.code == "randomization-not-authorized"
    assert caught.value.refusal.remedy == "See `reasons`."
    assert dict(caught.value.detail) == {"reasons": ["PD"]}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"recorded": []},
        {"recorded": [1]},
        {"recorded": answer()["recorded"][:1]},
        answer(authorized_on="yesterday"),
        answer(strata=None),
        answer(strata=[{"factor": "F1"}]),
        answer(strata=[{"factor": "F1", "level": "not a code"}]),
        answer(subject=None),
        answer(requested_by=None),
        *(answer(**{name: None}) for name in EVIDENCE if name != "tumour_assessment"),
        answer(tumour_assessment="a scan"),
    ],
)
async def test_an_answer_that_is_no_authorization_is_not_taken_for_one(body):
    with pytest.raises(Refused) as caught:
        await asked(lambda _: httpx.Response(201, json=body))
    assert (caught.value.refusal.code, caught.value.refusal.status) == ("upstream-failed", 502)


@pytest.mark.parametrize(("code", "status", "becomes"), [("idempotency-key-reused", 422, 502)])
async def test_a_refusal_of_our_own_key_is_our_failure(code, status, becomes):
    problem = {"type": f"urn:reluth:problem:{code}", "title": "t", "status": status, "remedy": "r"}
    with pytest.raises(Refused) as caught:
        await asked(lambda _: httpx.Response(status, json=problem))
    assert caught.value.refusal.status == becomes


async def test_a_race_inside_enrolment_is_no_verdict_about_the_subject():
    problem = {"type": "urn:reluth:problem:version-conflict", "title": "t", "status": 409, "remedy": "r"}
    with pytest.raises(Unavailable):
        await asked(lambda _: httpx.Response(409, json=problem))


async def test_enrolment_that_cannot_be_reached_is_unavailable():
    def reply(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(Unavailable) as caught:
        await asked(reply)
    assert caught.value.what == "enrolment"
