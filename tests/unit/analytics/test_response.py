"""Best responses and times to event against a package that nobody here wrote, and by properties."""

import csv
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary.response import Response
from services.analytics.domain.response.best import (
    ORDER,
    Assessed,
    Best,
    BestRules,
    best,
    confirmed_best,
    first_benefit,
    first_confirmed_response,
    first_response,
)
from services.analytics.domain.response.times import (
    Course,
    Ending,
    Time,
    overall_survival,
    progression_free_survival,
    time_to_progression,
)

from .world import PROTOCOL

ORACLES: Final = Path(__file__).parents[2] / "oracles" / "bor"
assert PROTOCOL.tumour_response
RULES: Final = BestRules.of(PROTOCOL.tumour_response)
WRITTEN: Final = {Response.NON_CR_NON_PD: "NON-CR/NON-PD", None: "MISSING"}
ENDED: Final = {
    Ending.PROGRESSION: "Disease Progression",
    Ending.DEATH: "Death",
    Ending.LAST_ASSESSMENT: "Last Tumor Assessment",
    Ending.RANDOMIZATION: "Randomization",
    Ending.LAST_ALIVE: "Alive",
}
ARGUED: Final = {("BOR-036", "PFS"), ("BOR-036", "TTP")}
"""Their last assessment could not be evaluated: it proves nothing (docs/responses.md)."""


