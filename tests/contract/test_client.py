"""The client: keys, patience, refusals, tags and pages, against a service that is made for it; and its types."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from reluth_client import Connection, Patience, Refused, answered, pages
from reluth_client.enrolment import AuthenticatedClient
from reluth_client.enrolment.api.enrolment import get_subjects, post_surveillance
from reluth_client.enrolment.models import SubjectLine, SurveillanceBody
from tests.recording.kept import ROOT, kept

BODY = SurveillanceBody.from_dict({"started_on": "2026-07-05"})
MADE = kept("enrolment")["post_surveillance"]["success"]["answer"]["body"]
LINE = kept("enrolment")["get_subjects"]["success"]["answer"]["body"]["items"][0]
NO = {"type": "urn:reluth:problem:consent-missing", "title": "No.", "remedy": "Sign.", "context": {"subject": "01-001"}}
SOON = {"Retry-After": "0"}
Answer = httpx.Response | Exception


class Told:
    """A service that answers in this order, and what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers, self.asked = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(httpx.Request(request.method, request.url, headers=request.headers, content=request.content))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, token: str | Callable[[], str] = "t", **patience: Any) -> AuthenticatedClient:
        transport = httpx.MockTransport(self)
        calm = Patience(**{"attempts": 4, "longest": 0.0, **patience})
        connection = Connection(patience=calm, transport=transport, transport_sync=transport)
        return connection.to(AuthenticatedClient, "http://enrolment.test", token)

    @property
    def keys(self) -> list[str]:
        return [request.headers["Idempotency-Key"] for request in self.asked]


def made(**headers: str) -> httpx.Response:
    return httpx.Response(201, json=MADE, headers={name.replace("_", "-"): text for name, text in headers.items()})


async def test_a_command_is_repeated_with_the_key_it_was_first_sent_with() -> None:
    told = Told(
        httpx.ConnectError("gone"),
        httpx.Response(503, json=NO, headers=SOON),
        httpx.Response(409, json=NO, headers=SOON),
        made(),
    )
    await post_surveillance.asyncio("RELUTH", "01-001", client=told.client(), body=BODY)
    assert len(told.keys) == 4
    assert len(set(told.keys)) == 1
    assert {request.content for request in told.asked} == {b'{"started_on":"2026-07-05"}'}


async def test_two_commands_have_two_keys_and_a_given_one_is_kept() -> None:
    told = Told(made(), made(), made())
    client = told.client()
    for _ in range(2):
        await post_surveillance.asyncio("RELUTH", "01-001", client=client, body=BODY)
    await post_surveillance.asyncio("RELUTH", "01-001", client=client, body=BODY, idempotency_key="mine")
    assert len(set(told.keys)) == 3
    assert told.keys[2] == "mine"


def test_waiting_for_the_answer_is_the_same() -> None:
    told = Told(httpx.Response(502), made())
    view = post_surveillance.sync("RELUTH", "01-001", client=told.client(), body=BODY)
    assert view is not None
    assert view.to_dict() == MADE
    assert len(set(told.keys)) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422, 428, 500])
async def test_what_is_decided_is_not_asked_again(status: int) -> None:
    told = Told(httpx.Response(status, json=NO))
    with pytest.raises(Refused) as refused:
        await post_surveillance.asyncio("RELUTH", "01-001", client=told.client(), body=BODY)
    no = refused.value
    assert (no.status, no.code, no.remedy, no.context) == (status, "consent-missing", "Sign.", {"subject": "01-001"})
    assert len(told.asked) == 1


async def test_patience_ends_with_what_was_said_last() -> None:
    told = Told(*(httpx.Response(503, content=b"<html>") for _ in range(4)))
    with pytest.raises(Refused) as refused:
        await post_surveillance.asyncio("RELUTH", "01-001", client=told.client(), body=BODY)
    assert refused.value.code == "http-503"
    gone = Told(*(httpx.ConnectError("gone") for _ in range(4)))
    with pytest.raises(httpx.ConnectError):
        await post_surveillance.asyncio("RELUTH", "01-001", client=gone.client(), body=BODY)
    assert (len(told.asked), len(gone.asked)) == (4, 4)


async def test_a_token_that_is_renewed_is_asked_for_before_every_attempt() -> None:
    tokens = iter(("old", "new"))
    told = Told(httpx.Response(503), made())
    await post_surveillance.asyncio("RELUTH", "01-001", client=told.client(lambda: next(tokens)), body=BODY)
    assert [request.headers["Authorization"] for request in told.asked] == ["Bearer old", "Bearer new"]


async def test_the_tag_of_an_answer_is_the_condition_of_the_next_command() -> None:
    told = Told(made(ETag='"7"', Reluth_Position="40", Idempotent_Replayed="true"), made())
    client = told.client()
    answer = answered(await post_surveillance.asyncio_detailed("RELUTH", "01-001", client=client, body=BODY))
    assert (answer.etag, answer.position, answer.replayed) == ('"7"', 40, True)
    assert answer.value.to_dict() == MADE
    assert answer.etag is not None
    await post_surveillance.asyncio("RELUTH", "01-001", client=client, body=BODY, if_match=answer.etag)
    assert told.asked[1].headers["If-Match"] == '"7"'


async def test_a_list_is_read_to_its_end_with_the_same_filters() -> None:
    told = Told(
        httpx.Response(200, json={"items": [LINE, LINE], "next": "abc"}), httpx.Response(200, json={"items": [LINE]})
    )
    lines: AsyncIterator[SubjectLine] = pages(get_subjects.asyncio, "RELUTH", client=told.client(), site="01")
    assert [line.to_dict() async for line in lines] == [LINE, LINE, LINE]
    asked = [dict(request.url.params) for request in told.asked]
    assert [(one["site"], one.get("cursor")) for one in asked] == [("01", None), ("01", "abc")]
    assert "Idempotency-Key" not in told.asked[0].headers


def test_the_example_of_the_readme_has_types(tmp_path: Path) -> None:
    text = (ROOT / "clients" / "python" / "README.md").read_text("utf-8")
    sample = tmp_path / "sample.py"
    sample.write_text(text.split("```python\n")[1].split("```")[0], "utf-8")
    right = _mypy(sample, tmp_path)
    assert right.returncode == 0, right.stdout
    sample.write_text(sample.read_text("utf-8").replace("Sex.F", '"female"'), "utf-8")
    wrong = _mypy(sample, tmp_path)
    assert "arg-type" in wrong.stdout


def _mypy(sample: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file",
        "",
        "--cache-dir",
        str(cache / "cache"),
        str(sample),
    ]
    path = {"MYPYPATH": str(ROOT / "clients" / "python")}
    return subprocess.run(command, capture_output=True, text=True, env=path, cwd=cache, check=False)
