"""The participant flow of digest 6.2, played through the public APIs and counted from three places, to the subject."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import asyncpg
import httpx
import pytest

from services.cli.clock import TurnableClock
from services.cli.demo.drive import STUDY, Played, play
from services.cli.demo.show import Tokens
from services.cli.demo.site_system import Api
from services.cli.system import Options, System
from tests.e2e.test_bundle import outside

from .flow.courses import (
    CYCLES_BEFORE_EXIT,
    EXITS,
    FAILING,
    FATES,
    NOT_INCLUDED,
    RANDOMIZED,
    SITES,
    Fate,
    Fated,
    courses,
)

MISSED_ALL, MISSED_LAST = 2, 5
"""Subjects of arm A without any of its cycles, and without the second: of 73, 71 and 66 are left (digest 6.2)."""


@dataclass(frozen=True)
class Flowed:
    """What was played, and what three places say of it."""

    courses: tuple[Fated, ...]
    played: Played
    flow: Mapping[str, Any]
    by_site: Mapping[str, Mapping[str, Any]]
    listed: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Mapping[str, list[Mapping[str, Any]]]]
    past: Mapping[date, int]
    verified: CompletedProcess[str]

    def subjects(self, *fates: Fate) -> set[str]:
        """Who met one of these fates, by the number that the system gave them."""
        return {self.played.subjects[course.number] for course in self.courses if course.fate in fates}


@pytest.fixture(scope="module")
async def flowed(tmp_path_factory: pytest.TempPathFactory) -> Flowed:
    """Played once, on a system of its own: other trials' subjects would be counted too."""
    state, clock, cohort = tmp_path_factory.mktemp("flow"), TurnableClock(), courses()
    async with System(Options(state), clock=clock) as system:
        async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=64)) as client:
            api = Api(system.urls, Tokens(system), client)
            played = await play(api, cohort, run="flow", set_day=clock.set_day, progress=lambda *_: None, sites=SITES)
            held = ",".join(f"{service}:{position}" for service, position in api.positions.items())
            path = f"/studies/{STUDY}/participant-flow"
            flow = await api.get("analytics", path, role="sponsor", consistency=held)
            by_site = {site: await _flow_of(api, path, site) for site in SITES}
            listed = await _listed(api)
            past = {day: await _included_on(api, day) for day in PAST}
        facts = await _facts(state)
        verified = await outside("verify", "--json", "--state-dir", state)
    return Flowed(cohort, played, flow, by_site, listed, facts, past, verified)


PAST = (date(2022, 6, 30), date(2022, 12, 31), date(2023, 6, 30))


async def _flow_of(api: Api, path: str, site: str) -> Mapping[str, Any]:
    return await api.get("analytics", path, role="investigator", site=site)


async def _listed(api: Api) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    params = {"limit": "100", "consistency": str(api.positions["enrolment"])}
    while True:
        page = await api.get("enrolment", f"/studies/{STUDY}/subjects", role="sponsor", **params)
        found |= {row["subject"]: row for row in page["items"]}
        if page["next"] is None:
            return found
        params["cursor"] = page["next"]


async def _included_on(api: Api, day: date) -> int:
    """How many the list of that moment shows as included."""
    number, params = 0, {"limit": "100", "as_of": f"{day.isoformat()}T22:00:00Z"}
    while True:
        page = await api.get("enrolment", f"/studies/{STUDY}/subjects", role="sponsor", **params)
        number += sum(row["included_on"] is not None for row in page["items"])
        if page["next"] is None:
            return number
        params["cursor"] = page["next"]


async def _facts(state: Path) -> dict[str, dict[str, list[Mapping[str, Any]]]]:
    """The rows of the logs as they lie there, by subject and type: no code of the services reads them."""
    found: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    password = json.loads((state / "postgres.json").read_text())["postgres"]
    host = (state / "postgres.socket").read_text()
    for service in ("enrolment", "randomizer", "assessment"):
        connection = await asyncpg.connect(f"postgresql://postgres:{password}@/{service}?host={host}")
        try:
            for row in await connection.fetch("SELECT type, payload FROM events ORDER BY pos"):
                fact = json.loads(row["payload"])
                if "subject" in fact:
                    found[fact["subject"]][row["type"]].append(fact)
        finally:
            await connection.close()
    return found


def test_the_truth_is_that_of_the_digest() -> None:
    assert sum(FATES.values()) == 191
    assert sum(FATES[fate] for fate in FATES if fate not in NOT_INCLUDED) == 176
    assert sum(FATES[fate] for fate in RANDOMIZED) == 146
    assert Counter(c.fate for c in courses()) == FATES


def test_nothing_was_refused_but_the_twelve(flowed: Flowed) -> None:
    assert flowed.played.refused == {"not-eligible": 12}


