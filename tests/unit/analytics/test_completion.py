"""Completion of questionnaires: who is in the denominator, and from which day."""

from dataclasses import replace
from datetime import date
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.course import (
    ConsentWithdrawn,
    EndOfStudyReached,
    LostToFollowUpDeclared,
    RecordAnnulled,
    SubjectErased,
    SubjectRecontacted,
)
from contracts.events.enrolment import RunInExit
from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from contracts.protocol.occasions import awaited, occasions
from contracts.vocabulary.course import EndReason, WithdrawalScope
from services.analytics.domain import dossier as dossiers
from services.analytics.domain import filled as filling
from services.analytics.domain.completion import Completion, Needless, completion
from services.analytics.domain.dossier import Away, Dossier
from services.analytics.domain.filled import Filled

from .world import DAY_0, PROTOCOL, STUDY, day, died, questionnaire, randomized, recorded, scan, whole_journey

M6_OPENS, M6_CLOSES = (date(2024, 6, 17) - DAY_0).days, (date(2024, 7, 15) - DAY_0).days
"""Six calendar months after randomization, 14 days around."""


def filled(**on: int) -> Filled:
    return Filled(STUDY, "01-001", {occasion: {"QLQ_C30": day(number)} for occasion, number in on.items()})


def of(occasion: str, subject: Dossier, as_of: int, there: Filled | None = None) -> Completion:
    """What is counted of one subject."""
    found = completion([subject], [there] if there else [], PROTOCOL, day(as_of))
    return next(one for one in found if (one.occasion.code, one.questionnaire) == (occasion, "QLQ_C30"))


def test_who_is_included_counts_from_that_day() -> None:
    assert [of("BASELINE", randomized(), n).population for n in (-141, -140)] == [0, 1]


def needless(found: Completion) -> Needless | None:
    return next((reason for reason, times in found.not_expected.items() if times), None)


@pytest.mark.parametrize(
    ("as_of", "missing", "not_due"), [(0, 0, 1), (M6_OPENS, 0, 1), (M6_CLOSES, 0, 1), (M6_CLOSES + 1, 1, 0)]
)
def test_it_is_missing_from_the_day_after_the_window(as_of: int, missing: int, not_due: int) -> None:
    found = of("M6", randomized(), as_of)
    assert (found.population, found.received, found.missing, found.not_due) == (1, 0, missing, not_due)


@pytest.mark.parametrize(
    ("on", "in_window"), [(M6_OPENS - 1, 0), (M6_OPENS, 1), (M6_CLOSES, 1), (M6_CLOSES + 1, 0), (M6_CLOSES + 90, 0)]
)
def test_what_was_received_counts_whenever_it_was_filled_in(on: int, in_window: int) -> None:
    found = of("M6", randomized(), 400, filled(M6=on))
    assert (found.received, found.in_window, found.expected) == (1, in_window, 1)
    before = of("M6", randomized(), on - 1, filled(M6=on))
    assert before.received == 0


ENDS = {
    Needless.DEATH: lambda on: randomized(died=on),
    Needless.WITHDRAWAL: lambda on: replace(randomized(), withdrawn_on=day(on)),
    Needless.LOST: lambda on: replace(randomized(), lost=(Away(day(on)),)),
    Needless.STUDY_ENDED: lambda on: replace(randomized(), study_ended_on=day(on)),
    Needless.PROGRESSION: lambda on: randomized(scan(on, "PD")),
}


@pytest.mark.parametrize("why", list(ENDS))
def test_what_comes_up_to_the_last_day_of_the_window_makes_it_needless(why: Needless) -> None:
    assert needless(of("M6", ENDS[why](M6_CLOSES), 400)) is why
    later = of("M6", ENDS[why](M6_CLOSES + 1), 400)
    assert (needless(later), later.missing) == (None, 1)
    told_later = of("M6", ENDS[why](M6_OPENS), M6_OPENS - 1)
    assert (needless(told_later), told_later.not_due) == (None, 1)


