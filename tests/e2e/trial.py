"""Twins: subjects with one course in everything but their arm, so that any difference between them tells it.

They are randomized in a stratum of permuted blocks of at most six, so that among seven both arms occur.
"""

import asyncio
import contextlib
import io
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import httpx

from services.cli.catalogue import NAMES
from services.cli.demo.cohort import Action, Course, Step, cohort
from services.cli.demo.drive import STUDY, play
from services.cli.demo.show import Tokens
from services.cli.demo.site_system import Api
from services.cli.system import System

TWINS, ELSEWHERE = 7, 1
TREATMENT = (Action.CYCLE, Action.SURVEILLANCE)
NARRATIVE = "Canary-narrative-quillfeather: fell asleep at noon"
COMMENT = "Canary-comment-oakenshott: compared with an earlier scan"


@dataclass(frozen=True, slots=True)
class Twin(Course):
    """A course that is the same under both arms."""

    def after(self, arm: str) -> tuple[Step, ...]:
        """What follows under arm A, whatever the arm, with something of every kind that can be recorded.

        Only treatment is that of the arm: what is told of it must be told to nobody else.
        """
        assert self.randomized_on is not None
        day = self.randomized_on + timedelta(days=2)
        noticed = {"severity": "MINOR", "occurred_on": day.isoformat()}
        of_its_arm = (
            (Step(day, Action.DEVIATION, "deviation-of-the-arm", {**noticed, "tells_arm": True}),) if arm == "A" else ()
        )
        extra = (
            Step(day, Action.DEVIATION, "deviation", noticed),
            *of_its_arm,
            Step(
                day,
                Action.LABORATORY,
                "grade-4-platelets",
                {"analyte": "PLATELETS", "value": "18", "unit": "10*9/L", "sampled_on": day.isoformat()},
            ),
            Step(
                day,
                Action.ADVERSE_EVENT,
                "told",
                {
                    "term": 10028813,
                    "grade": 2,
                    "onset_on": day.isoformat(),
                    "aware_at": f"{day.isoformat()}T06:00:00+00:00",
                    "causality": "PROBABLE",
                    "narrative": NARRATIVE,
                },
            ),
        )
        scans = [
            replace(step, body={**step.body, "comment": COMMENT}) if step.action is Action.ASSESS else step
            for step in Course.after(self, "A")
            if step.name != "M4"  # left for tests to record
            and step.action not in TREATMENT
        ]
        treatment = [step for step in Course.after(self, arm) if step.action in TREATMENT]
        return tuple(sorted([*extra, *scans, *treatment], key=lambda step: step.on))


@dataclass(frozen=True, slots=True)
class Trial:
    """What was played: the arm of each randomized subject, one who was only screened, and what was logged meanwhile."""

    arms: dict[str, str]
    screened: str
    log: str
    contracts: dict[str, bytes]

    def twins(self, site: str) -> dict[str, str]:
        """One subject of each arm at a site, by arm, as far as there are."""
        return {arm: subject for subject, arm in reversed(self.arms.items()) if subject.startswith(f"{site}-")}


def _scans(course: Course) -> list[Step]:
    return [step for step in course.after("A") if step.action not in TREATMENT]


async def played(system: System, set_day: Callable[[date], None]) -> Trial:
    """Play the twins through the public APIs, as site systems do."""
    base = next(
        c for c in cohort(60, seed=11) if c.randomized_on and [s.action for s in _scans(c)] == [Action.ASSESS] * 3
    )
    twins = [
        Twin(9000 + n, "01" if n <= TWINS else "02", base.before, base.randomized_on, base.seed)
        for n in range(1, TWINS + ELSEWHERE + 1)
    ]
    only_screened = Course(9100, "01", base.before[:1], None, base.seed)
    log = io.StringIO()
    async with httpx.AsyncClient(timeout=30) as client:
        api = Api(system.urls, Tokens(system), client)
        contracts = {name: (await client.get(f"{api.urls[name]}/openapi.json")).content for name in NAMES}
        with contextlib.redirect_stderr(log):
            course = await play(api, [*twins, only_screened], run="twins", set_day=set_day, progress=lambda *_: None)
        assert not course.refused, course.refused
        arms = {}
        for twin in twins:
            subject = course.subjects[twin.number]
            told = await api.get(
                "randomizer", f"/studies/{STUDY}/randomizations/{subject}", role="investigator", site=twin.site
            )
            arms[subject] = told["arm"]
            for anchor in ("post_c2_scan", "randomization"):  # whichever was heard of first
                await _until_planned(api, subject, anchor)
            await api.post(
                "randomizer",
                f"/studies/{STUDY}/randomizations/{subject}/annotations",
                {
                    "annotation": "INELIGIBLE",
                    "discovered_on": told["randomization_date"],
                    "reason": "A criterion was misread",
                },
                key=f"annotated-{subject}",
                role="investigator",
                site=twin.site,
            )
        held = ",".join(f"{service}:{position}" for service, position in api.positions.items())
        await api.get("analytics", f"/studies/{STUDY}/participant-flow", role="sponsor", consistency=held)
        await _listed(api)
    by_site: dict[str, set[str]] = defaultdict(set)
    for subject, arm in arms.items():
        by_site[subject[:2]].add(arm)
    assert by_site["01"] == {"A", "B"}
    return Trial(arms, course.subjects[only_screened.number], log.getvalue(), contracts)


async def _listed(api: Api) -> None:
    """Wait until the lists hold what was answered."""
    lists = (
        ("enrolment", "subjects", "sponsor"),
        ("enrolment", "visits", "sponsor"),
        ("safety", "alerts", "pv"),
    )
    for service, what, role in lists:
        await api.get(service, f"/studies/{STUDY}/{what}", role=role, consistency=str(api.positions[service]))


async def _until_planned(api: Api, subject: str, anchor: str) -> None:
    """Wait until enrolment has planned the visits that follow from what another service recorded."""
    deadline = time.monotonic() + 20
    path = f"/studies/{STUDY}/subjects/{subject}/visits"
    while anchor not in {v["anchor"] for v in (await api.get("enrolment", path, role="sponsor"))["visits"]}:
        assert time.monotonic() < deadline, f"no visits after {anchor} planned for {subject}"
        await asyncio.sleep(0.05)
