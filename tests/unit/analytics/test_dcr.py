"""Disease control at six months: cases written by hand from the definition, and what always holds."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.protocol.load import load
from contracts.vocabulary.clinical import Reader
from services.analytics.domain.dcr import Outcome, Reason, Rule, count, judge, rule_of
from services.analytics.domain.dossier import Dossier

from .world import PROTOCOL, day, randomized, scan

RULE = rule_of(PROTOCOL, "DCR6", Reader.INVESTIGATOR)
LONG_AFTER = day(400)
SUCCESS, FAILURE, PENDING = Outcome.SUCCESS, Outcome.FAILURE, Outcome.PENDING
PD, DEATH, THERAPY, NE, MISSING = Reason.PD, Reason.DEATH, Reason.NEW_THERAPY, Reason.NE_AT_6M, Reason.MISSING
DCR_CASES = [
    # the month-6 window: days 153 to 213, both included
    ("stable on the target day", randomized(scan(183, "SD")), SUCCESS, None),
    ("complete response", randomized(scan(183, "CR")), SUCCESS, None),
    ("partial response", randomized(scan(183, "PR")), SUCCESS, None),
    ("no target lesions, no progression", randomized(scan(183, "NON_CR_NON_PD")), SUCCESS, None),
    ("a day before the window", randomized(scan(152, "SD")), FAILURE, MISSING),
    ("first day of the window", randomized(scan(153, "SD")), SUCCESS, None),
    ("last day of the window", randomized(scan(213, "SD")), SUCCESS, None),
    ("a day after the window", randomized(scan(214, "SD")), FAILURE, MISSING),
    ("the day decides, not the name of the visit", randomized(scan(160, "SD", "M4")), SUCCESS, None),
    ("named M6 but made at month 4", randomized(scan(122, "SD", "M6")), FAILURE, MISSING),
    ("never scanned", randomized(), FAILURE, MISSING),
    ("the scan after cycle 2 does not count", randomized(scan(-10, "SD", "POST_C2")), FAILURE, MISSING),
    ("not evaluable in the window", randomized(scan(183, "NE")), FAILURE, NE),
    # progression
    ("progression in the window", randomized(scan(183, "PD")), FAILURE, PD),
    ("progression at month 2", randomized(scan(61, "PD", "M2")), FAILURE, PD),
    ("progression, then called stable", randomized(scan(61, "PD", "M2"), scan(183, "SD")), FAILURE, PD),
    ("progression after the window", randomized(scan(183, "SD"), scan(214, "PD")), SUCCESS, None),
    ("progression on the last day", randomized(scan(183, "SD"), scan(213, "PD")), FAILURE, PD),
    ("progression in the window, stable later in it", randomized(scan(160, "PD"), scan(183, "SD")), FAILURE, PD),
    ("a progression on day 0 belongs to the run-in", randomized(scan(0, "PD"), scan(183, "SD")), SUCCESS, None),
    # death and new therapy, on or before the scan that represents the window
    ("died before", randomized(died=100), FAILURE, DEATH),
    ("died on day 0", randomized(died=0), FAILURE, DEATH),
    ("died the day after the scan", randomized(scan(183, "SD"), died=184), SUCCESS, None),
    ("died on the day of the scan", randomized(scan(183, "SD"), died=183), FAILURE, DEATH),
    ("died after an unevaluable scan", randomized(scan(183, "NE"), died=190), FAILURE, DEATH),
    ("died after the window, never scanned", randomized(died=214), FAILURE, MISSING),
    ("new therapy the day before the scan", randomized(scan(183, "SD"), therapy=182), FAILURE, THERAPY),
    ("new therapy on the day of the scan", randomized(scan(183, "SD"), therapy=183), FAILURE, THERAPY),
    ("new therapy the day after the scan", randomized(scan(183, "SD"), therapy=184), SUCCESS, None),
    ("new therapy, never scanned", randomized(therapy=213), FAILURE, THERAPY),
    ("new therapy before randomization", randomized(scan(183, "SD"), therapy=-5), FAILURE, THERAPY),
    # several reasons: the order of the protocol file
    ("progression, therapy, death", randomized(scan(61, "PD"), therapy=70, died=120), FAILURE, PD),
    ("therapy, then death", randomized(therapy=70, died=120), FAILURE, DEATH),
    ("therapy, then not evaluable", randomized(scan(183, "NE"), therapy=70), FAILURE, THERAPY),
    # several scans in the window: any progression, else nearest to day 183, then the later one
    ("the nearer is after the therapy", randomized(scan(160, "SD"), scan(195, "SD"), therapy=170), FAILURE, THERAPY),
    ("the nearer one is before the therapy", randomized(scan(180, "SD"), scan(200, "SD"), therapy=190), SUCCESS, None),
    ("equally near: the later one", randomized(scan(173, "SD"), scan(193, "SD"), therapy=180), FAILURE, THERAPY),
    ("an unevaluable one yields to one that tells", randomized(scan(160, "SD"), scan(183, "NE")), SUCCESS, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "outcome", "reason"), [case[1:] for case in DCR_CASES], ids=[case[0] for case in DCR_CASES]
)
def test_the_definition_case_by_case(subject: Dossier, outcome: Outcome, reason: Reason | None) -> None:
    verdict = judge(subject, RULE, LONG_AFTER)
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("subject", "at", "outcome"),
    [
        (randomized(), 212, PENDING),
        (randomized(), 213, FAILURE),
        (randomized(), 214, FAILURE),
        (randomized(scan(160, "SD")), 159, PENDING),
        (randomized(scan(160, "SD")), 212, PENDING),
        (randomized(scan(160, "SD")), 213, SUCCESS),
        (randomized(scan(160, "SD")), 214, SUCCESS),
        (randomized(scan(160, "NE")), 212, PENDING),
        (randomized(scan(160, "NE")), 213, FAILURE),
        (randomized(scan(61, "PD")), 60, PENDING),
        (randomized(scan(61, "PD")), 61, FAILURE),
        (randomized(died=100), 99, PENDING),
        (randomized(died=100), 100, FAILURE),
        (randomized(therapy=100), 100, FAILURE),
        (randomized(scan(160, "SD"), therapy=170), 180, PENDING),
        (randomized(scan(160, "SD"), scan(200, "PD")), 199, PENDING),
        (randomized(scan(160, "SD"), scan(200, "PD")), 200, FAILURE),
    ],
)
def test_nothing_is_decided_before_its_time(subject: Dossier, at: int, outcome: Outcome) -> None:
    assert judge(subject, RULE, day(at)).outcome is outcome


def test_the_scan_that_represents_the_window_is_named() -> None:
    first, second = scan(170, "PR"), scan(190, "SD")
    assert judge(randomized(first, second), RULE, LONG_AFTER).scan == second
    assert judge(randomized(scan(190, "PD"), scan(160, "PD")), RULE, LONG_AFTER).scan == scan(160, "PD")


def test_of_two_readings_of_one_day_the_last_recorded_stands() -> None:
    assert judge(randomized(scan(183, "SD"), scan(183, "PR")), RULE, LONG_AFTER).scan == scan(183, "PR")


def test_who_is_not_randomized_is_not_judged() -> None:
    with pytest.raises(ValueError, match="not randomized"):
        judge(replace(randomized(), randomized_on=None), RULE, LONG_AFTER)
    with pytest.raises(ValueError, match="not randomized"):
        judge(randomized(), RULE, day(-1))


def test_every_randomized_subject_is_in_the_denominator_or_pending() -> None:
    subjects = [
        randomized(scan(183, "SD"), subject="01-001"),
        randomized(scan(61, "PD"), subject="01-002"),
        randomized(subject="01-003"),
        randomized(subject="01-004", on=100),
        randomized(subject="01-005", on=100, died=150),
        replace(randomized(subject="01-006"), randomized_on=None),
        randomized(subject="01-007", on=301),
    ]
    counts = count(subjects, RULE, day(300))
    assert (counts.randomized, counts.success, counts.failure, counts.pending) == (5, 1, 3, 1)
    assert counts.reasons == {
        Reason.PD: 1,
        Reason.DEATH: 1,
        Reason.NEW_THERAPY: 0,
        Reason.NE_AT_6M: 0,
        Reason.MISSING: 1,
    }
    assert counts.settled == 4
    assert counts.closed == 3


def test_a_window_is_over_on_its_last_day() -> None:
    assert [count([randomized()], RULE, day(at)).closed for at in (212, 213, 214)] == [0, 1, 1]


def test_an_endpoint_that_is_not_disease_control_is_not_judged_by_this_rule() -> None:
    narrow = PROTOCOL.endpoint["DCR6"].model_copy(update={"success": PROTOCOL.endpoint["DCR6"].success[:2]})
    with pytest.raises(ValueError, match="not disease control"):
        rule_of(load().model_copy(update={"endpoints": (narrow,)}), "DCR6", Reader.INVESTIGATOR)


def test_a_protocol_that_does_not_rank_a_reason_is_refused() -> None:
    spec = PROTOCOL.endpoint["DCR6"].model_copy(update={"failures": ("PD", "DEATH")})
    with pytest.raises(ValueError, match="does not rank MISSING, NEW_THERAPY, NE_AT_6M"):
        rule_of(load().model_copy(update={"endpoints": (spec,)}), "DCR6", Reader.INVESTIGATOR)


DAYS = st.integers(-20, 230)
SUBJECTS = st.builds(
    lambda scans, died, therapy: randomized(*scans, died=died, therapy=therapy),
    st.lists(st.builds(scan, DAYS, st.sampled_from(["CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE"])), max_size=6),
    st.none() | DAYS,
    st.none() | DAYS,
)


@for_all(SUBJECTS, st.integers(0, 250), st.integers(0, 100))
def test_a_settled_outcome_never_changes_by_the_passing_of_time(subject: Dossier, at: int, later: int) -> None:
    now, then = judge(subject, RULE, day(at)), judge(subject, RULE, day(at + later))
    if now.outcome is not PENDING:
        assert then.outcome is now.outcome


@for_all(SUBJECTS)
def test_from_the_end_of_the_window_on_nobody_is_pending(subject: Dossier) -> None:
    assert judge(subject, RULE, day(213)).outcome is not PENDING


def _by_the_letter(subject: Dossier, rule: Rule) -> bool:
    """The definition again, as a sentence over days, without its implementation."""
    assert subject.randomized_on is not None
    scans = [((s.scan_on - subject.randomized_on).days, s.response.value) for s in subject.scans]
    window = [(d, r) for d, r in scans if 153 <= d <= 213]
    if any(r == "PD" for _, r in window):
        return False
    evaluable = [(abs(d - 183), -d) for d, r in window if r != "NE"]
    if not evaluable:
        return False
    until = -min(evaluable)[1]
    events = [(on - subject.randomized_on).days for on in (subject.died_on, subject.new_therapy_on) if on is not None]
    return min([*events, *(d for d, r in scans if r == "PD" and d > 0)], default=999) > until


@for_all(SUBJECTS)
def test_success_is_what_the_definition_says(subject: Dossier) -> None:
    assert (judge(subject, RULE, LONG_AFTER).outcome is SUCCESS) == _by_the_letter(subject, RULE)


@for_all(st.lists(SUBJECTS, max_size=8), st.integers(0, 250))
def test_the_counts_add_up(subjects: list[Dossier], at: int) -> None:
    counts = count(subjects, RULE, day(at))
    assert counts.success + counts.failure + counts.pending == counts.randomized == len(subjects)
    assert counts.success <= counts.closed <= counts.settled


def test_the_window_follows_the_calendar_over_a_leap_day() -> None:
    assert day(213) == date(2024, 8, 1)
    assert judge(randomized(scan(213, "SD")), RULE, date(2024, 8, 1)).outcome is SUCCESS
