"""The question for the strata of a day: as the caller, recorded by nobody, and no answer to another question taken."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.events.enrolment import FactorLevel, Input
from services.chassis.auth.outgoing import Upstream
from services.chassis.refusal import Refused
from services.chassis.settings import settings_of
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.context import RequestContext, enter_request, leave_request
from services.chassis.unavailable import Unavailable
from services.enrolment.shown.gates import StrataView
from services.randomizer.domain.discrepancies import Derived
from services.randomizer.questions import EnrolmentOverHttp

DAY = date(2022, 3, 1)
SHA = "ab" * 32
LEVEL = FactorLevel(
    factor="F3",
    level="LT60",
    inputs=(Input(field="creatinine", value="120", unit="umol/L", observed_on=DAY, event_id=UUID(int=5)),),
)


def answer(**changed: Any) -> dict[str, Any]:
    """As enrolment itself writes it, and something that it may say tomorrow."""
    view = StrataView(subject="01-001", on=DAY, strata=[LEVEL], criteria_version="1.0", protocol_sha256=SHA)
    return {**view.model_dump(mode="json"), "of_tomorrow": True, **changed}


async def asked(reply: Callable[[httpx.Request], httpx.Response]) -> Derived:
    telemetry = Telemetry.of("randomizer", settings_of("randomizer"))
    client = httpx.AsyncClient(transport=httpx.MockTransport(reply))
    upstream = Upstream("enrolment", "http://enrolment.test", client, tracing=telemetry.tracing)
    return await EnrolmentOverHttp(upstream).strata_on("RELUTH", "01-001", DAY)


async def test_enrolment_is_asked_as_the_caller_for_that_day():
    seen = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=answer())

    token = enter_request(RequestContext("c-1", "Bearer of-the-caller"))
    try:
        told = await asked(reply)
    finally:
        leave_request(token)
    (request,) = seen
    assert (request.method, request.url.path) == ("GET", "/studies/RELUTH/subjects/01-001/strata")
    assert dict(request.url.params) == {"on": "2022-03-01"}
    assert request.headers["Authorization"] == "Bearer of-the-caller"
    assert told == Derived("RELUTH", "01-001", DAY, "1.0", SHA, (LEVEL,))


@pytest.mark.parametrize(
    "body",
    [
        answer(subject="01-002"),
        answer(on="2022-03-02"),
        answer(strata=None),
        answer(strata=[{"factor": "F3"}]),
        answer(criteria_version="of whom: Ms Quillfeather"),
        answer(protocol_sha256="none"),
        {},
        [],
        None,
    ],
)
async def test_an_answer_to_another_question_is_none(body):
    with pytest.raises(Refused) as caught:
        await asked(lambda _: httpx.Response(200, json=body))
    assert caught.value.refusal.code == "upstream-failed"
    assert caught.value.refusal.status == 502


async def test_what_enrolment_cannot_derive_is_told_to_the_caller_as_it_says():
    problem = {
        "type": "urn:reluth:problem:strata-unknown",
        "title": "At least one stratification factor has no level on that day.",
        "status": 409,
        "remedy": "Record it.",
        "context": {"missing": {"F3": ["creatinine"]}},
    }
    with pytest.raises(Refused) as caught:
        await asked(lambda _: httpx.Response(409, json=problem))
    assert caught.value.refusal.code == "strata-unknown"
    assert caught.value.detail["missing"] == {"F3": ["creatinine"]}


async def test_an_enrolment_that_is_away_is_a_matter_of_waiting():
    with pytest.raises(Unavailable):
        await asked(lambda _: httpx.Response(503))
