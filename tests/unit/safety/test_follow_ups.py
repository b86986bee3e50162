"""Adverse events as they go on: each time all that is known, the last counts, and nothing told before is lost."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.events.registry import canonical
from contracts.vocabulary.clinical import Causality, EventOutcome, Seriousness
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refusal
from services.safety.consumers import REGISTRY
from services.safety.domain import refusals
from services.safety.domain.commands import ReportAdverseEvent
from services.safety.handlers import Context
from tests.unit.hearing import Api

from .test_adverse_events import SKIN_OTHER
from .test_routes import EVENT, EVENTS, SECRET, report
from .test_routes import api as api
from .test_routes import hearing as hearing
from .world import VOMITING, Story, adverse_event, day, given

DEATH = frozenset({Seriousness.DEATH})
FIRST = adverse_event(VOMITING, onset_on=day(1))
ENDED = {"ended_on": day(2), "outcome": EventOutcome.RECOVERED}


def told(*commands: ReportAdverseEvent) -> Story:
    """A subject of whom this was reported."""
    story = given()
    for command in commands:
        story = story.recorded(story.when(command).then_reported())
    return story


def follow(**changed: Any) -> ReportAdverseEvent:
    return replace(FIRST, follows=True, **changed)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"ended_on": day(2)}, refusals.END_AND_OUTCOME_DIFFER),
        ({"outcome": EventOutcome.RECOVERED}, refusals.END_AND_OUTCOME_DIFFER),
        ({"outcome": EventOutcome.RECOVERED_WITH_SEQUELAE}, refusals.END_AND_OUTCOME_DIFFER),
        ({"ended_on": day(2), "outcome": EventOutcome.RECOVERING}, refusals.END_AND_OUTCOME_DIFFER),
        ({"ended_on": day(2), "outcome": EventOutcome.NOT_RECOVERED}, refusals.END_AND_OUTCOME_DIFFER),
        ({"ended_on": day(2), "outcome": EventOutcome.UNKNOWN}, refusals.END_AND_OUTCOME_DIFFER),
        ({"ended_on": day(1) - timedelta(1), "outcome": EventOutcome.RECOVERED}, refusals.END_OUT_OF_ORDER),
        ({"ended_on": day(3), "outcome": EventOutcome.RECOVERED}, refusals.END_OUT_OF_ORDER),
        ({"ended_on": day(2), "outcome": EventOutcome.FATAL}, refusals.FATAL_OUTCOME_IS_GRADE_5),
        ({"grade": Grade.G5, "seriousness": DEATH, **ENDED}, refusals.FATAL_OUTCOME_IS_GRADE_5),
    ],
)
def test_an_end_and_its_outcome_belong_together(changed: dict[str, Any], refusal: Refusal) -> None:
    given().when(replace(FIRST, **changed)).then_refused(refusal)
    told(FIRST).when(follow(**changed)).then_refused(refusal)


@pytest.mark.parametrize(
    "changed",
    [
        {"ended_on": day(1), "outcome": EventOutcome.RECOVERED},
        {"ended_on": day(2), "outcome": EventOutcome.RECOVERED_WITH_SEQUELAE},
        {"ended_on": day(2), "outcome": EventOutcome.FATAL, "grade": Grade.G5, "seriousness": DEATH},
        {"outcome": EventOutcome.NOT_RECOVERED},
        {"outcome": EventOutcome.UNKNOWN},
        {"grade": Grade.G5, "seriousness": DEATH},
    ],
)
def test_what_is_known_of_the_end_is_taken_at_once_or_later(changed: dict[str, Any]) -> None:
    expected = (changed.get("ended_on"), changed.get("outcome"))
    for attempt in (given().when(replace(FIRST, **changed)), told(FIRST).when(follow(**changed))):
        reported = attempt.then_reported()
        assert (reported.ended_on, reported.outcome) == expected


def test_only_what_was_reported_is_followed_up() -> None:
    given().when(follow(grade=Grade.G3)).then_refused(refusals.ADVERSE_EVENT_NOT_FOUND)


@pytest.mark.parametrize(
    "changed",
    [
        {"term": 10028813},
        {"grade": Grade.G3},
        {"onset_on": date(2022, 2, 27)},
        {"seriousness": frozenset({Seriousness.HOSPITALISATION})},
        {"causality": Causality.NO},
        {"outcome": EventOutcome.RECOVERING},
        {"described": True},
        ENDED,
    ],
)
def test_whatever_changes_is_news_and_a_later_awareness_alone_is_not(changed: dict[str, Any]) -> None:
    later = datetime(2022, 3, 9, 9, 0, tzinfo=UTC)
    told(FIRST).when(follow(aware_at=later)).then_refused(refusals.NOTHING_NEW)
    told(FIRST).when(follow(aware_at=later, **changed)).then_reported()
    news = follow(aware_at=later, **{**changed, "described": True})
    told(FIRST, news).when(replace(news, described=False)).then_refused(refusals.NOTHING_NEW)


def test_a_narrative_stays_until_another_one_is_sent() -> None:
    sealed = SealedText(key_id="k", nonce="AAAA", ciphertext="AAAA")
    story = given().recorded(given().when(FIRST).then_reported().model_copy(update={"narrative": sealed}))
    assert story.when(follow(grade=Grade.G3)).then_reported().narrative == sealed
    other = story.when(follow(term=SKIN_OTHER)).then_reported()
    assert other.narrative == sealed, "it says what the term does not"
    told(FIRST).when(follow(term=SKIN_OTHER)).then_refused(refusals.TERM_NEEDS_NARRATIVE)


def test_each_event_goes_on_by_itself() -> None:
    other = replace(FIRST, adverse_event=UUID(int=8))
    story = told(FIRST, other)
    story.when(follow(grade=Grade.G3)).then_reported()
    story.when(replace(other, follows=True)).then_refused(refusals.NOTHING_NEW)


def test_an_event_that_was_recorded_before_ends_were_asked_for_is_read_without_one() -> None:
    kept = json.loads(REGISTRY.encode(given().when(FIRST).then_reported()))
    before = {name: value for name, value in kept.items() if name not in ("ended_on", "outcome")}
    assert kept != before
    fact = REGISTRY.decode("safety.adverse-event-reported", 1, canonical(before))
    assert fact == given().when(FIRST).then_reported()


async def test_a_follow_up_counts_and_what_was_told_before_can_be_read(hearing: Api[Context]) -> None:
    first = (await report(hearing, narrative=SECRET)).json()
    one = f"{EVENTS}/{first['adverse_event']}"
    over = {**EVENT, "ended_on": "2022-03-02", "outcome": "RECOVERED", "reason": "Seen at the next visit"}
    made = await hearing.post(f"{one}/follow-ups", over, "coordinator", "01", key="f-1")
    assert (made.status_code, made.json()["adverse_event"]) == (201, first["adverse_event"])
    assert (made.json()["ended_on"], made.json()["outcome"]) == ("2022-03-02", "RECOVERED")
    assert made.json()["has_narrative"]
    assert b"Seen at the next visit" in (await hearing.parts.log.read(1, 1))[0].meta
    (listed,) = (await hearing.get(EVENTS, "monitor")).json()["items"]
    assert (listed["version"], listed["outcome"], listed["position"]) == (2, "RECOVERED", 2)
    shown = (await hearing.get(one, "pv")).json()
    assert (shown["narrative"], shown["event_id"]) == (SECRET, made.json()["event_id"])
    versions = (await hearing.get(f"{one}/versions", "monitor")).json()["items"]
    assert [(v["version"], v["outcome"], v["event_id"]) for v in versions] == [
        (1, None, first["event_id"]),
        (2, "RECOVERED", made.json()["event_id"]),
    ]
    before = (await hearing.get(EVENTS, "monitor", as_of=1)).json()["items"]
    assert [(v["version"], v["outcome"]) for v in before] == [(1, None)]


async def test_the_same_follow_up_twice_is_one_and_an_unknown_event_is_not_found(hearing: Api[Context]) -> None:
    first = (await report(hearing)).json()
    path, body = f"{EVENTS}/{first['adverse_event']}/follow-ups", {**EVENT, "grade": 3, "reason": "Worse than it was"}
    made = [await hearing.post(path, body, "pv", key="f-1") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert await hearing.parts.types() == ["safety.adverse-event-reported"] * 2
    same = await hearing.post(path, body, "pv", key="f-2")
    assert (same.status_code, same.json()["type"].rpartition(":")[2]) == (422, "adverse-event-nothing-new")
    stale = await hearing.post(path, {**body, "grade": 2}, "pv", key="f-3", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    nowhere = EVENTS + "/01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11/follow-ups"
    assert (await hearing.post(nowhere, body, "pv", key="f-4")).status_code == 404
    named = {**body, "grade": 1, "reason": "Told by Mr Jean Dupont"}
    assert (await hearing.post(path, named, "pv", key="f-5")).status_code == 422
    assert len(await hearing.parts.types()) == 2
