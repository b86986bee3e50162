"""Another trial is another file: one that shares nothing with ReLUTH runs from its first site to its bundle."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.protocol.load import load
from services.cli.clock import TurnableClock
from services.cli.demo.opening import open_allocation
from services.cli.demo.show import Tokens
from services.cli.demo.site_system import Api, Rejected
from services.cli.demo.sites import site_opening
from services.cli.system import Options, System
from tests.e2e.test_bundle import outside

FILE = Path(__file__).with_name("second_trial.yaml")
TRIAL = load(FILE)
STUDY = TRIAL.study.id
SITES = ("01", "02", "03")
EACH, STRATA = 8, ("NOW", "NEVER")
OPENED, INCLUDED = date(2026, 1, 5), date(2026, 1, 12)
FIRST_CYCLE, RANDOMIZED = INCLUDED + timedelta(days=1), INCLUDED + timedelta(days=29)
STRICTER = date(2026, 3, 2)
WHY = {"reason": "Recruitment is complete"}


@dataclass(frozen=True, slots=True)
class Trident:
    """The system of this trial, its calendar, and the file of its amendment."""

    system: System
    api: Api
    set_day: Callable[[date], None]
    amendment: Path

    async def post(self, path: str, body: Mapping[str, Any], role: str, site: str, *more: str) -> dict[str, Any]:
        """To enrolment, as somebody of a site."""
        key = "-".join((path.replace("/", "-"), *more))
        return await self.api.post("enrolment", f"/studies/{STUDY}/{path}", body, key=key, role=role, site=site)


@pytest.fixture
async def trident(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Trident]:
    amendment = tmp_path / "amendment.yaml"
    amendment.write_text(
        FILE.read_text()
        .replace('protocol_version: "2026"', 'protocol_version: "2026-a1"\namends: "2026"')
        .replace('criteria_version: "1"', 'criteria_version: "2"')
        .replace("right: {number: 10, unit: g/dL}", "right: {number: 11, unit: g/dL}")
    )
    monkeypatch.setenv("RELUTH_STUDY_FILES", json.dumps([str(FILE), str(amendment)]))
    clock = TurnableClock()
    async with System(Options(tmp_path / "state"), clock=clock) as system, httpx.AsyncClient(timeout=30) as client:
        yield Trident(system, Api(system.urls, Tokens(system), client), clock.set_day, amendment)
        clock.release()


async def test_a_trial_that_no_code_knows_runs_to_its_verified_end(trident: Trident, tmp_path: Path) -> None:
    await _open(trident)
    subjects = await _included(trident)
    await _until_planned(trident, subjects, "inclusion")

    trident.set_day(FIRST_CYCLE)
    await _each(subjects, lambda subject: _cycle(trident, subject, 1, FIRST_CYCLE))
    trident.set_day(RANDOMIZED)
    arms = await _randomized(trident, subjects)
    _blocks_hold_the_ratio(arms, subjects)
    await _until_planned(trident, subjects, "randomization")
    await _treated(trident, arms)
    await _followed(trident, subjects)

    flow = await _flow(trident)
    assert (flow["screened"], flow["included"], flow["randomized"]) == (25, 24, 24)
    assert flow["assessed"]["WEEK6"] == 24
    await _amended(trident, subjects, tmp_path)
    await _verified(trident, tmp_path)


async def _open(trident: Trident) -> None:
    trident.set_day(OPENED)
    await open_allocation(_Office(trident.api), "trident")
    for site in SITES:
        who = f"demo-randomizer-{site}"
        for entry in site_opening(TRIAL, site, f"Centre {site}", OPENED, consent="1", randomizer=who):
            await trident.api.post(
                "enrolment",
                f"/studies/{STUDY}/{entry.path}",
                entry.body,
                key=f"{site}-{entry.name}",
                role=entry.role,
                site=entry.site,
            )


async def _included(trident: Trident) -> dict[str, str]:
    """24 subjects by number with what they smoke; a 25th whose haemoglobin is too low stays out."""
    trident.set_day(INCLUDED)
    found = {}
    for number in range(len(SITES) * EACH):
        smoking = STRATA[number % 2]
        subject = await _entered(trident, SITES[number % 3], INCLUDED, smoking, "10.5" if number < 3 else "13")
        found[subject] = smoking
    with pytest.raises(Rejected, match="not-eligible"):
        await _entered(trident, SITES[0], INCLUDED, STRATA[0], "9.9")
    return found


async def _entered(trident: Trident, site: str, on: date, smoking: str, haemoglobin: str) -> str:
    """Screened, asked, examined and included on one day. Raises `Rejected` where the gate says no."""
    day = on.isoformat()
    body = {"site": site, "sex": "F", "birth_month": "1960-01", "screened_on": day}
    made = await trident.post("subjects", body, "coordinator", site, str(trident.api.acknowledged))
    subject: str = made["recorded"][0]["fact"]["subject"]
    at = f"subjects/{subject}"
    await trident.post(f"{at}/consents", {"version": "1", "signed_on": day}, "investigator", site)
    values = (
        ("haemoglobin", haemoglobin, "g/dL"),
        ("smoking", smoking, None),
        ("gfr_reported", "75", "mL/min/{1.73_m2}"),
    )
    findings = [{"field": f, "value": v, "observed_on": day} | ({"unit": u} if u else {}) for f, v, u in values]
    await trident.post(f"{at}/findings", {"findings": findings}, "coordinator", site)
    await trident.post(f"{at}/inclusion", {"included_on": day}, "investigator", site)
    return subject


async def _randomized(trident: Trident, subjects: Mapping[str, str]) -> dict[str, str]:
    """In order, so that the blocks can be read off."""
    arms = {}
    for subject in subjects:
        answer = await trident.api.post(
            "randomizer",
            f"/studies/{STUDY}/randomizations",
            {"subject": subject},
            key=f"randomize-{subject}",
            role="randomizer",
            site=subject[:2],
        )
        arms[subject] = answer["arm"]
    return arms


def _blocks_hold_the_ratio(arms: Mapping[str, str], subjects: Mapping[str, str]) -> None:
    by_stratum: dict[str, list[str]] = defaultdict(list)
    for subject, arm in arms.items():
        by_stratum[subjects[subject]].append(arm)
    for given in by_stratum.values():
        blocks = [Counter(given[start : start + 4]) for start in range(0, len(given), 4)]
        assert blocks == [Counter(HIGH=2, LOW=1, NONE=1)] * 3


async def _treated(trident: Trident, arms: Mapping[str, str]) -> None:
    """The cycles that each arm has; the next one is refused."""
    has = {arm.code: arm.cycles for arm in TRIAL.arms}
    for cycle, day in ((2, RANDOMIZED + timedelta(days=1)), (3, RANDOMIZED + timedelta(days=29))):
        trident.set_day(day)
        for subject, arm in arms.items():
            if cycle in has[arm]:
                await _cycle(trident, subject, cycle, day)
            else:
                with pytest.raises(Rejected) as refused:
                    await _cycle(trident, subject, cycle, day)
                assert refused.value.code == "arm-has-no-cycle"


async def _followed(trident: Trident, subjects: Mapping[str, str]) -> None:
    day = RANDOMIZED + timedelta(days=42)
    trident.set_day(day)

    async def follow(subject: str) -> None:
        scan = {"timepoint": "WEEK6", "scan_on": day.isoformat(), "modality": "CT", "response": "SD"}
        path = f"/studies/{STUDY}/subjects/{subject}/tumour-assessments"
        await trident.api.post("assessment", path, scan, key=f"week6-{subject}", role="investigator", site=subject[:2])
        alive = {"last_alive_on": day.isoformat()}
        visit = {"visit": "WEEK6", "performed_on": day.isoformat(), "survival_contact": alive}
        await trident.post(f"subjects/{subject}/visits", visit, "investigator", subject[:2])
        shown = await trident.api.get("enrolment", f"/studies/{STUDY}/subjects/{subject}/visits", role="sponsor")
        (week_6,) = [one for one in shown["visits"] if one["visit"] == "WEEK6"]
        assert week_6["status"] == "DONE"

    await _each(subjects, follow)


async def _amended(trident: Trident, subjects: Mapping[str, str], tmp_path: Path) -> None:
    """What the amendment would have decided otherwise, its adoption at one site, and the first version at another."""
    system = trident.system
    told = await outside("protocol", "impact", trident.amendment, "--json", "--state-dir", system.options.state_dir)
    assert told.returncode == 1, told.stderr
    found = json.loads(told.stdout)
    assert [one["subject"] for one in found["differences"]] == list(subjects)[:3]
    assert {one["criteria"][0]["criterion"] for one in found["differences"]} == {"A01"}
    assert found["visits"] == {"moved": 0, "added": 0, "dropped": 0}
    same = await outside("protocol", "impact", FILE, "--json", "--state-dir", system.options.state_dir)
    assert (same.returncode, json.loads(same.stdout)["differences"]) == (0, [])

    approval = {
        "requirement": "PROTOCOL_APPROVED",
        "met_on": STRICTER.isoformat(),
        "reference": "TMF-2",
        "version": "2026-a1",
    }
    adoption = {"protocol_version": "2026-a1", "effective_on": STRICTER.isoformat()}
    for path, body in (("sites/01/requirements", approval), ("sites/01/amendments", adoption)):
        await trident.api.post("enrolment", f"/studies/{STUDY}/{path}", body, key=f"a1-{path}", role="sponsor")
    in_force = {}
    for site in ("01", "02"):
        shown = await trident.api.get("enrolment", f"/studies/{STUDY}/sites/{site}", role="sponsor")
        in_force[site] = shown["protocol_version"]
    assert in_force == {"01": "2026-a1", "02": "2026"}
    today = RANDOMIZED + timedelta(days=42)
    assert await _entered(trident, "02", today, STRATA[0], "10.5")
    with pytest.raises(Rejected, match="not-eligible"):
        await _entered(trident, "01", today, STRATA[0], "10.5")


async def _verified(trident: Trident, tmp_path: Path) -> None:
    state, bundle = trident.system.options.state_dir, tmp_path / "bundle.jsonl"
    for path, role in (("closure", "sponsor"), ("lock-signatures", "sponsor"), ("lock-signatures", "statistician")):
        address = f"/studies/{STUDY}/allocation/{path}"
        await trident.api.post("randomizer", address, WHY, key=f"{path}-{role}", role=role)
    done = await outside("randomization", "export-bundle", "--study", STUDY, "--out", bundle, "--state-dir", state)
    assert done.returncode == 0, done.stderr
    checked = await outside("verify", "--bundle", bundle)
    assert "24 of 24 allocations derived again; 0 defects" in checked.stdout
    await _flow(trident)
    whole = await outside("verify", "--state-dir", state)
    assert whole.returncode == 0, whole.stdout


async def _cycle(trident: Trident, subject: str, cycle: int, day: date) -> None:
    """Given; where enrolment has not heard of the arm yet, a moment later."""
    body = {"cycle": cycle, "given_on": day.isoformat(), "administered_mbq": "3010"}
    deadline = time.monotonic() + 20
    for attempt in range(1000):
        try:
            await trident.post(
                f"subjects/{subject}/cycles", body, "investigator", subject[:2], str(cycle), str(attempt)
            )
        except Rejected as no:
            if no.code != "arm-not-heard" or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            return


async def _flow(trident: Trident) -> dict[str, Any]:
    held = ",".join(f"{service}:{position}" for service, position in trident.api.positions.items())
    return await trident.api.get("analytics", f"/studies/{STUDY}/participant-flow", role="sponsor", consistency=held)


async def _until_planned(trident: Trident, subjects: Mapping[str, str], anchor: str) -> None:
    """Every subject has the visits that follow from the anchor, and none that another trial has."""
    expected = {visit.id for visit in TRIAL.visits if visit.anchor == anchor}
    deadline = time.monotonic() + 30
    for subject in subjects:
        path = f"/studies/{STUDY}/subjects/{subject}/visits"
        while True:
            shown = (await trident.api.get("enrolment", path, role="sponsor"))["visits"]
            if expected <= {visit["visit"] for visit in shown}:
                break
            assert time.monotonic() < deadline, f"{subject}: {shown}"
            await asyncio.sleep(0.05)
        assert {visit["visit"] for visit in shown} <= {visit.id for visit in TRIAL.visits}


async def _each(subjects: Mapping[str, str], work: Callable[[str], Any]) -> None:
    await asyncio.gather(*(work(subject) for subject in subjects))


@dataclass(frozen=True, slots=True)
class _Office:
    """The port `opening.Office` for this trial."""

    api: Api

    async def read(self, path: str, role: str) -> Any:
        return await self.api.get("randomizer", f"/studies/{STUDY}/{path}", role=role)

    async def send(self, path: str, body: Mapping[str, Any], role: str, key: str) -> tuple[str | None, Any]:
        try:
            return None, await self.api.post("randomizer", f"/studies/{STUDY}/{path}", body, key=key, role=role)
        except Rejected as no:
            return no.code, None
