"""What a reading leads to, and what a later reading of the same timepoint takes back."""

from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.events.course import LongTermFollowUpReached, ProgressionNoted
from contracts.events.enrolment import RunInEnded
from contracts.vocabulary.month import add_months
from contracts.vocabulary.response import Response
from services.enrolment.domain.subject.ending import due_ends, follow_up_ends_on
from services.enrolment.domain.visit_book import book_of

from .course import IN_RUN_IN, LETTERS, M2, M6, RANDOMIZED, SETTING, after, allocate, at, last, scanned
from .world import INCLUDED, PROTOCOL, REQUESTED, SCAN


def test_a_progression_is_dated_by_its_scan() -> None:
    ended = after(*IN_RUN_IN, scanned("POST_C2", SCAN, Response.PD))
    assert last(ended, RunInEnded).fact.ended_on == SCAN  # type: ignore[attr-defined]
    progressed = after(*RANDOMIZED, scanned("M2", M2, Response.PD))
    assert last(progressed, ProgressionNoted).fact.progressed_on == M2  # type: ignore[attr-defined]


@for_all(st.integers(0, 400), st.booleans())
def test_whatever_its_day_a_progression_has_that_of_its_scan(days: int, corrected: bool) -> None:
    on = M2 + timedelta(days=days)
    first = [scanned("M2", M2 - timedelta(days=5), Response.PD)] if corrected else []
    subject = after(*RANDOMIZED, *first, scanned("M2", on, Response.PD))
    assert [one.progressed_on for one in subject.progressions] == [on]


@pytest.mark.parametrize("response", [Response.SD, Response.NE])
def test_a_later_reading_takes_back_a_progression(response: Response) -> None:
    corrected = after(*RANDOMIZED, scanned("M2", M2, Response.PD), scanned("M2", M2, response))
    assert (corrected.progressed_on, corrected.participation.value) == (None, "RANDOMIZED")


def test_the_reading_of_another_timepoint_takes_nothing_back() -> None:
    subject = after(*RANDOMIZED, scanned("M2", M2, Response.PD), scanned("M4", M2 + timedelta(days=60), Response.SD))
    assert subject.progressed_on == M2


def test_a_progression_of_another_day_replaces_the_first() -> None:
    moved = M2 + timedelta(days=3)
    subject = after(*RANDOMIZED, scanned("M2", M2, Response.PD), scanned("M2", moved, Response.PD))
    assert [one.progressed_on for one in subject.progressions] == [moved]


def test_a_run_in_that_a_wrong_reading_ended_goes_on() -> None:
    subject = after(*IN_RUN_IN, scanned("POST_C2", SCAN, Response.PD), scanned("POST_C2", SCAN, Response.SD))
    assert (subject.exit, subject.in_run_in) == (None, True)
    left = after(*IN_RUN_IN, LETTERS["end run-in"], scanned("POST_C2", SCAN, Response.SD))
    assert left.exit is not None


@pytest.mark.parametrize(
    ("response", "status"), [(Response.SD, "DONE"), (Response.PD, "OVERDUE"), (Response.NE, "OVERDUE")]
)
def test_a_scan_that_is_heard_of_after_the_randomization_took_place_all_the_same(
    response: Response, status: str
) -> None:
    """Randomization asks assessment itself: its own message can be the faster one."""
    subject = after(*RANDOMIZED, scanned("POST_C2", SCAN, response))
    visits = book_of(subject.history).standings(PROTOCOL, REQUESTED + timedelta(days=90), arm=False)
    assert {one.slot.visit: one.status.value for one in visits}["V3"] == status
    assert (subject.exit, subject.randomized_on) == (None, REQUESTED)


def test_the_last_reading_of_the_analysis_or_its_window_begins_the_long_term() -> None:
    assert last(after(*RANDOMIZED, scanned("M6", M6, Response.NE)), LongTermFollowUpReached)
    over = REQUESTED + timedelta(days=PROTOCOL.window["M6"].last_day + 1)
    subject = after(*RANDOMIZED)
    assert due_ends(subject, at(SETTING, over - timedelta(days=1))) == ()
    (fact,) = due_ends(subject, at(SETTING, over))
    assert isinstance(fact, LongTermFollowUpReached)
    assert fact.assessment is None


def test_follow_up_lasts_from_inclusion_and_of_the_randomized_from_randomization() -> None:
    assert follow_up_ends_on(after(*IN_RUN_IN), PROTOCOL) == add_months(INCLUDED, 60)
    assert follow_up_ends_on(after(*RANDOMIZED, allocate("B")), PROTOCOL) == add_months(REQUESTED, 60)
    ends = add_months(INCLUDED, 60)
    assert due_ends(after(*IN_RUN_IN), at(SETTING, ends - timedelta(days=1))) == ()
    assert [fact.type_name for fact in due_ends(after(*IN_RUN_IN), at(SETTING, ends))] == [
        "enrolment.end-of-study-reached"
    ]
    completed = after(*IN_RUN_IN, LETTERS["time passes"])
    assert due_ends(completed, SETTING) == ()