def test_the_participant_flow_has_the_boxes_of_the_digest(flowed: Flowed) -> None:
    flow = flowed.flow
    assert (flow["screened"], flow["consented"], flow["included"], flow["randomized"]) == (191, 188, 176, 146)
    assert {k: n for k, n in flow["not_included"].items() if n} == {"NOT_CONSENTED": 3, "NOT_ELIGIBLE": 12}
    assert flow["criteria_not_met"] == dict.fromkeys((criterion for criterion, _, _ in FAILING), 1)
    assert (flow["cycles"]["1"], flow["cycles"]["2"]) == (175, 169)
    assert flow["assessed"]["POST_C2"] == 167
    assert (flow["in_run_in"], flow["enrolment_on_its_way"]) == (0, 0)
    assert {k: n for k, n in flow["exits"].items() if n} == {
        "PROGRESSION": 22,
        "TOXICITY": 3,
        "DEATH": 2,
        "WITHDRAWAL": 2,
        "PHYSICIAN": 1,
    }


def test_the_sites_add_up_to_the_trial(flowed: Flowed) -> None:
    for box in ("screened", "consented", "included", "randomized", "in_run_in"):
        assert sum(flow[box] for flow in flowed.by_site.values()) == flowed.flow[box]
    inclusions = Counter(c.site for c in flowed.courses if c.fate not in NOT_INCLUDED)
    assert {site: flow["included"] for site, flow in flowed.by_site.items()} == inclusions


def test_the_list_of_subjects_holds_each_in_its_box(flowed: Flowed) -> None:
    rows = flowed.listed
    assert set(rows) == set(flowed.played.subjects.values())
    included = flowed.subjects(*(fate for fate in Fate if fate not in NOT_INCLUDED))
    assert {s for s, row in rows.items() if row["included_on"]} == included
    assert {s for s, row in rows.items() if row["randomized_on"]} == flowed.subjects(*RANDOMIZED)
    for fate, reason in EXITS.items():
        for subject in flowed.subjects(fate):
            assert rows[subject]["exit_reason"] == reason
            assert rows[subject]["cycles"] == CYCLES_BEFORE_EXIT.get(fate, 2)


def test_the_rows_of_the_logs_say_the_same(flowed: Flowed) -> None:
    def have(kind: str) -> set[str]:
        return {subject for subject, facts in flowed.facts.items() if kind in facts}

    assert have("enrolment.subject-screened") == set(flowed.played.subjects.values())
    assert have("enrolment.subject-not-included") == flowed.subjects(Fate.NOT_ELIGIBLE)
    assert have("randomization.subject-randomized") == flowed.subjects(*RANDOMIZED)
    assert have("enrolment.run-in-ended") == flowed.subjects(*EXITS)
    response = {
        subject: facts["assessment.tumour-assessed"][0]["response"]
        for subject, facts in flowed.facts.items()
        if "assessment.tumour-assessed" in facts
    }
    assert Counter(response[subject] for subject in flowed.subjects(*RANDOMIZED)) == {"SD": 133, "PR": 13}
    failed = {
        subject: {r["criterion"] for r in facts["enrolment.eligibility-assessed"][-1]["rows"] if _fails(r)}
        for subject, facts in flowed.facts.items()
        if subject in flowed.subjects(Fate.NOT_ELIGIBLE)
    }
    expected = {flowed.played.subjects[c.number]: {c.criterion} for c in flowed.courses if c.criterion}
    assert failed == expected


def _fails(row: Mapping[str, Any]) -> bool:
    return row["outcome"] == ("TRUE" if row["criterion"].startswith("E") else "FALSE")


def test_each_arm_is_treated_as_it_should(flowed: Flowed) -> None:
    allocated = "randomization.arm-allocated"
    arms = {s: facts[allocated][0]["arm"] for s, facts in flowed.facts.items() if allocated in facts}
    given = {
        subject: [fact["cycle"] for fact in facts.get("enrolment.treatment-cycle-administered", ())]
        for subject, facts in flowed.facts.items()
    }
    size = Counter(arms.values())
    assert size["A"] + size["B"] == 146
    assert abs(size["A"] - size["B"]) <= 16 * 3  # half the largest block in each stratum (ruling 2)
    assert not any(given[subject] for subject, arm in arms.items() if arm == "B")
    third = {s for s in arms if 3 in given[s]}
    fourth = {s for s in arms if 4 in given[s]}
    assert fourth < third < {s for s, arm in arms.items() if arm == "A"}
    assert (len(third), len(fourth)) == (size["A"] - MISSED_ALL, size["A"] - MISSED_ALL - MISSED_LAST)


def test_the_past_holds_who_was_included_by_then(flowed: Flowed) -> None:
    days = {c.number: s.on for c in flowed.courses for s in c.before if s.name == "include"}
    for day, number in flowed.past.items():
        entered = [c for c in flowed.courses if c.fate not in NOT_INCLUDED and days[c.number] <= day]
        # a site enters what happened by the end of the week: the list of a moment may be a few days behind
        assert 0 <= len(entered) - number <= 4


def test_the_logs_hold(flowed: Flowed) -> None:
    assert flowed.verified.returncode == 0, flowed.verified.stdout + flowed.verified.stderr
