"""Which readings are accepted, and what a refusal says."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.events.heard import Heard
from contracts.vocabulary.sealed import SealedText
from services.assessment.domain.readings.commands import RecordTumourAssessment
from services.assessment.domain.refusals import common
from services.assessment.domain.refusals import readings as refusals
from services.chassis.refusal import Refusal, Refused

from .world import DEAD, INCLUDED, TIMEPOINTS, TODAY, Story, assess, given

COMMENT = SealedText(key_id="k", nonce="AAAA", ciphertext="AAAA")


def test_the_timepoints_are_those_of_the_protocol() -> None:
    assert TIMEPOINTS[:4] == ("POST_C2", "M2", "M4", "M6")


def test_follow_up_has_a_timepoint_every_three_months_to_month_24_and_every_six_to_month_60() -> None:
    assert TIMEPOINTS[4:] == tuple(f"F{month}" for month in (*range(9, 25, 3), *range(30, 61, 6)))


def test_a_reading_is_recorded_as_it_was_stated() -> None:
    fact = given().decided(assess("M6", date(2022, 11, 3)))
    assert (fact.timepoint, fact.scan_on, fact.reader, fact.response) == (
        "M6",
        date(2022, 11, 3),
        "INVESTIGATOR",
        "SD",
    )
    assert fact.comment is None
    assert fact.model_copy(update={"comment": COMMENT}).published().comment is None


@pytest.mark.parametrize(
    ("command", "refusal", "detail"),
    [
        (assess("M3"), refusals.TIMEPOINT_UNKNOWN, {"permitted": list(TIMEPOINTS)}),
        (assess("m6"), refusals.TIMEPOINT_UNKNOWN, {}),
        (assess(on=date(2022, 12, 2)), refusals.SCAN_IN_FUTURE, {"today": "2022-12-01"}),
        (assess(on=date(2022, 1, 9)), refusals.SCAN_BEFORE_CONSENT, {"consent_on": "2022-01-10"}),
        (assess(on=date(2022, 1, 19)), refusals.SCAN_BEFORE_INCLUSION, {"included_on": "2022-01-20"}),
    ],
)
def test_a_reading_is_refused(command: RecordTumourAssessment, refusal: Refusal, detail: dict[str, Any]) -> None:
    given().then_refused(command, refusal, **detail)


@pytest.mark.parametrize(
    ("known", "refusal"),
    [
        (None, common.SUBJECT_NOT_HEARD_OF),
        (replace(INCLUDED, consents=()), common.INCLUSION_NOT_HEARD_OF),
        (replace(INCLUDED, included_on=None), common.INCLUSION_NOT_HEARD_OF),
    ],
)
def test_nothing_is_read_of_somebody_not_heard_to_be_included(known: Heard | None, refusal: Refusal) -> None:
    given(known=known).then_refused(assess(), refusal, subject="01-001")
    assert refusal.retry_after == 2


def test_a_scan_of_after_the_death_is_refused_and_one_of_that_day_is_not() -> None:
    given(known=DEAD).then_refused(assess(on=date(2022, 9, 2)), refusals.SCAN_AFTER_DEATH)
    given(known=DEAD).decided(assess(on=date(2022, 9, 1)))


@pytest.mark.parametrize("on", [INCLUDED.included_on, TODAY])
def test_the_days_of_inclusion_and_today_count(on: date) -> None:
    assert given().decided(assess(on=on)).scan_on == on


def test_a_timepoint_is_read_once_by_a_reader() -> None:
    story = given(assess("M2"))
    first = str(story.state.readings[0].event.event_id)
    story.then_refused(assess("M2", date(2022, 6, 1)), refusals.ALREADY_ASSESSED, timepoint="M2", event_id=first)


@pytest.mark.parametrize(
    ("timepoint", "on", "other"),
    [
        ("M4", date(2022, 6, 30), "M2"),
        ("M4", date(2022, 7, 1), "M2"),
        ("POST_C2", date(2022, 7, 1), "M2"),
        ("POST_C2", date(2022, 8, 1), "M2"),
    ],
)
def test_scan_dates_rise_with_the_timepoints(timepoint: str, on: date, other: str) -> None:
    story = given(assess("M2", date(2022, 7, 1)))
    story.then_refused(assess(timepoint, on), refusals.SCANS_OUT_OF_ORDER, other=other, other_scan_on="2022-07-01")


def test_a_missed_timepoint_keeps_nobody_from_the_next() -> None:
    given(assess("POST_C2", date(2022, 4, 1)), assess("M6", date(2022, 11, 1)), assess("M4", date(2022, 9, 1)))


@for_all(st.lists(st.tuples(st.sampled_from(TIMEPOINTS), st.dates(date(2022, 1, 20), TODAY)), max_size=10))
def test_whatever_is_tried_readings_stay_in_order_and_single(tried: list[tuple[str, date]]) -> None:
    story = Story()
    for timepoint, on in tried:
        try:
            story = story.after(assess(timepoint, on))
        except Refused:
            continue
    recorded = {reading.fact.timepoint: reading.scan_on for reading in story.state.readings}
    assert len(recorded) == len(story.state.readings)
    dates = [recorded[timepoint] for timepoint in TIMEPOINTS if timepoint in recorded]
    assert dates == sorted(set(dates))
