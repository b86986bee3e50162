"""Doses: computed from what stands, derived again from their inputs, summed beside lines that forbid nothing."""

import math
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from contracts.events.dosimetry import AbsorbedDoseComputed
from services.dosimetry.calculation.integrate import integrate
from services.dosimetry.domain.commands import ComputeDoses
from services.dosimetry.domain.doses import compute
from services.dosimetry.domain.state import (
    INITIAL,
    Centre,
    centre_stream,
    dosimetry_stream,
    evolve,
    evolve_centre,
)
from services.dosimetry.handlers.context import zone_of

from .world import (
    ANNULMENTS,
    CENTRE,
    CUMULATIVE,
    DOSES,
    HOURS,
    INFUSIONS,
    PROTOCOL,
    SCANS,
    SITE,
    STUDY,
    SUBJECT,
    Dosimetry,
    infusion,
    ready,
    region,
    scan,
)

P = "urn:reluth:problem:"
HALF_LIFE_H = 6.647 * 24
WHY = {"reason": "another subject's images"}


async def scanned(
    api: Dosimetry, cycle: int = 1, *, organ: str = "KIDNEY_L", start: float = 100, half_life: float = 50, **more: Any
) -> list[str]:
    """Scans of an organ that empties by one exponential."""
    made = []
    for hours in HOURS:
        activity = f"{start * 2 ** (-hours / half_life):.3f}"
        body = scan(hours, cycle, regions=[region(organ, activity, sd_mbq=f"{float(activity) / 20:.3f}", **more)])
        made.append(await api.made(SCANS, body))
    return made


async def computed(api: Dosimetry, cycle: int = 1) -> list[dict[str, Any]]:
    answer = await api.sends(DOSES, {"cycle": cycle})
    assert answer.status_code == 201, answer.text
    return [one["fact"] for one in answer.json()["recorded"]]


async def summed(api: Dosimetry, organ: str = "KIDNEY_L", **query: Any) -> dict[str, Any]:
    found: Sequence[dict[str, Any]] = (await api.told(CUMULATIVE, **query))["organs"]
    (one,) = [one for one in found if one["organ"] == organ]
    return one


