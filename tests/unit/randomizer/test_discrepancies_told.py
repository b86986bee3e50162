"""What is kept of errors after the fact, and what a refusal to write one down tells."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from contracts.events.randomization import Annotation, DiscrepancyKind, RecruitmentPaused
from services.chassis.refusal import Refused, jsonable
from services.randomizer.domain import discrepancies, refusals
from services.randomizer.domain.discrepancies import EMPTY, Annotated, Resolve, Verified, evolve
from tests.unit.given import event_id, given, history

from .test_discrepancies import (
    AS_RANDOMIZED,
    LATER,
    NEXT_DAY,
    RANDOMIZED,
    A,
    B,
    C,
    annotate,
    derived,
    one,
    opening,
    said,
    verified,
    when,
)
from .world import CONFIGURATION, STUDY, TODAY

YESTERDAY = TODAY - timedelta(days=1)


# --- what is kept


def test_all_that_was_said_of_a_subject_is_kept_with_its_reason_and_where_it_stands():
    first, second, third = history(
        said(Annotation.INELIGIBLE), said(Annotation.WRONG_PERSON), said(Annotation.INELIGIBLE, B)
    )
    queue = EMPTY
    for envelope, reason in ((first, "Seen"), (second, "Told"), (third, None)):
        queue = evolve(queue, replace(envelope, reason=reason))
    assert queue.annotations == {
        A: (Annotated(first.fact, event_id(1), "Seen"), Annotated(second.fact, event_id(2), "Told")),
        B: (Annotated(third.fact, event_id(3), None),),
    }


def test_the_last_verification_is_kept_with_where_it_stands():
    queue = given(EMPTY, evolve, verified(0), verified(1)).state
    assert queue.verified == {A: Verified(verified(1), event_id(2))}


def test_other_facts_change_nothing_of_the_queue():
    before = (said(Annotation.INELIGIBLE), opening(1))
    paused = RecruitmentPaused(study=STUDY, paused_on=TODAY)
    assert given(EMPTY, evolve, *before, paused).state == given(EMPTY, evolve, *before).state


def test_a_discrepancy_says_whom_it_is_about_and_what_raised_it():
    fact = discrepancies.opened(STUDY, A, DiscrepancyKind.STRATUM_TO_VERIFY, UUID(int=5), LATER)
    assert (fact.study, fact.subject, fact.kind) == (STUDY, A, DiscrepancyKind.STRATUM_TO_VERIFY)
    assert (fact.because, fact.opened_on) == (UUID(int=5), LATER)


# --- what is told


def told(decide) -> dict:
    with pytest.raises(Refused) as caught:
        decide()
    return {"refusal": caught.value.refusal, **caught.value.detail}


def days(**named: date) -> dict:
    return {name: jsonable(day) for name, day in named.items()}


@pytest.mark.parametrize(
    ("before", "cmd", "refusal", "detail"),
    [
        ([], annotate(Annotation.INELIGIBLE, C), refusals.NOT_RANDOMIZED, {"subject": C}),
        (
            [],
            annotate(Annotation.INELIGIBLE, on=LATER, today=TODAY),
            refusals.IN_THE_FUTURE,
            days(discovered_on=LATER),
        ),
        (
            [],
            annotate(Annotation.INELIGIBLE, on=YESTERDAY),
            refusals.BEFORE_RANDOMIZATION,
            days(discovered_on=YESTERDAY, randomized_on=TODAY),
        ),
        (
            [],
            annotate(Annotation.RANDOMIZED_TWICE, A, B, on=TODAY),
            refusals.BEFORE_RANDOMIZATION,
            days(discovered_on=TODAY, randomized_on=NEXT_DAY),
        ),
        (
            [],
            annotate(Annotation.INELIGIBLE, A, B),
            refusals.OTHER_SUBJECT_UNUSABLE,
            {"fault": "not-expected", "annotation": "INELIGIBLE"},
        ),
        ([], annotate(Annotation.RANDOMIZED_TWICE, A, C), refusals.OTHER_NOT_RANDOMIZED, {"other_subject": C}),
        (
            [said(Annotation.INELIGIBLE, on=NEXT_DAY)],
            annotate(Annotation.INELIGIBLE),
            refusals.ANNOTATED_ALREADY,
            {"annotation": "INELIGIBLE", **days(discovered_on=NEXT_DAY)},
        ),
    ],
)
def test_a_refused_annotation_tells_the_days_and_the_subjects_that_stand_in_the_way(before, cmd, refusal, detail):
    queue = given(EMPTY, evolve, *before).state
    assert told(lambda: discrepancies.annotate(queue, RANDOMIZED, cmd)) == {"refusal": refusal, **detail}


def test_somebody_is_found_to_be_randomized_twice_on_the_day_of_the_second_randomization():
    when(annotate(Annotation.RANDOMIZED_TWICE, A, B, on=NEXT_DAY)).then(
        said(Annotation.RANDOMIZED_TWICE, A, B, on=NEXT_DAY), said(Annotation.RANDOMIZED_TWICE, B, A, on=NEXT_DAY)
    )


def test_strata_that_cannot_be_compared_are_told_by_their_factors():
    given_levels = AS_RANDOMIZED[1:]
    factors = [level.factor for level in given_levels]
    expected = {"refusal": refusals.STRATA_NOT_COMPARABLE, "given": factors}
    assert told(lambda: discrepancies.verify(one(A), None, derived(*given_levels), LATER)) == expected, "no design yet"
    levels = derived(*given_levels)
    assert told(lambda: discrepancies.verify(one(A), CONFIGURATION, levels, LATER)) == expected


def test_a_discrepancy_that_is_unknown_or_resolved_is_told():
    cmd = Resolve(STUDY, opening(1).discrepancy, LATER)
    assert told(lambda: discrepancies.resolve(EMPTY, cmd)) == {
        "refusal": refusals.UNKNOWN_DISCREPANCY,
        "discrepancy": str(cmd.discrepancy),
    }
    queue = given(EMPTY, evolve, opening(1)).state
    queue = given(queue, evolve, discrepancies.resolve(queue, replace(cmd, today=NEXT_DAY))).state
    assert told(lambda: discrepancies.resolve(queue, cmd)) == {
        "refusal": refusals.RESOLVED_ALREADY,
        **days(resolved_on=NEXT_DAY),
    }
