"""Plays a cohort day by day through the public APIs. Killed and started again, it goes on where it was."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from contracts.protocol.load import load
from reluth_client.answers import Response
from reluth_client.assessment.api.assessment import post_tumour_assessment
from reluth_client.assessment.models import TumourAssessmentBody
from reluth_client.enrolment.api.enrolment import (
    post_consent,
    post_cycle,
    post_death,
    post_deviation,
    post_findings,
    post_inclusion,
    post_new_therapy,
    post_non_inclusion,
    post_run_in_exit,
    post_subject,
    post_surveillance,
)
from reluth_client.enrolment.models import (
    ConsentBody,
    CycleBody,
    DeathBody,
    DeviationBody,
    ExitBody,
    FindingsBody,
    InclusionBody,
    NonInclusionBody,
    SubjectBody,
    SurveillanceBody,
    TherapyBody,
)
from reluth_client.randomizer.api.randomizer import post_randomization
from reluth_client.randomizer.models import RandomizeBody
from reluth_client.safety.api.safety import post_adverse_event, post_laboratory_result
from reluth_client.safety.models import AdverseEventBody, LaboratoryResultBody
from services.cli.demo.cohort import START, Action, Course, Step
from services.cli.demo.opening import open_allocation
from services.cli.demo.site_system import Api, Rejected
from services.cli.demo.sites import Entry, site_opening

STUDY = "RELUTH"
NAMES = {"01": "Institut du Cancer de Montpellier", "02": "Centre 02", "03": "Centre 03"}
ENTERED_WITHIN = timedelta(days=6)
"""Sites enter what happened by the end of the week; a randomization, which is an act and no record, on its own day."""
_DONE_BEFORE = frozenset({"site-already-active", "already-delegated"})

Progress = Callable[[date, int, int], None]


@dataclass(slots=True)
class Played:
    """What came of the cohort, from the point of view of the sites."""

    subjects: dict[int, str] = field(default_factory=dict)
    arms: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(order=True, slots=True)
class _Due:
    on: date
    number: int
    steps: list[Step] = field(compare=False)
    course: Course = field(compare=False)


async def play(
    api: Api,
    courses: Sequence[Course],
    *,
    run: str,
    set_day: Callable[[date], None],
    progress: Progress,
    sites: Mapping[str, str] = NAMES,
) -> Played:
    """Drive every course. `run` names the cohort in the idempotency keys; `set_day` turns the services' calendar.

    `sites` are opened first, by number and name.

    Weeks are played in order, since facts are recorded in order of time; the subjects of one week at the same time.
    """
    played = Played()
    set_day(START)
    await _open(api, run, sites)
    due: list[_Due] = []
    for course in courses:
        _put(due, course, list(course.before))
    done, total = 0, sum(len(course.before) for course in courses)
    while due:
        today = _end_of_the_week(due)
        batch = []
        while due and due[0].on <= today:
            batch.append(heapq.heappop(due))
        set_day(today)
        added = await asyncio.gather(*(_entries(api, item, today, run, played) for item in batch))
        for item, new in zip(batch, added, strict=True):
            done += sum(step.on <= today for step in item.steps)
            total += len(new)
            _put(due, item.course, sorted([s for s in item.steps if s.on > today] + new, key=lambda s: s.on))
        progress(today, done, total)
    return played


def _end_of_the_week(due: list[_Due]) -> date:
    """The last day of which something is entered next: not later than the next randomization."""
    randomizations = (step.on for item in due for step in item.steps if step.action is Action.RANDOMIZE)
    return min(due[0].on + ENTERED_WITHIN, *randomizations, date.max)


def _put(due: list[_Due], course: Course, steps: list[Step]) -> None:
    if steps:
        heapq.heappush(due, _Due(steps[0].on, course.number, steps, course))


def account(role: str, site: str | None) -> str:
    """The account of the demo person with this role at this site."""
    return f"demo-{role}" + (f"-{site}" if site else "")


async def _open(api: Api, run: str, sites: Mapping[str, str]) -> None:
    """Open the allocation and the sites, as the sponsor does. Other cohorts may have done so before."""
    await open_allocation(_Sponsor(api), run)
    for site, name in sites.items():
        randomizer = account("randomizer", site)
        for entry in site_opening(load(), site, name, START, consent="3.1", randomizer=randomizer):
            await _unless_done(api, entry, f"{run}-site-{site}-{entry.name}")


@dataclass(frozen=True, slots=True)
class _Sponsor:
    """The port `opening.Office`."""

    api: Api

    async def read(self, path: str, role: str) -> Any:
        return await self.api.get("randomizer", f"/studies/{STUDY}/{path}", role=role)

    async def send(self, path: str, body: Mapping[str, Any], role: str, key: str) -> tuple[str | None, Any]:
        try:
            return None, await self.api.post("randomizer", f"/studies/{STUDY}/{path}", body, key=key, role=role)
        except Rejected as no:
            return no.code, None


async def _unless_done(api: Api, entry: Entry, key: str) -> None:
    try:
        path = f"/studies/{STUDY}/{entry.path}"
        await api.post("enrolment", path, entry.body, key=key, role=entry.role, site=entry.site)
    except Rejected as no:
        if no.code not in _DONE_BEFORE:
            raise


async def _entries(api: Api, item: _Due, today: date, run: str, played: Played) -> list[Step]:
    """One subject's steps up to a day, in order. Returns the steps that follow from an allocation."""
    added: list[Step] = []
    for step in item.steps:
        if step.on > today:
            break
        try:
            arm = await _step(api, item.course, step, run, played)
        except Rejected as no:
            if no.status not in (409, 422):
                raise
            played.refused[no.code] += 1
            continue
        if arm is not None:
            played.arms[arm] += 1
            added += item.course.after(arm)
    return added