async def test_a_dose_is_the_energy_left_in_the_mass_and_names_what_it_comes_from(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        scans = await scanned(api)
        (dose,) = await computed(api)
        mbq_h, mass = float(dose["time_integrated_activity_mbq_h"]), 160.0
        joules_in_kev, decays_in_mbq_h = 1.602176634e-16, 3.6e9
        gy = mbq_h * decays_in_mbq_h * 147.9 * joules_in_kev / (mass / 1000)
        assert float(dose["absorbed_dose_gy"]) == pytest.approx(gy, rel=1e-8)
        assert float(dose["gy_per_gbq"]) == pytest.approx(gy / 7.4, rel=1e-8)
        assert (dose["mass_g"], dose["cycle"], dose["organ"]) == ("160", 1, "KIDNEY_L")
        told = await api.told()
        regions = [one["regions"][0]["event_id"] for one in told["scans"]]
        pairs = [event for pair in zip(scans, regions, strict=True) for event in pair]
        assert dose["inputs"] == [told["infusions"][0]["event_id"], *pairs]
        (shown,) = (await api.told(DOSES))["doses"]
        assert {name: shown[name] for name in dose if name in shown} == {
            name: value for name, value in dose.items() if name in shown
        }
        assert (shown["counts"], shown["outdated"]) == (True, False)


async def test_what_is_recorded_is_derived_again_from_its_inputs_to_the_last_digit(tmp_path: Path) -> None:
    """From the log alone: the state as it was before the dose, without what is not among the inputs."""
    async with ready(tmp_path) as api:
        await scanned(api)
        await api.made(SCANS, scan(30, regions=[region("TUMOUR_1", "800", sd_mbq="20"), region("KIDNEY_L", "70")]))
        await api.made(SCANS, scan(100, regions=[region("TUMOUR_1", "500", sd_mbq="20")]))
        await computed(api)
        await api.made(SCANS, scan(150))  # after it
        history = await api.parts.facts.history(dosimetry_stream(STUDY, SUBJECT))
        centre = (await api.parts.facts.load(centre_stream(STUDY, SITE), Centre(), evolve_centre)).state
        doses = [one.fact for one in history if isinstance(one.fact, AbsorbedDoseComputed)]
        assert [dose.organ for dose in doses] == ["KIDNEY_L", "TUMOUR_1"]
        known = await api.context.included(STUDY, SUBJECT)
        for dose in doses:
            state = INITIAL
            for envelope in history:
                if envelope.event_id in dose.inputs:
                    state = evolve(state, envelope)
            again = compute(
                state,
                centre,
                known,
                ComputeDoses(STUDY, SUBJECT, 1, (dose.organ,)),
                PROTOCOL,
                integrate=integrate,
                software=dose.software,
                zone=zone_of(PROTOCOL),
            )
            assert again.facts == (dose,)


async def test_the_same_request_twice_is_one_dose_and_another_request_replaces_it(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await scanned(api)
        first = await api.sends(DOSES, {"cycle": 1}, key="once")
        before = await api.count()
        again = await api.sends(DOSES, {"cycle": 1}, key="once")
        assert (again.content, await api.count()) == (first.content, before)
        await computed(api)
        (shown,) = (await api.told(DOSES))["doses"]
        assert shown["event_id"] != first.json()["recorded"][0]["event_id"]


async def test_an_organ_without_its_points_has_no_dose_which_is_not_zero(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        none = await api.sends(DOSES, {"cycle": 1})
        assert (none.status_code, none.json()["type"]) == (422, f"{P}absorbed-dose-not-computable")
        await scanned(api)
        await api.made(SCANS, scan(48, regions=[region("LIVER", "800", mass_g="1500")]))
        before = await api.count()
        for organs, lacking in ((["KIDNEY_L", "LIVER"], ["LIVER"]), (["SPLEEN"], ["SPLEEN"])):
            named = await api.sends(DOSES, {"cycle": 1, "organs": organs})
            assert named.status_code == 422
            assert sorted(named.json()["context"]["not_computed"]) == lacking
        assert await api.count() == before
        rest = await api.sends(DOSES, {"cycle": 1})
        assert [one["fact"]["organ"] for one in rest.json()["recorded"]] == ["KIDNEY_L"]
        assert list(rest.json()["not_computed"]) == ["LIVER"]
        liver = await summed(api, "LIVER")
        assert (liver["total_gy"], liver["missing"]) == (None, [{"cycle": 1, "because": "NOT_COMPUTED"}])


@pytest.mark.parametrize(
    "body", [{}, {"cycle": 0}, {"cycle": 1, "organs": []}, {"cycle": 1, "organs": ["kidney"]}, {"cycle": 1, "dose": 2}]
)
async def test_nonsense_is_refused_and_nothing_is_recorded(tmp_path: Path, body: dict[str, Any]) -> None:
    async with ready(tmp_path) as api:
        await scanned(api)
        before = await api.count()
        assert (await api.sends(DOSES, body)).status_code == 422
        assert await api.count() == before


async def test_sums_go_over_the_cycles_and_have_no_total_while_one_is_missing(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await scanned(api)
        (first,) = await computed(api)
        one = await summed(api)
        assert one["total_gy"] == one["known_gy"] == first["absorbed_dose_gy"]
        await api.made(INFUSIONS, infusion(2))
        one = await summed(api)
        assert (one["total_gy"], one["known_gy"]) == (None, first["absorbed_dose_gy"])
        assert one["missing"] == [{"cycle": 2, "because": "NOT_COMPUTED"}]
        assert [line["reached"] for line in one["lines"]] == [None], "the second cycle could still reach it"
        await scanned(api, 2, start=80)
        (second,) = await computed(api, 2)
        one = await summed(api)
        total = Decimal(first["absorbed_dose_gy"]) + Decimal(second["absorbed_dose_gy"])
        assert (Decimal(one["total_gy"]), one["cycles"], one["missing"]) == (total, [1, 2], [])
        parts = [Decimal(d["absorbed_dose_gy"]) * Decimal(d["uncertainty_percent"]) / 100 for d in (first, second)]
        assert float(one["sd_gy"]) == pytest.approx(math.hypot(*map(float, parts)), rel=1e-12)
        assert [(line["gy"], line["reached"]) for line in one["lines"]] == [("23", False)]


async def test_a_dose_above_a_reference_line_refuses_nothing(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await scanned(api, start=2000)
        (dose,) = await computed(api)
        assert Decimal(dose["absorbed_dose_gy"]) > 23
        assert [(line["gy"], line["reached"]) for line in (await summed(api))["lines"]] == [("23", True)]
        for cycle in (2, 3, 4):
            await api.made(INFUSIONS, infusion(cycle))
            await scanned(api, cycle, start=2000)
            await computed(api, cycle)
        assert (await summed(api))["cycles"] == [1, 2, 3, 4]


async def test_the_lines_are_those_of_the_protocol_for_their_organs_alone(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        organs = [("KIDNEY_R", "150"), ("MARROW_L2L4", "40"), ("TUMOUR_1", "30"), ("LIVER", "1500")]
        for hours in (24, 72):
            await api.made(SCANS, scan(hours, regions=[region(organ, "50", mass_g=mass) for organ, mass in organs]))
        await computed(api)
        lines = {o["organ"]: [line["gy"] for line in o["lines"]] for o in (await api.told(CUMULATIVE))["organs"]}
        assert lines == {"KIDNEY_R": ["23"], "MARROW_L2L4": ["2"], "TUMOUR_1": [], "LIVER": []}


async def test_an_annulled_scan_takes_its_doses_along(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        scans = await scanned(api)
        other = await api.made(SCANS, scan(30, regions=[region("LIVER", "800", mass_g="1500")]))
        await api.made(SCANS, scan(60, regions=[region("LIVER", "700", mass_g="1500")]))
        await computed(api)
        answer = await api.sends(ANNULMENTS, {**WHY, "annul": scans[0]})
        assert len(answer.json()["recorded"]) == 3, "the scan, its region, the dose of that organ"
        assert [one["organ"] for one in (await api.told(DOSES))["doses"]] == ["LIVER"]
        assert (await summed(api))["missing"] == [{"cycle": 1, "because": "NOT_COMPUTED"}]
        assert other not in answer.text


async def test_a_dose_alone_can_be_annulled_and_the_one_before_it_stands_again(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await scanned(api)
        await computed(api)
        (first,) = (await api.told(DOSES))["doses"]
        await api.made(SCANS, scan(100, regions=[region(activity="20", sd_mbq="2")]))
        (shown,) = (await api.told(DOSES))["doses"]
        assert (shown["event_id"], shown["counts"], shown["outdated"]) == (first["event_id"], True, True)
        await computed(api)
        (second,) = (await api.told(DOSES))["doses"]
        assert second["outdated"] is False
        await api.made(ANNULMENTS, {**WHY, "annul": second["event_id"]})
        (shown,) = (await api.told(DOSES))["doses"]
        assert shown["event_id"] == first["event_id"]


async def test_a_dose_below_an_annulled_qualification_counts_no_more(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await scanned(api)
        await computed(api)
        (one,) = (await api.told(CENTRE))["items"]
        await api.made(f"{CENTRE}/{one['event_id']}/annulment", {"reason": "measured with another collimator"})
        (shown,) = (await api.told(DOSES))["doses"]
        assert shown["counts"] is False
        found = await summed(api)
        assert (found["known_gy"], found["total_gy"]) == ("0", None)
        assert found["missing"] == [{"cycle": 1, "because": "NO_LONGER_QUALIFIED"}]
        assert (await api.sends(DOSES, {"cycle": 1})).json()["type"] == f"{P}absorbed-dose-not-computable"


async def test_doses_are_told_as_of_a_moment_and_of_the_day_of_their_last_scan(tmp_path: Path) -> None:
    async with ready(tmp_path) as api:
        await scanned(api)
        before = (await api.get(DOSES, "investigator", SITE)).headers["Reluth-Position"]
        await computed(api)
        assert (await api.told(DOSES, as_of=before))["doses"] == []
        assert (await api.told(DOSES, valid_at="2022-02-08"))["doses"] == []
        assert len((await api.told(DOSES, valid_at="2022-02-09"))["doses"]) == 1
        assert (await summed(api, valid_at="2022-02-08"))["total_gy"] is None
