"""Planned visits against the table of digest 3.1."""

from datetime import date

import pytest

from contracts.protocol.load import load
from services.enrolment.domain.schedule import plan, visits_from

PROTOCOL = load()
C1 = date(2026, 3, 12)
C2 = date(2026, 5, 7)
R = date(2026, 7, 10)


def dates(anchor: str, on: date) -> dict[str, tuple[date, date, date]]:
    return {visit.visit: (visit.earliest_on, visit.target_on, visit.latest_on) for visit in plan(PROTOCOL, anchor, on)}


def test_screening_is_within_the_28_days_before_inclusion():
    earliest, _, latest = dates("inclusion", date(2026, 3, 10))["V0"]
    assert (earliest, latest) == (date(2026, 2, 10), date(2026, 3, 9))


@pytest.mark.parametrize(("visit", "anchor", "on", "days"), [
    ("V1", "inclusion", C1, (0, 0, 0)),
    ("L1", "cycle_1", C1, (28, 35, 42)),
    ("V2", "cycle_1", C1, (49, 56, 63)),
    ("L2", "cycle_2", C2, (28, 35, 42)),
    ("V3", "cycle_2", C2, (42, 49, 63)),
    ("V4", "post_c2_scan", date(2026, 6, 25), (0, 14, 14)),
])  # fmt: skip
def test_run_in_visits_are_counted_in_days_from_their_anchor(visit, anchor, on, days):
    assert tuple((day - on).days for day in dates(anchor, on)[visit]) == days


def test_follow_up_visits_are_calendar_months_from_randomization_with_14_days_around():
    found = dates("randomization", R)
    assert {visit: found[visit] for visit in ("V5", "V6", "V7")} == {
        "V5": (date(2026, 8, 27), date(2026, 9, 10), date(2026, 9, 24)),
        "V6": (date(2026, 10, 27), date(2026, 11, 10), date(2026, 11, 24)),
        "V7": (date(2026, 12, 27), date(2027, 1, 10), date(2027, 1, 24)),
    }


@pytest.mark.parametrize(("on", "target"), [
    (date(2025, 8, 31), date(2026, 2, 28)),
    (date(2027, 8, 31), date(2028, 2, 29)),
    (date(2026, 1, 30), date(2026, 7, 30)),
])  # fmt: skip
def test_a_month_that_is_shorter_gives_its_last_day(on, target):
    assert dates("randomization", on)["V7"][1] == target


def test_hard_limits_and_timepoints_travel_with_the_plan():
    by_id = {visit.visit: visit for visit in (*plan(PROTOCOL, "cycle_1", C1), *plan(PROTOCOL, "post_c2_scan", R))}
    assert by_id["V2"].limit_on == date(2026, 7, 2)  # 112 days
    assert by_id["V4"].limit_on == date(2026, 8, 7)  # 28 days
    assert by_id["L1"].limit_on is None
    assert [visit.timepoint for visit in plan(PROTOCOL, "randomization", R)][:4] == ["M2", "M4", "M6", "F9"]


def test_what_the_log_keeps_is_the_plan():
    kept = visits_from(PROTOCOL, "cycle_2", C2)
    assert [(visit.visit, visit.target_on) for visit in kept] == [
        (visit.visit, visit.target_on) for visit in plan(PROTOCOL, "cycle_2", C2)
    ]
    assert visits_from(PROTOCOL, "no such anchor", C2) == ()


def test_the_visits_of_an_arm_are_not_among_those_of_all():
    own = {visit.id for visit in PROTOCOL.visits if visit.arms}
    assert own == {"VA3", "VA4", "VB0", "VB4"}
    anchors = {visit.anchor for visit in PROTOCOL.visits}
    assert not own & {visit.visit for anchor in anchors for visit in visits_from(PROTOCOL, anchor, R)}


def test_every_visit_of_the_digest_is_in_the_file():
    assert {visit.id for visit in PROTOCOL.visits} == {
        *("V0", "V1", "L1", "V2", "L2", "V3", "V4", "VA3", "VB0", "VA4", "VB4"),
        *("V5", "V6", "V7", "F", "SE", "SP", "EOS", "EOSR"),
    }
