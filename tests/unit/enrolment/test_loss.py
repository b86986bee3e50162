"""When somebody counts as lost: attempts since the last contact, on days of their own, over the months of the file."""

from datetime import date, timedelta

import pytest

from contracts.events.course import Attempt
from contracts.vocabulary.course import ContactMeans
from contracts.vocabulary.month import add_months
from services.chassis.refusal import Refused
from services.enrolment.domain.subject.loss import DeclareLost

from .course import IN_RUN_IN, SETTING, after, told
from .test_decide import S
from .world import C2, STUDY

FIRST = C2 + timedelta(days=10)
LAST = add_months(FIRST, 3)
BETWEEN = FIRST + timedelta(days=30)


def lost(*days: date) -> str:
    attempts = tuple(Attempt(on=day, means=ContactMeans.LETTER) for day in days)
    try:
        subject = after(*IN_RUN_IN, told(DeclareLost(STUDY, S, LAST + timedelta(days=5), attempts)))
    except Refused as refused:
        return refused.refusal.code
    return subject.participation.value


@pytest.mark.parametrize(
    ("days", "outcome"),
    [
        ((FIRST, BETWEEN, LAST), "LOST"),
        ((LAST, FIRST, BETWEEN), "LOST"),
        ((FIRST, BETWEEN, LAST - timedelta(days=1)), "attempts-not-sufficient"),
        ((FIRST, LAST), "attempts-not-sufficient"),
        ((FIRST, FIRST, LAST), "attempts-not-sufficient"),
        ((C2, BETWEEN, LAST), "attempts-not-sufficient"),
        ((FIRST, BETWEEN, LAST + timedelta(days=6)), "attempts-not-sufficient"),
        ((), "attempts-not-sufficient"),
    ],
)
def test_the_attempts_that_count(days: tuple[date, ...], outcome: str) -> None:
    assert lost(*days) == outcome
    assert (SETTING.protocol.loss.attempts, SETTING.protocol.loss.over_months) == (3, 3)  # type: ignore[union-attr]
