"""Qualifications of cameras: what contradicts itself is refused with every error, what stands is told."""

from pathlib import Path
from typing import Any

import pytest

from .world import ANNULMENTS, CENTRE, QUALIFICATION, READ, SCANS, dosimetry, ready, scan


async def test_a_qualification_is_recorded_and_told(tmp_path: Path) -> None:
    async with dosimetry(tmp_path) as api:
        made = await api.made(CENTRE, QUALIFICATION)
        (told,) = (await api.told(CENTRE))["items"]
        assert told["event_id"] == made
        assert {name: told[name] for name in QUALIFICATION} == QUALIFICATION
        assert await api.parts.types() == ["dosimetry.centre-qualified"]


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"phantom_on": "2022-12-02", "valid_from": "2022-12-02", "valid_to": "2023-01-01"}, ["/phantom_on"]),
        ({"cross_checked_on": "2022-12-02"}, ["/cross_checked_on"]),
        ({"valid_from": "2022-01-09"}, ["/valid_from"]),
        ({"valid_to": "2022-01-09"}, ["/valid_to"]),
        ({"cross_check_percent": "5.001"}, ["/cross_check_percent"]),
        ({"cross_check_percent": "-5.001"}, ["/cross_check_percent"]),
        (
            {"recovery": [{"volume_ml": "5", "coefficient": "0.5"}, {"volume_ml": "5.0", "coefficient": "0.6"}]},
            ["/recovery/1/volume_ml"],
        ),
        (
            {"cross_checked_on": "2022-12-02", "cross_check_percent": "7", "valid_to": "2021-01-01"},
            ["/cross_checked_on", "/valid_to", "/cross_check_percent"],
        ),
    ],
)
async def test_what_contradicts_itself_is_refused_with_every_error(
    tmp_path: Path, changed: dict[str, Any], places: list[str]
) -> None:
    async with dosimetry(tmp_path) as api:
        answer = await api.sends(CENTRE, {**QUALIFICATION, **changed})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:reluth:problem:qualification-not-accepted")
        assert [error["pointer"] for error in answer.json()["context"]["errors"]] == places
        assert await api.count() == 0


@pytest.mark.parametrize("percent", ["5", "-5"])
async def test_a_cross_check_at_the_limit_passes(tmp_path: Path, percent: str) -> None:
    async with dosimetry(tmp_path) as api:
        await api.made(CENTRE, {**QUALIFICATION, "cross_check_percent": percent})


@pytest.mark.parametrize(
    "changed",
    [
        {"calibration_factor": "0"},
        {"calibration_factor": -1},
        {"camera": "two words"},
        {"acquisition": "PET_CT"},
        {"recovery": [{"volume_ml": "5.6", "coefficient": "2.1"}]},
        {"phantom_on": 20220110},
        {"unknown": 1},
    ],
)
async def test_nonsense_is_refused_and_nothing_is_recorded(tmp_path: Path, changed: dict[str, Any]) -> None:
    async with dosimetry(tmp_path) as api:
        assert (await api.sends(CENTRE, {**QUALIFICATION, **changed})).status_code == 422
        assert await api.count() == 0


async def test_of_several_that_are_valid_the_one_recorded_last_counts(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        second = await api.made(CENTRE, {**QUALIFICATION, "calibration_factor": "5.70", "valid_from": "2022-02-02"})
        await api.made(SCANS, scan(4))
        await api.made(SCANS, scan(24))
        first, last = (await api.told())["scans"]
        assert first["qualification"] != second, "the day before the second began"
        assert last["qualification"] == second


async def test_an_annulled_qualification_leaves_its_scans_and_is_computed_with_no_more(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await api.made(SCANS, scan())
        (one,) = (await api.told(CENTRE))["items"]
        assert (await api.told())["curves"]
        path, why = f"{CENTRE}/{one['event_id']}/annulment", {"reason": "measured with another collimator"}
        await api.made(path, why)
        assert (await api.told(CENTRE))["items"] == []
        told = await api.told()
        assert [found["qualification_stands"] for found in told["scans"]] == [False]
        assert told["curves"] == []
        again = await api.sends(path, why)
        assert (again.status_code, again.json()["type"]) == (404, "urn:reluth:problem:qualification-not-found")
        refused = await api.sends(SCANS, scan(72))
        assert refused.json()["type"] == "urn:reluth:problem:centre-not-qualified"


async def test_reads_are_of_a_moment_of_the_log_and_of_a_day(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        wrong = await api.made(SCANS, scan())
        await api.made(ANNULMENTS, {"annul": wrong, "reason": "another subject's images"})
        assert (await api.told())["scans"] == []
        assert len((await api.told(READ, as_of="5"))["scans"]) == 0
        assert len((await api.told(READ, as_of="3"))["scans"]) == 1
        assert (await api.told(READ, as_of="3", valid_at="2022-02-01"))["scans"] == []
        assert (await api.told(CENTRE, valid_at="2022-01-09"))["items"] == []
