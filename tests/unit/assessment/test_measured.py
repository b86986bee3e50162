"""Lesions over HTTP: what follows from them stands beside what was stated, and a difference is asked about."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.assessment.routes.common import Services
from tests.unit.hearing import Api

from .world import assessment, consented, included, screened

PATH = "/subjects/01-001"
TARGETS = [{"lesion": "T1", "organ": "LIVER", "mm": "60"}, {"lesion": "N1", "organ": "LYMPH_NODE", "mm": "40.0"}]
NON_TARGETS = [{"lesion": "NT1", "organ": "BONE"}]
DAYS = {"SCREENING": "2022-01-10", "POST_C2": "2022-05-01", "M2": "2022-07-01", "M4": "2022-09-01", "M6": "2022-11-01"}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api[Services]]:
    async with assessment(tmp_path) as api:
        await api.parts.hear(screened(), consented(), included())
        yield api


class Site:
    """An investigator who reads scans."""

    def __init__(self, api: Api[Services]) -> None:
        self.api, self.sent = api, 0

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        self.sent += 1
        return await self.api.post(f"{PATH}/{path}", body, "investigator", "01", key=f"k{self.sent}")

    async def chosen(self, scan: str, /, **changed: Any) -> Any:
        body = {"scan_on": DAYS[scan], "modality": "CT", "targets": TARGETS, "non_targets": NON_TARGETS, **changed}
        return await self.post("baselines", {"baseline": scan, **body})

    async def read(self, timepoint: str, response: str, *mm: str, again: str | None = None, **changed: Any) -> Any:
        body = {"scan_on": DAYS[timepoint], "modality": "CT", "response": response, "seen": seen(*mm, **changed)}
        if again is None:
            return await self.post("tumour-assessments", {"timepoint": timepoint, **body})
        return await self.post(f"tumour-assessments/{timepoint}/re-readings", {"reason": again, **body})

    async def items(self, what: str, **at: str) -> Any:
        return (await self.api.get(f"{PATH}/{what}", "monitor", **at)).json()["items"]


def seen(*mm: str, state: str = "PRESENT", **changed: Any) -> dict[str, Any]:
    """Both targets in order, a word for one without a length; and the non-target."""
    lengths = [{"lesion": name, **_length(one)} for name, one in zip(("T1", "N1"), mm, strict=False)]
    return {"targets": lengths, "non_targets": [{"lesion": "NT1", "state": state}], **changed}


def _length(one: str) -> dict[str, str]:
    return {"mm": one} if one[0].isdigit() else {"state": one}


@pytest.fixture
def site(api: Api[Services]) -> Site:
    return Site(api)


async def test_the_whole_way_to_a_response_is_told(site: Site) -> None:
    assert (await site.chosen("SCREENING")).status_code == 201
    read = (await site.read("POST_C2", "PR", "40", "30")).json()
    assert read["query"] is None
    assert read["derived"] == {
        "response": "PR",
        "rule": "SHRANK_FROM_BASELINE",
        "lesions": [],
        "baseline": "SCREENING",
        "sum_mm": "70",
        "baseline_sum_mm": "100",
        "nadir_mm": "100",
        "not_measured": [],
        "target": {"response": "PR", "rule": "SHRANK_FROM_BASELINE", "lesions": []},
        "non_target": {"response": "NON_CR_NON_PD", "rule": "NON_TARGETS_REMAIN", "lesions": ["NT1"]},
    }


async def test_from_the_second_baseline_on_growth_counts_from_there(site: Site) -> None:
    """Ruling 9: what shrank in the run-in is no response of the trial, and what grows again is progression."""
    await site.chosen("SCREENING")
    await site.read("POST_C2", "PR", "40", "30")
    grown = (await site.read("M2", "SD", "50", "34")).json()
    assert (grown["status"], grown["type"].rpartition(":")[2]) == (409, "baseline-missing")
    shrunk = [{**TARGETS[0], "mm": "40"}, {**TARGETS[1], "mm": "30"}]
    assert (await site.chosen("POST_C2", targets=shrunk)).status_code == 201
    grown = (await site.read("M2", "PD", "50", "34")).json()
    assert (grown["derived"]["baseline"], grown["derived"]["response"]) == ("POST_C2", "PD")
    assert grown["derived"]["rule"] == "GREW_FROM_NADIR"


async def test_a_scan_leads_to_its_images_in_the_archive_of_its_site(site: Site) -> None:
    uid = "2.25.329800735698586629295641978511506172918"
    link = f"https://pacs.hospital.example/studies/{uid}"
    assert (await site.chosen("SCREENING", study_uid=uid)).json()["images"] == link
    body = {"timepoint": "POST_C2", "scan_on": DAYS["POST_C2"], "modality": "CT", "response": "PR", "study_uid": uid}
    made = (await site.post("tumour-assessments", {**body, "seen": seen("40", "30")})).json()
    assert made["images"] == link, made
    for listed in ("baselines", "tumour-assessments"):
        assert [one["images"] for one in await site.items(listed)] == [link]
    shrunk = [{**TARGETS[0], "mm": "40"}, {**TARGETS[1], "mm": "30"}]
    assert (await site.chosen("POST_C2", targets=shrunk)).json()["images"] is None, "no scan was named"


async def test_the_lesions_of_a_baseline_are_told_as_they_were_chosen(site: Site) -> None:
    made = (await site.chosen("SCREENING")).json()
    (listed,) = await site.items("baselines")
    one = (await site.api.get(f"{PATH}/baselines/SCREENING", "monitor")).json()
    assert {**made, "changed": None} == {**listed, "changed": None} == {**one, "changed": None}
    assert [(target["lesion"], target["tenths"]) for target in one["targets"]] == [("T1", 600), ("N1", 400)]
    assert (await site.api.get(f"{PATH}/baselines/POST_C2", "monitor")).status_code == 404


async def test_a_difference_is_a_query_and_neither_response_replaces_the_other(site: Site) -> None:
    await site.chosen("SCREENING")
    read = (await site.read("POST_C2", "SD", "40", "30")).json()
    assert (read["response"], read["derived"]["response"]) == ("SD", "PR")
    (query,) = await site.items("response-queries")
    assert query == {
        "query": read["query"],
        "timepoint": "POST_C2",
        "reader": "INVESTIGATOR",
        "stated": "SD",
        "derived": "PR",
        "rule": "SHRANK_FROM_BASELINE",
        "lesions": [],
        "closed": None,
    }
    evidence = await site.api.get(f"{PATH}/tumour-assessments/POST_C2/evidence", "monitor")
    assert evidence.json()["response"] == "SD"
    address = f"response-queries/{query['query']}/confirmations"
    closed = await site.post(address, {"reason": "Confluent lesions"})
    assert (closed.status_code, closed.json()["closed"]) == (201, "STATED_STANDS")
    assert (await site.post(address, {"reason": "Confluent lesions"})).status_code == 409
    await site.read("POST_C2", "SD", "40", "30", again="Measured once more")
    assert [one["closed"] for one in await site.items("response-queries")] == ["STATED_STANDS"]


async def test_a_correction_of_an_earlier_scan_says_what_it_changed_later(site: Site) -> None:
    await site.chosen("SCREENING")
    await site.chosen("POST_C2")
    await site.read("M2", "PR", "30", "30")
    later = (await site.read("M4", "PD", "50", "30")).json()
    assert (later["derived"]["response"], later["query"]) == ("PD", None)
    before = (await site.api.get(f"{PATH}/tumour-assessments", "monitor")).headers["Reluth-Position"]
    again = (await site.read("M2", "PR", "39", "30", again="The arterial phase was measured")).json()
    assert again["changed"] == [{"timepoint": "M4", "before": "PD", "after": "SD", "rule": "NEITHER"}]
    (query,) = await site.items("response-queries")
    assert (query["timepoint"], query["stated"], query["derived"]) == ("M4", "PD", "SD")
    then = await site.items("tumour-assessments", as_of=before)
    assert [one["derived"]["response"] for one in then] == ["PR", "PD"]
    assert [one["derived"]["response"] for one in await site.items("tumour-assessments")] == ["PR", "SD"]
    await site.read("M2", "PR", "30", "30", again="The first series was the right one")
    assert [one["closed"] for one in await site.items("response-queries")] == ["READ_AGAIN"]


async def test_a_difference_that_comes_back_is_asked_about_again(site: Site) -> None:
    await site.chosen("SCREENING")
    await site.read("POST_C2", "SD", "40", "30")
    await site.read("POST_C2", "PR", "40", "30", again="The other series")
    await site.read("POST_C2", "SD", "40", "30", again="The first series was right")
    assert [one["closed"] for one in await site.items("response-queries")] == ["READ_AGAIN", None]


async def test_only_what_was_read_is_read_again(site: Site) -> None:
    await site.chosen("SCREENING")
    refused = await site.read("POST_C2", "SD", "40", "30", again="Not read yet")
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "nothing-to-read-again")


async def test_the_lesions_of_a_baseline_are_chosen_again_with_what_follows(site: Site) -> None:
    await site.chosen("SCREENING")
    await site.read("POST_C2", "PR", "40", "30")
    larger = {"scan_on": DAYS["SCREENING"], "modality": "CT", "targets": [TARGETS[0] | {"mm": "59"}, TARGETS[1]]}
    again = {**larger, "non_targets": NON_TARGETS, "reason": "Read with a wrong scale"}
    answer = (await site.post("baselines/SCREENING/re-readings", again)).json()
    assert answer["changed"] == [{"timepoint": "POST_C2", "before": "PR", "after": "SD", "rule": "NEITHER"}]
    gone = {**again, "targets": [TARGETS[0]]}
    refused = (await site.post("baselines/SCREENING/re-readings", gone)).json()
    assert (refused["type"].rpartition(":")[2], refused["context"]["lesions"]) == ("lesion-unknown", ["N1"])
    unread = (await site.post("baselines/POST_C2/re-readings", again)).json()
    assert unread["type"].rpartition(":")[2] == "nothing-to-read-again"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"targets": [{"lesion": "T1", "organ": "LIVER", "mm": "9.9"}]}, "target-not-measurable"),
        ({"targets": [{"lesion": "N1", "organ": "LYMPH_NODE", "mm": "14.9"}]}, "target-not-measurable"),
        (
            {"targets": [{"lesion": f"T{n}", "organ": "LIVER", "mm": "10"} for n in range(3)]},
            "too-many-targets-in-organ",
        ),
        (
            {
                "targets": [
                    {"lesion": f"T{n}", "organ": organ, "mm": "20"}
                    for n, organ in enumerate(("LIVER", "LIVER", "LUNG", "LUNG", "BONE", "COLON"))
                ]
            },
            "too-many-targets",
        ),
        ({"targets": TARGETS, "non_targets": [{"lesion": "T1", "organ": "BONE"}]}, "lesion-named-twice"),
        ({"targets": [], "non_targets": []}, "no-lesions"),
        ({"baseline": "M2"}, "baseline-unknown"),
        ({"scan_on": "2022-12-02"}, "scan-in-future"),
        ({"targets": [{"lesion": "T1", "organ": "LIVER", "mm": "10.05"}]}, "invalid-request"),
        ({"study_uid": "1.02.3"}, "invalid-request"),
    ],
)
async def test_what_is_no_baseline_is_refused_and_changes_nothing(
    site: Site, changed: dict[str, Any], code: str
) -> None:
    refused = await site.chosen("SCREENING", **changed)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, code)
    assert await site.api.parts.types() == []


async def test_the_limits_of_a_target_are_inclusive(site: Site) -> None:
    least = [{"lesion": "T1", "organ": "LIVER", "mm": "10"}, {"lesion": "N1", "organ": "LYMPH_NODE", "mm": "15.0"}]
    assert (await site.chosen("SCREENING", targets=least, non_targets=[])).status_code == 201


@pytest.mark.parametrize(
    ("mm", "changed", "code"),
    [
        (("40", "30"), {"new_lesions": "UNEQUIVOCAL"}, "new-lesion-incomplete"),
        (("40", "30"), {"new_organs": ["BONE"]}, "new-lesion-incomplete"),
        ((), {"targets": [{"lesion": "T9", "mm": "1"}]}, "lesion-unknown"),
        ((), {"targets": [{"lesion": "NT1", "mm": "1"}], "non_targets": []}, "lesion-unknown"),
        ((), {"targets": [{"lesion": "T1", "mm": "1", "state": "ABSENT"}]}, "invalid-request"),
        ((), {"targets": [{"lesion": "T1", "mm": "1"}, {"lesion": "T1", "mm": "2"}]}, "invalid-request"),
    ],
)
async def test_what_contradicts_the_baseline_is_refused(
    site: Site, mm: tuple[str, ...], changed: dict[str, Any], code: str
) -> None:
    await site.chosen("SCREENING")
    refused = await site.read("POST_C2", "SD", *mm, **changed)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, code)


async def test_one_scan_gives_a_lesion_one_length(site: Site) -> None:
    await site.chosen("SCREENING")
    await site.read("POST_C2", "PR", "40", "30")
    other = await site.chosen("POST_C2")
    assert (other.status_code, other.json()["context"]["lesion"]) == (422, "T1")


async def test_what_is_too_small_counts_as_the_protocol_says_and_absent_as_nothing(site: Site) -> None:
    await site.chosen("SCREENING")
    small = (await site.read("POST_C2", "PR", "TOO_SMALL", "ABSENT")).json()
    assert (small["derived"]["sum_mm"], small["derived"]["response"]) == ("5", "PR")
    unmeasured = (await site.read("POST_C2", "NE", "40", "NOT_MEASURED", again="One node is out of view")).json()
    assert (unmeasured["derived"]["response"], unmeasured["derived"]["not_measured"]) == ("NE", ["N1"])


async def test_a_reading_without_lesions_is_taken_as_stated(site: Site) -> None:
    await site.chosen("SCREENING")
    plain = await site.post(
        "tumour-assessments", {"timepoint": "POST_C2", "scan_on": DAYS["POST_C2"], "modality": "CT", "response": "SD"}
    )
    assert (plain.status_code, plain.json()["derived"], plain.json()["query"]) == (201, None, None)


async def test_what_was_dated_later_does_not_count_on_an_earlier_day(site: Site) -> None:
    await site.chosen("SCREENING")
    await site.read("POST_C2", "SD", "60", "40")
    found = [len(await site.items("tumour-assessments", valid_at=day)) for day in ("2022-04-30", "2022-05-01")]
    assert found == [0, 1]