def rows(name: str) -> list[dict[str, str]]:
    with (ORACLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> int | None:
    return int(text) if text else None


def courses() -> dict[str, Course]:
    written = {text: response for response, text in WRITTEN.items() if response is not None}
    found: dict[str, list[Assessed]] = {}
    for row in rows("bor_input_responses.csv"):
        response = written.get(row["resp"]) or Response(row["resp"])
        found.setdefault(row["usubjid"], []).append(Assessed(int(row["day"]), response))
    return {
        row["usubjid"]: Course(tuple(found.get(row["usubjid"], ())), day(row["death_day"]), day(row["last_alive_day"]))
        for row in rows("bor_input_subjects.csv")
    }


def told(found: Best) -> tuple[str, str]:
    return WRITTEN.get(found.response) or str(found.response), "" if found.day is None else str(found.day)


def yes(found: int | None) -> tuple[str, str]:
    return ("Y", str(found)) if found is not None else ("N", "")


def test_every_best_response_of_another_package() -> None:
    known = courses()
    expected = rows("bor_expected_admiralonco.csv")
    assert len(expected) == 400
    for row in expected:
        of = known[row["usubjid"]].assessments
        found = {
            "BOR_UNCONFIRMED": told(best(of, RULES)),
            "BOR_CONFIRMED": told(confirmed_best(of, RULES)),
            "RESPONSE": yes(first_response(of)),
            "RESPONSE_CONFIRMED": yes(first_confirmed_response(of, RULES)),
            "CLINICAL_BENEFIT_42D": yes(first_benefit(of, RULES)),
        }[row["paramcd"]]
        assert found == (row["avalc"], row["day"]), row


def test_every_time_of_another_package_but_those_that_are_argued() -> None:
    known = courses()
    expected = rows("tte_expected_admiralonco.csv")
    assert len(expected) == 240
    times = {"OS": overall_survival, "PFS": progression_free_survival, "TTP": time_to_progression}
    differing = set()
    for row in expected:
        found = times[row["paramcd"]](known[row["usubjid"]])
        told = (str(int(found.ending.event)), str(found.day), str(found.days), ENDED[found.ending])
        if told != (row["event"], row["day"], row["aval_admiral"], row["reason"]):
            differing.add((row["usubjid"], row["paramcd"]))
    assert differing == ARGUED


def test_the_differences_are_on_the_page() -> None:
    page = (Path(__file__).parents[3] / "docs" / "responses.md").read_text(encoding="utf-8")
    assert {name for name, _ in ARGUED} == {
        line.split("|")[1].strip() for line in page.splitlines() if "| BOR-" in line
    }


ASSESSED = st.builds(Assessed, st.integers(1, 700), st.sampled_from(Response))
COURSES = st.lists(ASSESSED, max_size=8, unique_by=lambda one: one.day)
DAY = st.one_of(st.none(), st.integers(0, 700))


@given(COURSES, st.randoms())
def test_the_order_in_which_assessments_are_given_does_not_matter(known: list[Assessed], chance: object) -> None:
    turned = list(reversed(known))
    assert best(known, RULES) == best(turned, RULES)
    assert confirmed_best(known, RULES) == confirmed_best(turned, RULES)
    course, other = Course(tuple(known), None, 700), Course(tuple(turned), None, 700)
    assert progression_free_survival(course) == progression_free_survival(other)


@given(COURSES, st.integers(1, 700))
def test_an_assessment_that_cannot_be_evaluated_betters_nothing(known: list[Assessed], on: int) -> None:
    if any(one.day == on for one in known):
        return
    more = [*known, Assessed(on, Response.NE)]
    for of in (best, confirmed_best):
        before, after = of(known, RULES).response, of(more, RULES).response
        if before is not None:
            assert after is not None
            assert ORDER.index(after) >= ORDER.index(before)
    before_time, after_time = (progression_free_survival(Course(tuple(one), None, None)) for one in (known, more))
    assert before_time.ending.event is after_time.ending.event
    assert before_time.days == after_time.days


@given(COURSES)
def test_confirmation_never_betters(known: list[Assessed]) -> None:
    plain, confirmed = best(known, RULES).response, confirmed_best(known, RULES).response
    if plain is not None:
        assert confirmed is not None
        assert ORDER.index(confirmed) >= ORDER.index(plain)


@given(COURSES, st.integers(0, 700))
def test_a_death_makes_an_event_and_never_a_later_one(known: list[Assessed], died: int) -> None:
    alive = progression_free_survival(Course(tuple(known), None, None))
    dead = progression_free_survival(Course(tuple(known), died, None))
    assert dead.ending.event
    if alive.ending.event:
        assert dead.days <= alive.days
    assert time_to_progression(Course(tuple(known), died, None)) == time_to_progression(
        Course(tuple(known), None, None)
    )


@pytest.mark.parametrize(
    ("assessments", "plain", "confirmed"),
    [
        ([(41, "SD")], ("NE", 41), ("NE", 41)),
        ([(42, "SD")], ("SD", 42), ("SD", 42)),
        ([(60, "PR"), (87, "PR")], ("PR", 60), ("SD", 60)),
        ([(60, "PR"), (88, "PR")], ("PR", 60), ("PR", 60)),
        ([(60, "CR"), (88, "PR")], ("CR", 60), ("SD", 60)),
        ([(60, "PR"), (70, "NE"), (80, "NE"), (100, "PR")], ("PR", 60), ("SD", 60)),
        ([(60, "PR"), (70, "NE"), (100, "PR")], ("PR", 60), ("PR", 60)),
        ([(60, "PD"), (120, "CR"), (180, "CR")], ("PD", 60), ("PD", 60)),
        ([], (None, None), (None, None)),
    ],
)
def test_the_limits(
    assessments: list[tuple[int, str]], plain: tuple[str | None, int | None], confirmed: tuple[str | None, int | None]
) -> None:
    known = [Assessed(on, Response(response)) for on, response in assessments]
    found = [(one.response, one.day) for one in (best(known, RULES), confirmed_best(known, RULES))]
    assert found == [plain, confirmed]


def test_progression_and_death_on_one_day_are_a_progression_and_the_first_day_is_one() -> None:
    course = Course((Assessed(61, Response.PD),), 61, None)
    assert progression_free_survival(course) == Time(61, Ending.PROGRESSION)
    assert overall_survival(course) == Time(61, Ending.DEATH)
    nothing = Course((), None, None)
    assert (progression_free_survival(nothing).days, overall_survival(nothing).ending) == (1, Ending.RANDOMIZATION)