def test_who_filled_it_in_all_the_same_is_received() -> None:
    found = of("M6", randomized(scan(60, "PD")), 400, filled(M6=183))
    assert (found.received, needless(found)) == (1, None)


def test_the_first_end_is_the_reason() -> None:
    assert needless(of("M6", randomized(scan(60, "PD"), died=100), 400)) is Needless.PROGRESSION
    assert needless(of("M6", randomized(scan(100, "PD"), died=60), 400)) is Needless.DEATH
    assert needless(of("M6", randomized(scan(60, "PD"), died=60), 400)) is Needless.DEATH


def test_who_was_found_again_in_time_is_expected() -> None:
    lost = replace(randomized(), lost=(Away(day(60), day(M6_CLOSES)),))
    assert of("M6", lost, 400).missing == 1
    assert needless(of("M6", replace(lost, lost=(Away(day(60), day(M6_CLOSES + 1)),)), 400)) is Needless.LOST


def test_a_progression_of_the_run_in_is_none_after_randomization() -> None:
    assert of("M6", randomized(scan(0, "PD", "POST_C2")), 400).missing == 1


def test_who_left_the_run_in_is_not_expected_and_never_in_the_population_of_the_randomized() -> None:
    left = replace(randomized(), randomized_on=None, run_in_exit=RunInExit.DEATH, run_in_ended_on=day(-74))
    assert needless(of("POST_C2", left, 400)) is Needless.LEFT_RUN_IN
    assert of("POST_C2", left, 400).population == 1
    assert of("M6", left, 400).population == 0
    assert of("BASELINE", left, 400).missing == 1, "its window was over before"


def test_what_is_counted_from_something_that_never_came_waits_for_it() -> None:
    without = replace(randomized(), cycles={}, randomized_on=None)
    assert of("RUN_IN", without, 400).not_due == 1
    assert needless(of("RUN_IN", replace(without, died_on=day(-100)), 400)) is Needless.DEATH


def test_of_who_withdrew_the_data_nothing_is_said() -> None:
    erased = replace(randomized(), erased_on=day(300))
    assert {of(one, erased, 400).missing for one in PROTOCOL.quality_of_life.order} == {0}  # type: ignore[union-attr]
    assert needless(of("M2", erased, 400)) is Needless.DATA_WITHDRAWN


def test_the_windows_of_both_arms_are_one() -> None:
    """Nothing about an occasion differs by arm: that the fourth cycle of one arm came late is not known here."""
    second = next(one for one in awaited(PROTOCOL) if one.code == "SECOND")
    assert second.anchor == "randomization"
    assert [[visit.id for visit in route] for route in second.routes] == [["VA3", "VA4"], ["VB0", "VB4"]]
    assert second.ends_at == {"progression"}, "that treatment was stopped, one arm alone can say"
    # 0..14 days to the third cycle or the start of surveillance, 49..63 more.
    assert second.window(DAY_0) == (day(49), day(77))


def test_where_the_arms_differ_the_wider_window_is_awaited() -> None:
    apart = changed(VB0={"days_before": 2, "days_after": 10})
    first = next(one for one in awaited(apart) if one.code == "FIRST")
    assert first.window(DAY_0) == (day(0), day(17))


def test_the_last_of_two_for_one_occasion_counts_and_an_erased_subject_has_none() -> None:
    facts: list[Fact] = [questionnaire("M2", 60), questionnaire("M2", 61), questionnaire("M2", 62, "QLQ_GINET21")]
    found = reduce(filling.fold, recorded(facts), Filled(STUDY, "01-001"))
    assert found.days == {"M2": {"QLQ_C30": day(61), "QLQ_GINET21": day(62)}}
    facts = [facts[0], SubjectErased(study=STUDY, subject="01-001", erased_on=day(70)), facts[1]]
    assert reduce(filling.fold, recorded(facts), Filled(STUDY, "01-001")) == Filled(STUDY, "01-001", erased=True)