@dataclass(frozen=True, slots=True)
class _Call:
    """An operation about a subject, the body that it takes, and who calls it."""

    service: str
    operation: Callable[..., Awaitable[Response[object]]]
    body: Callable[[Mapping[str, Any]], object]
    role: str


_CALLS: Final[Mapping[Action, _Call]] = {
    Action.CONSENT: _Call("enrolment", post_consent.asyncio_detailed, ConsentBody.from_dict, "investigator"),
    Action.FINDINGS: _Call("enrolment", post_findings.asyncio_detailed, FindingsBody.from_dict, "coordinator"),
    Action.INCLUDE: _Call("enrolment", post_inclusion.asyncio_detailed, InclusionBody.from_dict, "investigator"),
    Action.CYCLE: _Call("enrolment", post_cycle.asyncio_detailed, CycleBody.from_dict, "investigator"),
    Action.DEATH: _Call("enrolment", post_death.asyncio_detailed, DeathBody.from_dict, "investigator"),
    Action.NEW_THERAPY: _Call("enrolment", post_new_therapy.asyncio_detailed, TherapyBody.from_dict, "investigator"),
    Action.NON_INCLUSION: _Call(
        "enrolment", post_non_inclusion.asyncio_detailed, NonInclusionBody.from_dict, "investigator"
    ),
    Action.EXIT: _Call("enrolment", post_run_in_exit.asyncio_detailed, ExitBody.from_dict, "investigator"),
    Action.DEVIATION: _Call("enrolment", post_deviation.asyncio_detailed, DeviationBody.from_dict, "investigator"),
    Action.SURVEILLANCE: _Call(
        "enrolment", post_surveillance.asyncio_detailed, SurveillanceBody.from_dict, "investigator"
    ),
    Action.LABORATORY: _Call(
        "safety", post_laboratory_result.asyncio_detailed, LaboratoryResultBody.from_dict, "coordinator"
    ),
    Action.ADVERSE_EVENT: _Call(
        "safety", post_adverse_event.asyncio_detailed, AdverseEventBody.from_dict, "investigator"
    ),
    Action.ASSESS: _Call(
        "assessment", post_tumour_assessment.asyncio_detailed, TumourAssessmentBody.from_dict, "investigator"
    ),
}


async def _step(api: Api, course: Course, step: Step, run: str, played: Played) -> str | None:
    """Send it. The arm, if the step is the randomization."""
    key = f"{run}-{course.number}-{step.name}"
    site = course.site
    if step.action is Action.SCREEN:
        person = SubjectBody.from_dict({"site": site, **step.body, "screened_on": step.on.isoformat()})
        screened = await api.record(
            post_subject.asyncio_detailed,
            STUDY,
            service="enrolment",
            body=person,
            key=key,
            role="coordinator",
            site=site,
        )
        played.subjects[course.number] = screened.recorded[0].fact["subject"]
        return None
    subject = played.subjects[course.number]
    if step.action is Action.RANDOMIZE:
        return await _randomized(api, subject, key, site)
    call = _CALLS[step.action]
    body = call.body(step.body)
    await api.record(
        call.operation, STUDY, subject, service=call.service, body=body, key=key, role=call.role, site=site
    )
    return None


async def _randomized(api: Api, subject: str, key: str, site: str) -> str:
    """The arm that the subject gets."""
    asked = RandomizeBody(subject=subject)
    view = await api.record(
        post_randomization.asyncio_detailed,
        STUDY,
        service="randomizer",
        body=asked,
        key=key,
        role="randomizer",
        site=site,
    )
    return str(view.arm)
