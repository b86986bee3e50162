"""A timepoint with everything that belongs to it: all of it or nothing, and every error at once."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from contracts.vocabulary.roles import Role
from services.assessment.routes.common import Services
from tests.unit.hearing import Api

from .test_questionnaire_routes import ALL_TWO
from .world import SUBJECT, assessment, consented, included, screened

PATH = f"/subjects/{SUBJECT}/timepoints"
DAY = "2022-07-01"
READING = {"timepoint": "M2", "scan_on": DAY, "modality": "CT", "response": "SD"}
FILLED = {
    "questionnaire": "QLQ_C30",
    "edition": "3.0",
    "occasion": "M2",
    "completed_on": DAY,
    "answers": {str(item): answer for item, answer in ALL_TWO.items()},
}
MARKER = {"marker": "CGA", "value": "98", "unit": "ug/L", "sampled_on": DAY}
WHOLE = {"tumour_assessment": READING, "questionnaires": [FILLED], "biomarkers": [MARKER]}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api[Services]]:
    async with assessment(tmp_path) as api:
        await api.parts.hear(screened(), consented(), included())
        yield api


async def post(api: Api[Services], body: Any, role: str = "investigator", *sites: str, key: str = "k") -> Any:
    return await api.post(PATH, body, role, *(sites or ("01",)), key=key)


async def test_all_of_it_is_recorded_in_one_append(api: Api[Services]) -> None:
    made, again = await post(api, WHOLE), await post(api, WHOLE)
    assert (made.status_code, made.content) == (201, again.content)
    assert await api.parts.types() == [
        "assessment.tumour-assessed",
        "assessment.questionnaire-completed",
        "assessment.biomarker-measured",
    ]
    stored = await api.parts.log.read(0, 10)
    assert [str(one.event_id) for one in stored] == made.json()["events"]
    assert len({one.recorded_at for one in stored}) == 1


async def test_every_error_is_told_at_once_and_nothing_is_recorded(api: Api[Services]) -> None:
    wrong = {
        "tumour_assessment": {**READING, "timepoint": "M3"},
        "questionnaires": [FILLED, {**FILLED, "occasion": "VA3"}, FILLED],
        "biomarkers": [{**MARKER, "unit": "mg"}, MARKER, MARKER],
    }
    refused = (await post(api, wrong)).json()
    assert refused["type"].rpartition(":")[2] == "timepoint-not-accepted"
    assert [(one["pointer"], one["code"]) for one in refused["context"]["errors"]] == [
        ("/tumour_assessment", "timepoint-unknown"),
        ("/questionnaires/1", "occasion-unknown"),
        ("/questionnaires/2", "questionnaire-already-completed"),
        ("/biomarkers/0", "biomarker-unit-not-accepted"),
        ("/biomarkers/2", "biomarker-already-recorded"),
    ]
    assert await api.parts.types() == []


async def test_nothing_at_all_is_refused(api: Api[Services]) -> None:
    assert (await post(api, {})).status_code == 422


@pytest.mark.parametrize(("role", "sites"), list(product(Role, [("01",), ("02",), ()])))
async def test_who_may_send_which_parts(api: Api[Services], role: Role, sites: tuple[str, ...]) -> None:
    own = sites == ("01",)
    whole = await api.post(PATH, WHOLE, role.value, *sites, key="whole")
    assert whole.status_code == (201 if own and role is Role.INVESTIGATOR else 403)
    parts = {**WHOLE, "tumour_assessment": None, "biomarkers": [], "questionnaires": [{**FILLED, "occasion": "M4"}]}
    answer = await api.post(PATH, parts, role.value, *sites, key="parts")
    assert answer.status_code == (201 if own and role in (Role.INVESTIGATOR, Role.COORDINATOR) else 403)
