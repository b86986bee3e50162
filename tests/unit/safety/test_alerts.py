"""A10: one alert per episode, with hysteresis and an identity that does not depend on when it is read."""

from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.vocabulary.clinical import Analyte
from services.safety.domain.commands import RecordLaboratoryResult

from .world import ANEMIA, NEUTROPHILS, PLATELETS, Story, day, given, result

N, H = Analyte.NEUTROPHILS, Analyte.HAEMOGLOBIN


@pytest.mark.parametrize(
    ("command", "term", "grade"),
    [
        (result("49.9"), PLATELETS, 3),
        (result("24.9"), PLATELETS, 4),
        (result("0.99", N, lower="1.8"), NEUTROPHILS, 3),
        (result("0.49", N, lower="1.8"), NEUTROPHILS, 4),
        (result("79.9", H, "g/L", "120"), ANEMIA, 3),
    ],
)
def test_a_grade_that_must_reach_somebody_raises_one_alert(
    command: RecordLaboratoryResult, term: int, grade: int
) -> None:
    story = given(command)
    (alert,) = story.alerts
    assert (alert.rule, alert.rule_version, alert.priority, alert.term, alert.grade) == ("A10", 1, 1, term, grade)
    assert alert.evidence == story.state.graded[0].event_id


@pytest.mark.parametrize("command", [result("50"), result("1.0", N, lower="1.8"), result("80", H, "g/L", "120")])
def test_grade_2_alerts_nobody(command: RecordLaboratoryResult) -> None:
    assert given(command).alerts == []


def test_a_worse_grade_inside_the_episode_is_not_a_second_alert() -> None:
    story = given(result("40", on=day(1)), result("20", on=day(2)), result("45", on=day(3)))
    assert [alert.grade for alert in story.alerts] == [3]


def test_one_result_below_the_trigger_does_not_end_the_episode() -> None:
    story = given(result("40", on=day(1)), result("60", on=day(2)), result("40", on=day(3)))
    assert len(story.alerts) == 1
    assert story.closed == []


def test_two_days_below_the_trigger_end_it_and_the_next_hit_is_a_new_alert() -> None:
    story = given(*(result(v, on=day(n)) for n, v in enumerate(["40", "60", "80", "45"], start=1)))
    first, second = story.alerts
    assert first.alert != second.alert
    assert [closed.alert for closed in story.closed] == [first.alert]
    assert story.closed[0].evidence == story.state.graded[2].event_id


def test_the_two_days_are_in_a_row() -> None:
    values = ["40", "60", "40", "60", "40"]
    story = given(*(result(v, on=day(n)) for n, v in enumerate(values, start=1)))
    assert len(story.alerts) == 1
    assert story.closed == []


def test_a_result_sent_twice_is_not_two_days() -> None:
    story = given(result("40", on=day(1)), result("60", on=day(2)), result("60", on=day(2)))
    assert story.closed == []


def test_a_value_of_before_the_hit_says_nothing_about_whether_it_is_over() -> None:
    story = given(result("40", on=day(5)), result("200", on=day(1)), result("200", on=day(2)), result("60", on=day(6)))
    assert story.closed == []
    assert len(story.after(result("60", on=day(7))).closed) == 1


def test_terms_have_their_own_episodes() -> None:
    story = given(result("40", on=day(1)), result("0.9", N, lower="1.8", on=day(1)), result("60", on=day(2)))
    assert {alert.term for alert in story.alerts} == {PLATELETS, NEUTROPHILS}
    assert story.after(result("2", N, lower="1.8", on=day(3))).closed == []


def test_a_grade_that_is_known_without_the_limit_alerts_and_ends_as_well() -> None:
    story = given(*(result(v, lower=None, on=day(n)) for n, v in enumerate(["40", "90", "90"], start=1)))
    assert len(story.alerts) == len(story.closed) == 1


def test_the_identity_follows_from_the_evidence_alone() -> None:
    one, again = given(result("40")), given(result("40"))
    assert one.alerts[0].alert == again.alerts[0].alert
    assert (
        str(one.alerts[0].alert) == "eafc1dd2-3133-5609-894a-a30eda7ee75e"
    )  # of every alert ever given: never changes


DAYS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 200)), max_size=12)


@for_all(DAYS)
def test_alerts_and_closings_take_turns(results: list[tuple[int, int]]) -> None:
    story = Story().after(*(result(str(value), on=day(1) + timedelta(days=n)) for n, value in results))
    assert len(story.alerts) - len(story.closed) in (0, 1)
    assert len({alert.alert for alert in story.alerts}) == len(story.alerts)
    assert [closed.alert for closed in story.closed] == [a.alert for a in story.alerts][: len(story.closed)]
    assert any(value < 50 for _, value in results) == bool(story.alerts)
