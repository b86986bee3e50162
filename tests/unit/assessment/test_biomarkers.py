"""Biomarkers over HTTP: as they were given, and comparable where they are."""

from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from contracts.events.course import SubjectErased
from contracts.vocabulary.roles import SITE_ROLES, Role
from services.assessment.routes.common import Services
from tests.unit.hearing import Api

from .world import NOW, STUDY, SUBJECT, assessment, consented, included, screened

PATH = f"/subjects/{SUBJECT}/biomarkers"
CGA = {"marker": "CGA", "value": "182.50", "unit": "ng/mL", "upper_limit": "98", "sampled_on": "2022-07-01"}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api[Services]]:
    async with assessment(tmp_path) as api:
        await api.parts.hear(screened(), consented(), included())
        yield api


async def post(api: Api[Services], body: dict[str, Any], path: str = "", key: str = "k") -> Any:
    return await api.post(f"{PATH}{path}", body, "coordinator", "01", key=key)


async def test_a_value_is_kept_as_given_and_shown_in_the_canonical_unit(api: Api[Services]) -> None:
    made = (await post(api, CGA)).json()
    assert (made["value"], made["unit"], made["canonical_value"], made["canonical_unit"]) == (
        "182.50",
        "ng/mL",
        "182.50",
        "ug/L",
    )
    assert made["above_limit"] is True
    other = {"marker": "HIAA", "value": "10", "unit": "mg/(24.h)", "sampled_on": "2022-07-01"}
    made = (await post(api, other, key="h")).json()
    assert (made["canonical_value"], made["canonical_unit"], made["above_limit"]) == ("52.3070", "umol/(24.h)", None)
    listed = (await api.get(PATH, "monitor")).json()["items"]
    assert [one["marker"] for one in listed] == ["CGA", "HIAA"]


async def test_what_depends_on_the_method_is_not_converted(api: Api[Services]) -> None:
    made = (await post(api, {**CGA, "unit": "nmol/L", "method": "RIA"})).json()
    assert (made["value"], made["canonical_value"], made["method"]) == ("182.50", None, "RIA")


@pytest.mark.parametrize("value", ["98", "98.000"])
async def test_a_value_at_its_limit_is_not_above_it(api: Api[Services], value: str) -> None:
    assert (await post(api, {**CGA, "value": value})).json()["above_limit"] is False


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"marker": "NSE"}, "biomarker-unknown"),
        ({"unit": "mg/L"}, "biomarker-unit-not-accepted"),
        ({"upper_limit": "0"}, "upper-limit-not-accepted"),
        ({"value": "-1"}, "invalid-request"),
        ({"value": "NaN"}, "invalid-request"),
        ({"value": "1" * 13}, "invalid-request"),
        ({"method": "by hand, of course"}, "invalid-request"),
        ({"sampled_on": "2022-12-02"}, "date-in-the-future"),
        ({"sampled_on": "2022-01-09"}, "before-consent"),
    ],
)
async def test_what_is_no_measurement_is_refused(api: Api[Services], changed: dict[str, Any], code: str) -> None:
    refused = await post(api, {**CGA, **changed})
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, code)
    assert await api.parts.types() == []


async def test_a_correction_replaces_and_the_past_has_the_former(api: Api[Services]) -> None:
    first = await post(api, CGA)
    again = await post(api, CGA, key="again")
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "biomarker-already-recorded")
    path = f"/{first.json()['event_id']}/corrections"
    made = await post(api, {**CGA, "value": "18.25", "reason": "The point was left out"}, path, "c")
    assert made.status_code == 201
    assert [one["value"] for one in (await api.get(PATH, "monitor")).json()["items"]] == ["18.25"]
    then = await api.get(PATH, "monitor", as_of=first.headers["Reluth-Position"])
    assert [one["value"] for one in then.json()["items"]] == ["182.50"]
    gone = await post(api, {**CGA, "reason": "Once more"}, path, "d")
    assert (gone.status_code, gone.json()["type"].rpartition(":")[2]) == (404, "biomarker-not-found")


@pytest.mark.parametrize(("role", "sites"), list(product(Role, [("01",), ("02",), ()])))
async def test_every_endpoint_for_every_role(api: Api[Services], role: Role, sites: tuple[str, ...]) -> None:
    first = (await post(api, CGA)).json()["event_id"]
    permitted = role in (Role.INVESTIGATOR, Role.COORDINATOR) and sites == ("01",)
    posted = await api.post(PATH, {**CGA, "sampled_on": "2022-08-01"}, role.value, *sites, key="p")
    corrected = await api.post(f"{PATH}/{first}/corrections", {**CGA, "reason": "Again"}, role.value, *sites, key="q")
    assert {posted.status_code, corrected.status_code} == {201 if permitted else 403}
    seen = role in (Role.MONITOR, Role.INSPECTOR, Role.STATISTICIAN, Role.SAFETY_BOARD)
    seen = seen or (role in SITE_ROLES and sites == ("01",))
    assert (await api.get(PATH, role.value, *sites)).status_code == (200 if seen else 403)


async def test_of_an_erased_subject_nothing_is_told(api: Api[Services]) -> None:
    await post(api, CGA)
    await api.parts.hear(SubjectErased(study=STUDY, subject=SUBJECT, erased_on=NOW.date()))
    await api.parts.catch_up()
    assert (await api.get(PATH, "monitor")).status_code == 410
    assert (await post(api, {**CGA, "sampled_on": "2022-08-01"}, key="later")).status_code == 410