def test_a_dossier_knows_who_left_and_who_came_back_and_forgets_what_was_annulled() -> None:
    who = {"study": STUDY, "subject": "01-001"}
    facts = [
        LostToFollowUpDeclared(**who, declared_on=day(100), attempts=()),
        SubjectRecontacted(**who, recontacted_on=day(130)),
        LostToFollowUpDeclared(**who, declared_on=day(200), attempts=()),
        ConsentWithdrawn(**who, scope=WithdrawalScope.FOLLOW_UP, withdrawn_on=day(250)),
        EndOfStudyReached(**who, ended_on=day(260), reason=EndReason.STUDY_CLOSED),
    ]
    told = recorded(facts)
    found = reduce(dossiers.fold, told, Dossier(STUDY, "01-001"))
    assert found.lost == (Away(day(100), day(130)), Away(day(200)))
    assert (found.withdrawn_on, found.study_ended_on) == (day(250), day(260))
    undone = recorded([RecordAnnulled(**who, annulled=told[n].event_id) for n in (2, 3, 4)], start=6)
    after = reduce(dossiers.fold, undone, found)
    assert (after.lost, after.withdrawn_on, after.study_ended_on) == ((Away(day(100), day(130)),), None, None)


@given(
    st.lists(
        st.builds(
            lambda facts, erased: (facts, erased),
            st.lists(
                st.one_of(
                    st.builds(questionnaire, st.sampled_from(["BASELINE", "FIRST", "M6"]), st.integers(-150, 300)),
                    st.builds(lambda on: died(on=on), st.integers(-150, 300)),
                ),
                max_size=6,
            ),
            st.booleans(),
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(-160, 500),
)
def test_every_subject_of_a_population_is_counted_once(subjects: list[tuple[list[Fact], bool]], as_of: int) -> None:
    known, there = [], []
    for number, (facts, erased) in enumerate(subjects):
        own = recorded([fact for each in whole_journey().values() for fact in each] + facts, start=1)
        if erased:
            gone = SubjectErased(study=STUDY, subject="01-001", erased_on=day(310))
            own += recorded([gone], start=len(own) + 1)
        known.append(replace(reduce(dossiers.fold, own, Dossier(STUDY, "01-001")), subject=f"01-{number:03}"))
        there.append(replace(reduce(filling.fold, own, Filled(STUDY, "01-001")), subject=f"01-{number:03}"))
    found = completion(known, there, PROTOCOL, day(as_of))
    assert len(found) == 9 * 2
    for one in found:
        assert one.population == one.received + one.missing + one.not_due + sum(one.not_expected.values())
        assert one.in_window <= one.received


def changed(**visits: dict[str, object]) -> Protocol:
    """The protocol with other visits."""
    rules = [rule.model_copy(update=visits.get(rule.id, {})) for rule in PROTOCOL.visits]
    return PROTOCOL.model_copy(update={"visits": tuple(rules)})


def closed(anchor: str) -> str:
    return f"counted from {anchor!r}, which only some arms have: which one, would be told by what is awaited"


def test_visits_that_cannot_be_counted_are_findings() -> None:
    assert list(occasions(PROTOCOL)) == []
    apart = changed(VB4={"arms": ()})
    assert list(occasions(apart)) == [
        ("quality_of_life.occasions[SECOND].visits", "counted from different days: randomization, surveillance"),
        ("quality_of_life.occasions[SECOND].visits", closed("surveillance")),
    ]
    assert list(occasions(changed(VA3={"done_at": None}, VB0={"done_at": None})))[1:] == [
        ("quality_of_life.occasions[SECOND].visits", closed(anchor)) for anchor in ("cycle_3", "surveillance")
    ]
    itself = changed(VA3={"anchor": "cycle_4", "done_at": "cycle_3"})
    places = [place for place, _ in occasions(itself)]
    assert places == [f"quality_of_life.occasions[{one}].visits" for one in ("FIRST", "SECOND")]
    assert all("counted from itself" in message for _, message in occasions(itself))


def test_a_protocol_without_questionnaires_awaits_none() -> None:
    silent = PROTOCOL.model_copy(update={"quality_of_life": None})
    assert completion([randomized()], [], silent, day(400)) == ()
