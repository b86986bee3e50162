"""Subjects who may not be randomized, through every real service: why, what would make it pass, and no place used."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import httpx

from contracts.events.randomization import RandomizationRefused, SubjectRandomized
from services.cli.demo.cohort import Action, Course, Step
from services.cli.demo.drive import STUDY, play
from services.enrolment.domain.reasons import Reason
from tests.e2e.conftest import Whole
from tests.e2e.test_concurrency import code, courses, post, recorded

Change = Callable[[tuple[Step, ...]], tuple[Step, ...]]


def _without(*actions: Action) -> Change:
    return lambda steps: tuple(step for step in steps if step.action not in actions)


def _read_as(response: str) -> Change:
    def change(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return tuple(
            replace(step, body={**step.body, "response": response}) if step.action is Action.ASSESS else step
            for step in steps
        )

    return change


def _died(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    on = steps[-1].on
    return (*steps, Step(on, Action.DEATH, "death", {"died_on": on.isoformat(), "cause": "TUMOUR"}))


WHAT_LACKS = {
    Reason.NO_CONSENT: lambda steps: steps[:1],
    Reason.NOT_INCLUDED: lambda steps: steps[:2],
    Reason.CYCLES_INCOMPLETE: _without(Action.CYCLE, Action.ASSESS),
    Reason.NO_POST_C2: _without(Action.ASSESS),
    Reason.PD: _read_as("PD"),
    Reason.NE: _read_as("NE"),
    Reason.NOT_ALIVE: _died,
}


async def _asked(whole: Whole, subject: str, key: str) -> httpx.Response:
    site = subject[:2]
    body = {"subject": subject}
    return await post(whole, "randomizer", "/randomizations", body, key=key, role="randomizer", site=site)


async def _randomized(whole: Whole) -> int:
    return sum(isinstance(e.fact, SubjectRandomized) for e in await recorded(whole, "randomizer"))


async def test_each_reason_of_enrolment_is_given_with_its_remedy_and_uses_no_number(whole: Whole) -> None:
    some = courses(len(WHAT_LACKS) + 2, first=400_000)
    lacking = [
        replace(course, before=change(course.before)) for course, change in zip(some, WHAT_LACKS.values(), strict=False)
    ]
    whole_ones: list[Course] = some[len(WHAT_LACKS) :]
    played = await play(
        whole.api, [*lacking, *whole_ones], run="refused", set_day=whole.set_day, progress=lambda *_: None
    )
    assert not played.refused
    day = some[0].randomized_on
    assert isinstance(day, date)
    whole.set_day(day)
    before = await _randomized(whole)
    expected = {played.subjects[c.number]: reason for c, reason in zip(lacking, WHAT_LACKS, strict=True)}
    for subject, reason in expected.items():
        _is_refused(await _asked(whole, subject, f"refused-{subject}"), reason)

    here, there = (played.subjects[course.number] for course in whole_ones)
    somebody = whole.system.issuer.mint("e2e-not-delegated", ["randomizer"], [here[:2]])
    _is_refused(await _asked_by(whole, somebody, here), Reason.NOT_DELEGATED)
    site = there[:2]
    why = {"reason": "a visit of the monitor"}
    paused = await post(whole, "enrolment", f"/sites/{site}/pause", why, key="refused-pause", role="sponsor")
    assert paused.status_code == 201, paused.text
    try:
        _is_refused(await _asked(whole, there, f"refused-{there}"), Reason.SITE_CLOSED)
    finally:
        again = await post(whole, "enrolment", f"/sites/{site}/resumption", why, key="refused-again", role="sponsor")
    assert again.status_code == 201, again.text

    assert await _randomized(whole) == before
    answers = [await _asked(whole, subject, f"refused-{subject}") for subject in (here, there)]
    assert [answer.status_code for answer in answers] == [201, 201], [answer.text for answer in answers]
    assert [answer.json()["randomization_number"] for answer in answers] == [before + 1, before + 2]
    written = {
        (e.fact.subject, e.fact.code): {one.reason: one.remedy for one in e.fact.remedies}
        for e in await recorded(whole, "randomizer")
        if isinstance(e.fact, RandomizationRefused)
    }
    for subject, reason in (expected | {here: Reason.NOT_DELEGATED, there: Reason.SITE_CLOSED}).items():
        found = [told for (who, _), told in written.items() if who == subject]
        assert [told.get(reason) for told in found] == [reason.remedy], (subject, reason, found)


def _is_refused(answer: httpx.Response, reason: Reason) -> None:
    assert (answer.status_code, code(answer)) == (409, "randomization-not-authorized"), answer.text
    context: dict[str, Any] = answer.json()["context"]
    assert reason in context["reasons"]
    assert context["remedies"][reason] == reason.remedy
    assert "arm" not in answer.json()


async def _asked_by(whole: Whole, token: str, subject: str) -> httpx.Response:
    url = f"{whole.system.urls['randomizer']}/studies/{STUDY}/randomizations"
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"somebody-{subject}"}
    return await whole.api.client.post(url, json={"subject": subject}, headers=headers)


async def test_no_reader_waits_for_what_was_not_published(whole: Whole) -> None:
    """A draft is nobody's business but the signers': its answer names no position that a read model would wait for."""
    await play(whole.api, [], run="drafting", set_day=whole.set_day, progress=lambda *_: None)
    why = {"reason": "to be looked at"}
    drafted = await post(whole, "randomizer", "/allocation/drafts", why, key="e2e-draft", role="statistician")
    assert drafted.status_code == 201
    assert "Reluth-Position" not in drafted.headers
    text = {**why, "configuration_sha256": drafted.json()["configuration_sha256"]}
    path = f"/allocation/drafts/{drafted.json()['version']}/signatures"
    signed = await post(whole, "randomizer", path, text, key="e2e-sign", role="statistician")
    assert signed.status_code == 201
    assert "Reluth-Position" not in signed.headers
    url = f"{whole.system.urls['randomizer']}/studies/{STUDY}/allocation"
    read = await whole.api.client.get(url, headers={"Authorization": f"Bearer {whole.api.token('sponsor', None)}"})
    position = f"randomizer:{read.headers['Reluth-Position']}"
    assert await whole.api.get("analytics", f"/studies/{STUDY}/positions", role="sponsor", consistency=position)
