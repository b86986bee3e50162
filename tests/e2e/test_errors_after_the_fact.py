"""A value corrected after randomization, from the site that corrects it to the person who says what came of it."""

import asyncio
import time
from typing import Any

from services.cli.demo.drive import STUDY
from tests.e2e.conftest import Whole
from tests.e2e.trial import Trial

SITE = "02"


async def _opened(whole: Whole, subject: str) -> list[dict[str, Any]]:
    path = f"/studies/{STUDY}/discrepancies"
    answer = await whole.api.get("randomizer", path, role="monitor", status="open", subject=subject)
    return [one for one in answer["items"] if one["kind"] in ("STRATUM_TO_VERIFY", "WRONG_STRATUM")]


async def _until_opened(whole: Whole, subject: str) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while not (found := await _opened(whole, subject)):
        assert time.monotonic() < deadline, "the correction was not noticed"
        await asyncio.sleep(0.05)
    (one,) = found
    return one


async def _randomization(whole: Whole, subject: str) -> dict[str, Any]:
    path = f"/studies/{STUDY}/randomizations/{subject}"
    return await whole.api.get("randomizer", path, role="investigator", site=SITE)


async def test_a_creatinine_corrected_after_randomization_is_noticed_verified_and_resolved(
    whole: Whole, trial: Trial
) -> None:
    """The corrected value puts the subject below 60 mL/min: another stratum, the same arm."""
    (subject,) = trial.twins(SITE).values()
    before = await _randomization(whole, subject)
    renal = {one["factor"]: one["level"] for one in before["stratum"]}["F3"]
    assert renal == "GE60"
    assert not await _opened(whole, subject), "nothing that was recorded before randomization is a correction"
    finding = {"field": "creatinine", "value": "400", "unit": "umol/L", "observed_on": before["randomization_date"]}
    recorded = await whole.api.post(
        "enrolment",
        f"/studies/{STUDY}/subjects/{subject}/findings",
        {"findings": [finding]},
        key="corrected-creatinine",
        role="coordinator",
        site=SITE,
    )
    to_verify = await _until_opened(whole, subject)
    assert to_verify["because"] == recorded["recorded"][0]["event_id"]

    verified = await whole.api.post(
        "randomizer",
        f"/studies/{STUDY}/randomizations/{subject}/strata-verifications",
        {},
        key="verify-corrected",
        role="monitor",
    )
    assert verified["differs"] == ["F3"]
    assert {one["factor"]: one["level"] for one in verified["stratum"]}["F3"] == "LT60"
    assert to_verify["because"] in verified["sources"]
    for discrepancy in (to_verify["discrepancy"], verified["discrepancy"]):
        await whole.api.post(
            "randomizer",
            f"/studies/{STUDY}/discrepancies/{discrepancy}/resolution",
            {"reason": "The sample was mixed up; the level as verified is right"},
            key=f"resolve-{discrepancy}",
            role="monitor",
        )
    assert not await _opened(whole, subject)

    after = await _randomization(whole, subject)
    assert {**after, "as_verified": None} == before
    assert after["as_verified"]["differs"] == ["F3"]
