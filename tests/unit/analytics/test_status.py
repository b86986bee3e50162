"""Disease status: the last reading, and what overrides it."""

from dataclasses import replace

import pytest

from contracts.vocabulary.clinical import Reader, RunInExit
from contracts.vocabulary.response import Response
from services.analytics.domain.dossier import Dossier
from services.analytics.domain.status import DiseaseStatus, Status, status_of, t

from .world import DAY_0, day, randomized, scan

NOT_RANDOMIZED = replace(randomized(), randomized_on=None)


def seen(subject: Dossier, at: int = 400) -> DiseaseStatus:
    return status_of(subject, Reader.INVESTIGATOR, day(at))


@pytest.mark.parametrize(
    ("subject", "status", "since"),
    [
        (randomized(), Status.PENDING, None),
        (randomized(scan(-10, "SD", "POST_C2")), Status.CONTROLLED, -10),
        (randomized(scan(61, "NON_CR_NON_PD")), Status.CONTROLLED, 61),
        (randomized(scan(61, "SD"), scan(122, "NE")), Status.NOT_EVALUABLE, 122),
        (randomized(scan(122, "NE"), scan(61, "SD")), Status.NOT_EVALUABLE, 122),
        (randomized(scan(61, "NE"), scan(122, "PR")), Status.CONTROLLED, 122),
        (randomized(scan(61, "PD"), scan(122, "SD")), Status.PROGRESSED, 61),
        (randomized(scan(122, "PD"), scan(61, "PD")), Status.PROGRESSED, 61),
        (randomized(scan(61, "PD"), died=90), Status.DIED, 90),
        (randomized(died=90), Status.DIED, 90),
        (replace(NOT_RANDOMIZED, run_in_exit=RunInExit.PROGRESSION, run_in_ended_on=day(-30)), Status.PROGRESSED, -30),
        (replace(NOT_RANDOMIZED, run_in_exit=RunInExit.TOXICITY, run_in_ended_on=day(-30)), Status.PENDING, None),
    ],
)
def test_the_status(subject: Dossier, status: Status, since: int | None) -> None:
    found = seen(subject)
    assert (found.status, found.since) == (status, None if since is None else day(since))


def test_what_comes_after_the_day_asked_for_is_not_seen() -> None:
    subject = randomized(scan(61, "SD"), scan(122, "PD"), died=150)
    assert seen(subject, 60).status is Status.PENDING
    assert seen(subject, 61).status is Status.CONTROLLED
    assert seen(subject, 122).status is Status.PROGRESSED
    assert seen(subject, 149).status is Status.PROGRESSED
    assert seen(subject, 150).status is Status.DIED


def test_a_run_in_that_ends_later_is_not_seen() -> None:
    subject = replace(NOT_RANDOMIZED, run_in_exit=RunInExit.PROGRESSION, run_in_ended_on=day(-30))
    assert [seen(subject, at).status for at in (-31, -30)] == [Status.PENDING, Status.PROGRESSED]


def test_the_last_reading_is_shown_beside_what_overrides_it() -> None:
    found = seen(randomized(scan(61, "PD"), scan(122, "SD"), died=150))
    assert (found.last_response, found.last_scan_on, found.progressed_on) == (Response.SD, day(122), day(61))


def test_the_day_of_randomization_is_day_1_of_every_time() -> None:
    assert t(DAY_0, DAY_0) == 1
    assert t(DAY_0, day(183)) == 184
