"""Tables of rows: each taken or refused, none lost, and the same file twice changes nothing."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.vocabulary.roles import Role
from services.assessment.handlers.kinds import QUESTIONNAIRES, READINGS
from services.assessment.handlers.tables import Row, table
from services.assessment.routes.common import Services
from services.chassis.refusal import Refused
from tests.unit.hearing import Api

from .world import STUDY, assessment, consented, included, screened

HEAD = "subject,timepoint,scan_on,modality,response\n"
GOOD = "01-001,POST_C2,2022-05-01,CT,SD\n01-001,M2,2022-07-01,MRI,PR\n"
SUBJECTS = ("01-001", "01-002", "02-001")


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api[Services]]:
    async with assessment(tmp_path) as api:
        for subject in SUBJECTS:
            await api.parts.hear(screened(subject), consented(subject), included(subject))
        yield api


async def send(
    api: Api[Services],
    text: str | bytes,
    what: str = "readings",
    key: str = "k",
    who: tuple[str, ...] = ("investigator", "01"),
) -> Any:
    headers = {**api.token(*who), "Idempotency-Key": key, "Content-Type": "text/csv"}
    content = text if isinstance(text, bytes) else text.encode()
    return await api.client.post(f"/studies/{STUDY}/uploads/{what}", content=content, headers=headers)


def outcomes(answer: Any) -> list[tuple[str, str | None]]:
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["rows"] == len(found["report"]) == found["recorded"] + found["already"] + found["refused"]
    assert [row["row"] for row in found["report"]] == list(range(1, found["rows"] + 1))
    return [
        (row["outcome"], row["problem"]["type"].rpartition(":")[2] if row["problem"] else None)
        for row in found["report"]
    ]


async def test_each_row_is_taken_or_refused_with_its_reason(api: Api[Services]) -> None:
    rows = (
        "01-001,M4,2022-13-01,CT,SD",
        "01-001,M4,2022-09-01,CT",
        "01-001,M6,2022-06-01,CT,SD",
        "02-001,M2,2022-07-01,CT,SD",
        "01-009,M2,2022-07-01,CT,SD",
        "nobody,M2,2022-07-01,CT,SD",
        "01-002,M2,2022-07-01,CT,SD",
    )
    answer = await send(api, HEAD + GOOD + "\n".join(rows))
    assert outcomes(answer) == [
        ("RECORDED", None),
        ("RECORDED", None),
        ("REFUSED", "row-invalid"),
        ("REFUSED", "row-shape"),
        ("REFUSED", "scans-out-of-order"),
        ("REFUSED", "not-permitted"),
        ("REFUSED", "subject-not-heard-of"),
        ("REFUSED", "not-permitted"),
        ("RECORDED", None),
    ]
    wrong = answer.json()["report"][2]
    assert (wrong["line"], wrong["problem"]["errors"][0]["pointer"]) == (4, "/scan_on")
    assert "2022-13-01" not in answer.text
    assert await api.parts.types() == ["assessment.tumour-assessed"] * 3


async def test_the_same_file_twice_changes_nothing_and_so_does_a_row_twice(api: Api[Services]) -> None:
    first = await send(api, HEAD + GOOD + GOOD)
    assert outcomes(first) == [("RECORDED", None)] * 2 + [("ALREADY", None)] * 2
    events = [row["event_id"] for row in first.json()["report"]]
    again = await send(api, HEAD + GOOD + GOOD, key="again")
    assert outcomes(again) == [("ALREADY", None)] * 4
    assert [row["event_id"] for row in again.json()["report"]] == events
    assert len(await api.parts.types()) == 2


async def test_what_was_recorded_in_another_way_is_there_already_if_it_says_the_same(api: Api[Services]) -> None:
    sent = {"timepoint": "POST_C2", "scan_on": "2022-05-01", "modality": "CT", "response": "SD"}
    await api.post("/subjects/01-001/tumour-assessments", sent, "investigator", "01", key="json")
    assert outcomes(await send(api, HEAD + GOOD.splitlines()[0])) == [("ALREADY", None)]
    other = HEAD + GOOD.splitlines()[0].replace("SD", "PD")
    assert outcomes(await send(api, other, key="other")) == [("REFUSED", "timepoint-already-assessed")]


async def test_a_table_of_questionnaires(api: Api[Services]) -> None:
    items = [f"q{n}" for n in range(1, 31)]
    head = ";".join(("subject", "questionnaire", "edition", "occasion", "completed_on", *items))
    full = ";".join(("01-001", "QLQ_C30", "3.0", "M2", "2022-07-01", *["2"] * 30))
    partly = ";".join(("01-001", "QLQ_C30", "3.0", "M4", "2022-09-01", *["2"] * 28, "", ""))
    wrong = ";".join(("01-002", "QLQ_C30", "3.0", "M2", "2022-07-01", "5", *["2"] * 29))
    answer = await send(api, "\ufeff" + "\r\n".join((head, full, partly, wrong, "")), "questionnaires")
    assert outcomes(answer) == [("RECORDED", None), ("RECORDED", None), ("REFUSED", "answer-not-offered")]
    assert answer.json()["report"][2]["problem"]["context"]["items"] == [1]
    shown = (await api.get("/subjects/01-001/questionnaires/QLQ_C30/M4", "monitor")).json()
    assert next(one for one in shown["scores"] if one["scale"] == "QL")["score"] is None
    same = {
        "questionnaire": "QLQ_C30",
        "edition": "3.0",
        "occasion": "M2",
        "completed_on": "2022-07-01",
        "answers": {str(n): 2 for n in range(1, 31)},
    }
    await api.post("/subjects/01-002/questionnaires", same, "coordinator", "01", key="json")
    again = full.replace("01-001", "01-002")
    assert outcomes(await send(api, f"{head}\n{again}", "questionnaires", "again")) == [("ALREADY", None)]
    for n, other in enumerate((again.replace("2022-07-01", "2022-07-02"), again[:-1] + "3", again[:-1])):
        told = await send(api, f"{head}\n{other}", "questionnaires", f"other-{n}")
        assert outcomes(told) == [("REFUSED", "questionnaire-already-completed")], other


async def test_items_that_do_not_apply_stand_in_one_cell(api: Api[Services]) -> None:
    head = "subject,questionnaire,edition,occasion,completed_on,q31,not_applicable\n"
    row = "01-001,QLQ_GINET21,2013,M2,2022-07-01,1,39 40\n"
    assert outcomes(await send(api, head + row, "questionnaires")) == [("RECORDED", None)]
    (shown,) = (await api.get("/subjects/01-001/questionnaires", "monitor")).json()["items"]
    assert shown["not_applicable"] == [39, 40]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-columns"),
        (b"subject,timepoint\n", "file-columns"),
        (HEAD.replace("response", "response,arm").encode(), "file-columns"),
        (HEAD.replace("\n", ",subject\n").encode(), "file-columns"),
        (HEAD.encode() + b"\xff\xfe", "file-not-utf8"),
        (HEAD.encode("utf-16"), "file-not-utf8"),
        (HEAD.encode() + b"01-001,M2,\0,CT,SD", "file-not-csv"),
        (HEAD.encode() + b'01-001,"M2,2022-07-01,CT,SD', "file-not-csv"),
        (HEAD.encode() + b"01-001,M2,2022-07-01,CT,SD\n" * 5001, "file-too-long"),
    ],
)
async def test_what_is_no_such_table_is_refused_whole(api: Api[Services], content: bytes, code: str) -> None:
    refused = await send(api, content)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, code)
    assert await api.parts.types() == []


@pytest.mark.parametrize(("role", "site"), list(product(Role, ["01", ""])))
async def test_who_may_send_a_table(api: Api[Services], role: Role, site: str) -> None:
    may = {"readings": {Role.INVESTIGATOR}, "questionnaires": {Role.INVESTIGATOR, Role.COORDINATOR}}
    heads = {kind.name: ",".join(kind.required) for kind in (READINGS, QUESTIONNAIRES)}
    for what, roles in may.items():
        answer = await send(api, heads[what], what, who=(role.value, site) if site else (role.value,))
        assert answer.status_code == (200 if role in roles and site else 403), what


ODD = ["", ",,,,", "01-001", 'x"y,,,,', "01-002,M2,2022-07-01,CT,SD"]
LINES = st.lists(st.sampled_from([*GOOD.splitlines(), *ODD]), max_size=8)


@given(LINES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_row_is_lost(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    async with assessment(tmp_path_factory.mktemp("state")) as api:
        await api.parts.hear(screened(), consented(), included())
        answer = await send(api, HEAD + "\n".join(lines))
        found = outcomes(answer)
        assert len(found) == sum(bool(line.strip(", ")) for line in lines)
        assert len(await api.parts.types()) == sum(outcome == "RECORDED" for outcome, _ in found)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_they_are_rows_or_a_reason(content: bytes) -> None:
    rows: list[Row] = []
    codes = {"file-not-utf8", "file-not-csv", ""}
    code = ""
    try:
        rows = table(HEAD.encode() + content, READINGS.required, READINGS.permitted)
    except Refused as refused:
        code = refused.refusal.code
    assert code in codes
    assert all(row.cells is None or set(row.cells) <= {*READINGS.required} for row in rows)
