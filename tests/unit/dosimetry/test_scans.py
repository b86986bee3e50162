"""Infusions and scans: what cannot be so is refused with every error, what was wrong is annulled."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dosimetry.domain.scans import hours_between

from .world import (
    ANNULMENTS,
    CENTRE,
    INFUSIONS,
    QUALIFICATION,
    SCANS,
    STARTED,
    consented,
    died,
    dosimetry,
    included,
    infusion,
    ready,
    region,
    scan,
    screened,
)

P = "urn:reluth:problem:"


async def test_a_scan_stands_with_its_regions_and_its_hours(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        answer = await api.sends(SCANS, scan(24, regions=[region(), region("TUMOUR_2", "300")]))
        recorded = answer.json()["recorded"]
        assert [one["type"] for one in recorded] == ["dosimetry.scan-acquired", *["dosimetry.region-measured"] * 2]
        assert {one["fact"]["scan"] for one in recorded[1:]} == {recorded[0]["event_id"]}
        (told,) = (await api.told())["scans"]
        assert told["hours_post_injection"] == "24.000000"
        assert [one["organ"] for one in told["regions"]] == ["KIDNEY_L", "TUMOUR_2"]
        assert [(one["organ"], len(one["points"])) for one in (await api.told())["curves"]] == [
            ("KIDNEY_L", 1),
            ("TUMOUR_2", 1),
        ]


@given(st.integers(1, 10**10))
def test_hours_are_those_of_the_clock_to_the_microhour(milliseconds: int) -> None:
    hours = hours_between(STARTED, STARTED + timedelta(milliseconds=milliseconds))
    assert abs(hours * 3_600_000 - milliseconds) <= 2
    assert hours.as_tuple().exponent == -6


@pytest.mark.parametrize(
    ("changed", "places"),
    [
        ({"acquired_at": STARTED.isoformat()}, ["/acquired_at"]),
        ({"acquired_at": "2022-12-01T10:00:01Z"}, ["/acquired_at"]),
        ({"acquisition": "PLANAR"}, ["/reconstruction"]),
        ({"reconstruction": None}, ["/reconstruction"]),
        ({"regions": [region("HEART")]}, ["/regions/0/organ"]),
        ({"regions": [region("TUMOUR")]}, ["/regions/0/organ"]),
        ({"regions": [region("TUMOUR_0")]}, ["/regions/0/organ"]),
        ({"regions": [region("KIDNEY_L_1")]}, ["/regions/0/organ"]),
        ({"regions": [region(), region()]}, ["/regions/1/organ"]),
        ({"regions": [region(mass_g="19.999")]}, ["/regions/0/mass_g"]),
        ({"regions": [region(mass_g="1000.001")]}, ["/regions/0/mass_g"]),
        ({"regions": [region(sd_mbq="71.401")]}, ["/regions/0/sd_mbq"]),
        ({"regions": [region(activity="7400.001")]}, ["/regions/0/activity_mbq"]),
        (
            {"acquired_at": "2022-01-31T08:00:00Z", "regions": [region("HEART"), region(mass_g="1", sd_mbq="99")]},
            ["/acquired_at", "/regions/0/organ", "/regions/1/mass_g", "/regions/1/sd_mbq"],
        ),
    ],
)
async def test_a_scan_that_cannot_be_so_is_refused_whole_with_every_error(
    tmp_path: Path, changed: dict[str, Any], places: list[str]
) -> None:
    async with ready(tmp_path) as api:
        before = await api.count()
        answer = await api.sends(SCANS, scan(**changed))
        assert (answer.status_code, answer.json()["type"]) == (422, f"{P}dosimetry-scan-not-accepted")
        assert [error["pointer"] for error in answer.json()["context"]["errors"]] == places
        assert await api.count() == before


@pytest.mark.parametrize("mass", ["20", "1000"])
async def test_a_mass_at_its_bound_is_believed(tmp_path: Path, mass: str) -> None:
    async with ready(tmp_path) as api:
        await api.made(SCANS, scan(regions=[region(mass_g=mass, sd_mbq="71.4")]))


async def test_one_study_and_one_moment_are_one_scan(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        first = await api.made(SCANS, scan(24))
        for body in (scan(72, study_uid=scan(24)["study_uid"]), scan(24, study_uid="1.2.3")):
            (error,) = (await api.sends(SCANS, body)).json()["context"]["errors"]
            assert error["context"]["event_id"] == first


async def test_what_a_later_cycle_added_is_not_taken_for_the_earlier_one(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await api.made(INFUSIONS, infusion(2))
        late = scan(24 * 57)
        (error,) = (await api.sends(SCANS, late)).json()["context"]["errors"]
        assert error["context"] == {"cycle": 2}


@pytest.mark.parametrize(
    "changed",
    [
        {"study_uid": "1.02.3"},
        {"study_uid": "3.2.1"},
        {"study_uid": "1." + "2" * 63},
        {"regions": []},
        {"regions": [region(activity="0")]},
        {"regions": [region(activity="-1")]},
        {"regions": [region(sd_mbq="0")]},
        {"regions": [region(activity="1e3x")]},
        {"acquired_at": "2022-02-02"},
        {"cycle": 0},
        {"cycle": "1"},
        {"quality": "GOOD"},
        {"patient": "x"},
    ],
)
async def test_nonsense_is_refused_and_nothing_is_recorded(tmp_path: Path, changed: dict[str, Any]) -> None:
    async with ready(tmp_path) as api:
        before = await api.count()
        assert (await api.sends(SCANS, {**scan(), **changed})).status_code == 422
        assert await api.count() == before


async def test_a_camera_counts_on_the_days_of_its_qualification_alone(tmp_path: Path) -> None:
    async with dosimetry(tmp_path) as api:
        await api.parts.hear(screened(), *_entered())
        await api.parts.catch_up()
        await api.made(CENTRE, {**QUALIFICATION, "valid_from": "2022-02-02", "valid_to": "2022-02-04"})
        await api.made(INFUSIONS, infusion())
        for hours, camera in ((4, "NM-670"), (96, "NM-670"), (24, "NM-671")):
            answer = await api.sends(SCANS, scan(hours, camera=camera))
            assert (answer.status_code, answer.json()["type"]) == (409, f"{P}centre-not-qualified")
            assert "dosimetry-qualifications" in answer.json()["remedy"]
        planar = await api.sends(SCANS, scan(24, acquisition="PLANAR", reconstruction=None))
        assert planar.json()["type"] == f"{P}centre-not-qualified"
        for hours in (24, 72):
            await api.made(SCANS, scan(hours))


def _entered() -> tuple[Any, ...]:
    return consented(), included()


async def test_before_infusion_inclusion_and_word_of_the_subject_there_is_no_scan(tmp_path: Path) -> None:
    async with dosimetry(tmp_path) as api:
        for path, body in ((INFUSIONS, infusion()), (SCANS, scan())):
            answer = await api.sends(path, body)
            assert (answer.status_code, answer.json()["type"]) == (409, f"{P}subject-not-heard-of")
            assert answer.headers["Retry-After"] == "2"
        await api.parts.hear(screened())
        await api.parts.catch_up()
        answer = await api.sends(INFUSIONS, infusion())
        assert answer.json()["type"] == f"{P}inclusion-not-heard-of"
        await api.parts.hear(*_entered())
        await api.parts.catch_up()
        assert (await api.sends(SCANS, scan())).json()["type"] == f"{P}infusion-missing"
        assert (await api.sends(SCANS, scan(cycle=5))).json()["type"] == f"{P}unknown-cycle"
        assert await api.count() == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (infusion(1), "infusion-already-recorded"),
        (infusion(5), "unknown-cycle"),
        (infusion(2, infusion_started_at="2022-01-31T08:00:00Z"), "infusion-out-of-order"),
        (infusion(2, infusion_started_at=STARTED.isoformat()), "infusion-out-of-order"),
        (infusion(2, infusion_started_at="2022-12-01T10:00:01Z"), "date-not-possible"),
        (infusion(2, infusion_started_at="2022-01-19T22:59:59Z"), "date-not-possible"),
    ],
)
async def test_an_infusion_that_cannot_be_so_is_refused(tmp_path: Path, body: dict[str, Any], code: str) -> None:
    async with ready(tmp_path) as api:
        before = await api.count()
        assert (await api.sends(INFUSIONS, body)).json()["type"] == f"{P}{code}"
        assert await api.count() == before


async def test_nothing_is_dated_after_a_death(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await api.parts.hear(died())
        await api.parts.catch_up()
        late = await api.sends(INFUSIONS, infusion(2, infusion_started_at="2022-09-02T08:00:00+02:00"))
        assert late.json()["type"] == f"{P}date-not-possible"
        answer = await api.sends(SCANS, scan(acquired_at="2022-09-02T08:00:00+02:00"))
        assert [error["pointer"] for error in answer.json()["context"]["errors"]] == ["/acquired_at"]
        await api.made(SCANS, scan(24))


async def test_the_same_request_twice_is_one_scan_and_one_answer(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        first = await api.sends(SCANS, scan(), key="once")
        before = await api.count()
        again = await api.sends(SCANS, scan(), key="once")
        assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
        other = await api.sends(SCANS, scan(72), key="once")
        assert (other.status_code, other.json()["type"]) == (422, f"{P}idempotency-key-reused")
        assert await api.count() == before


async def test_a_command_on_a_state_that_moved_is_refused(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        tag = (await api.get(SCANS.replace("-scans", ""), "investigator", "01")).headers["ETag"]
        assert (await api.sends(SCANS, scan(), If_Match=tag)).status_code == 201
        assert (await api.sends(SCANS, scan(72), If_Match=tag)).status_code == 412


async def test_an_annulled_scan_goes_with_its_regions_and_can_be_sent_again(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        wrong = await api.made(SCANS, scan())
        (told,) = (await api.told())["scans"]
        (one,) = told["regions"]
        alone = await api.sends(ANNULMENTS, {"annul": one["event_id"], "reason": "wrong mass"})
        assert (alone.status_code, alone.json()["context"]) == (409, {"event_id": wrong})
        answer = await api.sends(ANNULMENTS, {"annul": wrong, "reason": "wrong mass"})
        assert [one["fact"]["annulled"] for one in answer.json()["recorded"]] == [wrong, one["event_id"]]
        assert (await api.told())["scans"] == []
        again = await api.sends(ANNULMENTS, {"annul": wrong, "reason": "wrong mass"})
        assert (again.status_code, again.json()["type"]) == (404, f"{P}unknown-record")
        await api.made(SCANS, scan())


async def test_an_infusion_is_not_annulled_below_its_scans(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        (first,) = (await api.told())["infusions"]
        wrong = await api.made(SCANS, scan())
        refused = await api.sends(ANNULMENTS, {"annul": first["event_id"], "reason": "another activity"})
        assert (refused.status_code, refused.json()["context"]) == (409, {"event_id": wrong})
        for one in (wrong, first["event_id"]):
            await api.made(ANNULMENTS, {"annul": one, "reason": "another activity"})
        assert (await api.told())["infusions"] == []
        await api.made(INFUSIONS, infusion(administered_mbq="7350"))


async def test_a_failed_control_is_kept_and_not_computed_with(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await api.made(SCANS, scan(quality="FAILED"))
        told = await api.told()
        assert [one["quality"] for one in told["scans"]] == ["FAILED"]
        assert told["curves"] == []
