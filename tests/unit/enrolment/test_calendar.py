"""What has become of a planned visit on a day: the table of statuses, and the visits of digest 3.1."""

from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.protocol.calendar import Happened, Slot, VisitStatus, calendar, follow_up_ends, plan
from contracts.protocol.load import PACKAGED, ProtocolError, build, load, read
from contracts.vocabulary.month import add_months

PROTOCOL = load()
C1 = date(2026, 3, 12)
R = date(2026, 7, 10)


def packaged() -> Any:
    return read((files("contracts.protocol") / PACKAGED).read_text(encoding="utf-8"), PACKAGED)


def slots(anchor: str, on: date, arm: str | None = None) -> tuple[Slot, ...]:
    return tuple(
        Slot(one.visit, anchor, on, one.target_on, one.earliest_on, one.latest_on)
        for one in plan(PROTOCOL, anchor, on, arm)
    )


def status(visit: str, on: date, happened: Happened | None = None) -> str:
    """Of a visit after the first cycle, or after the randomization."""
    happened = happened or Happened()
    known = (*slots("cycle_1", C1), *slots("randomization", R), *slots("randomization", R, "A"))
    return next(s.status.value for s in calendar(PROTOCOL, known, happened, on) if s.slot.visit == visit)


# L1: days 28..42 after the first cycle, and the next visit opens on day 49; V2: days 49..63 with a limit at day 112
@pytest.mark.parametrize(("visit", "days", "expected"), [
    ("L1", 27, "PLANNED"),
    ("L1", 28, "DUE"),
    ("L1", 42, "DUE"),
    ("L1", 43, "OVERDUE"),
    ("L1", 48, "OVERDUE"),
    ("L1", 49, "MISSED"),
    ("V2", 63, "DUE"),
    ("V2", 64, "OVERDUE"),
    ("V2", 112, "OVERDUE"),
    ("V2", 113, "MISSED"),
])  # fmt: skip
def test_a_visit_is_awaited_then_late_then_missed(visit: str, days: int, expected: str) -> None:
    assert status(visit, C1 + timedelta(days=days)) == expected


@pytest.mark.parametrize(("days", "expected"), [
    (27, "DONE_OUT_OF_WINDOW"),
    (28, "DONE"),
    (42, "DONE"),
    (43, "DONE_OUT_OF_WINDOW"),
])  # fmt: skip
def test_a_visit_that_took_place_is_done_in_its_window_or_out_of_it(days: int, expected: str) -> None:
    day = C1 + timedelta(days=days)
    assert status("L1", date(2027, 1, 1), Happened(done={"L1": day})) == expected


# V5 is meant for 10 September, 14 days around
@pytest.mark.parametrize(("ended_on", "expected"), [
    (date(2026, 7, 20), "CANCELLED"),
    (date(2026, 9, 24), "CANCELLED"),  # it was still possible on that day
    (date(2026, 9, 25), "MISSED"),
])  # fmt: skip
@pytest.mark.parametrize("how", ["death", "progression"])
def test_what_ends_visits_cancels_those_that_were_still_possible(ended_on: date, expected: str, how: str) -> None:
    happened = Happened(over_on=ended_on) if how == "death" else Happened(reached={"progression": ended_on})
    assert status("V5", date(2027, 6, 1), happened) == expected


def test_a_progression_ends_tumour_visits_and_not_the_end_of_study() -> None:
    happened = Happened(reached={"progression": date(2026, 8, 1), "randomization": R})
    assert status("F9", date(2027, 6, 1), happened) == "CANCELLED"
    assert status("EOSR", date(2027, 6, 1), happened) == "PLANNED"


def test_before_it_ended_nothing_was_cancelled() -> None:
    assert status("V6", date(2026, 7, 31), Happened(over_on=date(2026, 8, 1))) == "PLANNED"


def test_a_cycle_that_was_given_is_a_visit_that_took_place() -> None:
    on_time = Happened(reached={"cycle_2": C1 + timedelta(days=56)})
    assert status("V2", date(2026, 12, 1), on_time) == "DONE"
    late = Happened(reached={"cycle_2": C1 + timedelta(days=70)})
    assert status("V2", date(2026, 12, 1), late) == "DONE_OUT_OF_WINDOW"


def test_follow_up_visits_come_every_three_months_to_24_then_every_six_to_60() -> None:
    found = {one.visit: one.target_on for one in plan(PROTOCOL, "randomization", R) if one.visit.startswith("F")}
    months = [9, 12, 15, 18, 21, 24, 30, 36, 42, 48, 54, 60]
    assert found == {f"F{n}": add_months(R, n) for n in months}
    assert [one.timepoint for one in plan(PROTOCOL, "randomization", R) if one.visit == "F30"] == ["F30"]


def test_survival_contacts_come_every_six_months_after_the_run_in_and_after_a_progression() -> None:
    for anchor, prefix in (("exit", "SE"), ("progression", "SP")):
        assert [one.visit for one in plan(PROTOCOL, anchor, R)] == [f"{prefix}{n}" for n in range(6, 61, 6)]


def test_the_visits_of_one_arm_have_the_window_of_the_other() -> None:
    (third,) = plan(PROTOCOL, "randomization", R, "A")
    (surveillance,) = plan(PROTOCOL, "randomization", R, "B")
    assert (third.visit, surveillance.visit) == ("VA3", "VB0")
    assert (third.target_on, third.earliest_on, third.latest_on) == (
        surveillance.target_on,
        surveillance.earliest_on,
        surveillance.latest_on,
    )
    assert (third.earliest_on, third.latest_on) == (R, R + timedelta(days=14))
    (fourth,), (alike,) = plan(PROTOCOL, "cycle_3", R, "A"), plan(PROTOCOL, "surveillance", R, "B")
    assert (fourth.target_on, fourth.latest_on) == (alike.target_on, alike.latest_on)
    assert not {"VA3", "VB0"} & {one.visit for one in plan(PROTOCOL, "randomization", R)}


def test_questionnaires_are_filled_in_at_the_same_times_in_both_arms() -> None:
    required = {
        visit for visit, (forms, _) in PROTOCOL.forms_at.items() if any(f.id == "QUALITY_OF_LIFE" for f in forms)
    }
    assert {"VA3", "VB0", "VA4", "VB4"} <= required


def test_follow_up_is_counted_from_randomization_once_there_is_one() -> None:
    assert follow_up_ends(PROTOCOL, {}) is None
    assert follow_up_ends(PROTOCOL, {"inclusion": C1}) == add_months(C1, 60)
    assert follow_up_ends(PROTOCOL, {"inclusion": C1, "randomization": R}) == add_months(R, 60)


@given(st.integers(0, 2500), st.integers(0, 2500))
def test_what_is_over_stays_over(one: int, other: int) -> None:
    """No day later than another brings a visit back: statuses only go on."""
    order = ["PLANNED", "DUE", "OVERDUE", "MISSED"]
    earlier, later = sorted((one, other))
    for visit in ("L1", "V2", "V5", "V7", "F24", "F60", "VA3"):
        before, after = status(visit, C1 + timedelta(days=earlier)), status(visit, C1 + timedelta(days=later))
        assert order.index(before) <= order.index(after)


@pytest.mark.parametrize(("change", "place"), [
    ({"anchor": "moon"}, "visits[V0].anchor"),
    ({"anchor": "cycle_9"}, "visits[V0].anchor"),
    ({"ends_at": ["moon"]}, "visits[V0]"),
    ({"arms": ["Z"]}, "visits[V0].arms"),
    ({"repeat": {"every_months": 3, "until_months": 6}}, "visits[V0].repeat"),
])  # fmt: skip
def test_a_file_whose_visits_hang_from_nothing_is_not_loaded(change: dict[str, object], place: str) -> None:
    document = packaged()
    document["visits"][0] |= change
    with pytest.raises(ProtocolError) as caught:
        build(document, "changed")
    assert place in {problem.place for problem in caught.value.problems}


def test_a_form_at_a_visit_that_there_is_not_is_found() -> None:
    document = packaged()
    document["forms"][0]["required"] = ["V99"]
    with pytest.raises(ProtocolError, match=r"forms\[CONSENT\].required"):
        build(document, "changed")


def test_every_status_is_in_the_table() -> None:
    assert {s.value for s in VisitStatus} == {
        "PLANNED", "DUE", "OVERDUE", "DONE", "DONE_OUT_OF_WINDOW", "MISSED", "CANCELLED",
    }  # fmt: skip
