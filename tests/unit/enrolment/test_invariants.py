"""The invariants of the digest (5.5): each has its test, and those of enrolment hold after any random course."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from types import MappingProxyType
from typing import Final
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from hypothesis import example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.events.course import ConsentWithdrawn, ProgressionNoted
from contracts.events.enrolment import CycleAdministered, DeathRecorded, SubjectIncluded, SurvivalContactRecorded
from contracts.events.fact import Fact
from contracts.events.treatment import TreatmentCycleAdministered
from contracts.vocabulary.clinical import DeathCause, RunInExit
from contracts.vocabulary.course import WithdrawalScope
from contracts.vocabulary.response import Response
from services.chassis.refusal import Refused
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.invariants import INVARIANTS, broken
from services.enrolment.domain.lifecycle import FollowUpKind, blinded, follow_up
from services.enrolment.domain.setting import SubjectCommand
from services.enrolment.domain.state import Subject, evolve
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.entry import SignConsent
from services.enrolment.domain.subject.exits import EndRunIn, RecordDeath
from services.enrolment.domain.subject.followup import RecordSurvivalContact
from services.enrolment.domain.subject.withdrawal import WithdrawConsent
from services.enrolment.handlers.entries import grown

from . import course
from .course import (
    C3,
    IN_RUN_IN,
    LETTERS,
    RANDOMIZED,
    SETTING,
    Step,
    after,
    allocate,
    at,
    correct,
    scanned,
    screened,
    told,
)
from .test_decide import INCLUSION, S, dose, exit_from, randomized
from .world import C1, C2, CONSENTED, INCLUDED, REQUESTED, SCAN, STUDY

HERE: Final = "tests.unit.enrolment.test_invariants"
COURSE: Final = "test_any_course_keeps_every_invariant_and_replays_to_itself"
SHOWN_BY: Final[Mapping[int, tuple[str, str, str]]] = MappingProxyType(
    {
        **{one.number: (HERE, "test_each_is_broken_by_what_it_forbids", COURSE) for one in INVARIANTS},
        4: (
            "tests.e2e.test_concurrency",
            "test_one_key_fifty_times_at_once_is_one_fact_and_one_answer",
            "test_two_hundred_calls_for_sixty_subjects_at_once",
        ),
        5: (
            "tests.unit.randomizer.test_decide",
            "test_the_cap_is_a_hard_stop",
            "test_a_raised_cap_lets_the_next_subject_in",
        ),
        6: (HERE, "test_a_correction_after_randomization_leaves_arm_strata_and_evidence", COURSE),
        11: (
            "tests.e2e.test_arm_stays",
            "test_no_read_tells_an_arm_to_anybody_else",
            "test_twins_who_differ_in_nothing_but_the_arm_are_told_alike",
        ),
        13: (HERE, "test_13_who_leaves_the_run_in_is_followed_and_not_randomized", COURSE),
        14: (
            "tests.unit.analytics.test_dcr",
            "test_every_randomized_subject_is_in_the_denominator_or_pending",
            "test_the_counts_add_up",
        ),
        15: (HERE, "test_15_a_record_and_its_annulment_replay_to_what_stood", COURSE),
        17: (
            "tests.unit.safety.test_grading",
            "test_without_the_lower_limit_grade_1_stays_open_and_worse_is_decided",
            "test_a_missing_limit_never_excludes_the_true_grade",
        ),
        18: (
            "tests.unit.randomizer.test_derivation",
            "test_an_exchanged_order_or_another_seed_is_found",
            "test_every_arm_is_derived_again_from_the_archive_and_the_seed_alone",
        ),
        19: (HERE, "test_19_a_randomization_that_crosses_an_exit_stands", COURSE),
        20: (
            "tests.unit.enrolment.test_heard",
            "test_a_progression_is_dated_by_its_scan",
            "test_whatever_its_day_a_progression_has_that_of_its_scan",
        ),
    }
)
"""Where each invariant is shown: the module, its test, and its property."""


def folded(*facts: Fact) -> Subject:
    return grown(screened(), [(uuid4(), fact) for fact in facts])


LATER: Final = C2 + timedelta(days=200)
WHO: Final = {"study": STUDY, "subject": S}
DEAD: Final = DeathRecorded(**WHO, died_on=C1, cause=DeathCause.OTHER)
THIRD: Final = TreatmentCycleAdministered(
    **WHO, cycle=3, given_on=C3, prescribed_mbq=Decimal(7400), administered_mbq=Decimal(7400)
)
BROKEN: Final[Mapping[int, Subject]] = MappingProxyType(
    {
        1: folded(INCLUSION),
        2: folded(INCLUSION),
        3: folded(INCLUSION, dose(1, C1), randomized(REQUESTED)),
        7: folded(THIRD),
        8: folded(dose(1, C1), dose(2, C1 + timedelta(days=48))),
        9: folded(dose(1, C1, administered="6000")),
        10: folded(ConsentWithdrawn(**WHO, scope=WithdrawalScope.FOLLOW_UP, withdrawn_on=C1), dose(2, C2)),
        12: folded(DEAD, SurvivalContactRecorded(**WHO, last_alive_on=C2)),
        21: folded(
            ConsentWithdrawn(**WHO, scope=WithdrawalScope.FOLLOW_UP, withdrawn_on=C1),
            SurvivalContactRecorded(**WHO, last_alive_on=C2),
        ),
        16: folded(SurvivalContactRecorded(**WHO, last_alive_on=SETTING.today + timedelta(days=1))),
    }
)


def test_every_invariant_of_the_digest_has_its_test() -> None:
    assert set(SHOWN_BY) == set(range(1, 22))
    for module, *names in SHOWN_BY.values():
        assert len(set(names)) == 2
        for name in names:
            assert callable(getattr(importlib.import_module(module), name)), name


@pytest.mark.parametrize("number", sorted(BROKEN))
def test_each_is_broken_by_what_it_forbids(number: int) -> None:
    assert number in {one.number for one in broken(BROKEN[number], SETTING)}


def test_8_days_apart_are_those_of_the_protocol() -> None:
    assert 8 not in {one.number for one in broken(folded(dose(1, C1), dose(2, C1 + timedelta(days=49))), SETTING)}


def test_10_a_cycle_given_before_its_scan_was_read_stands() -> None:
    ended = exit_from(RunInExit.PROGRESSION, C2 - timedelta(days=1))
    assert 10 not in {one.number for one in broken(folded(dose(1, C1), dose(2, C2), ended), SETTING)}
    assert 10 in {one.number for one in broken(folded(dose(1, C1), ended, dose(2, C2)), SETTING)}
    noted = ProgressionNoted(**WHO, progressed_on=REQUESTED, timepoint="M2", assessment=UUID(int=3))
    assert 10 in {one.number for one in broken(folded(noted, THIRD), SETTING)}


def test_13_who_leaves_the_run_in_is_followed_and_not_randomized() -> None:
    left = after(*IN_RUN_IN, LETTERS["end run-in"])
    assert broken(left, SETTING) == ()
    assert (left.randomized_on, follow_up(left)) == (None, FollowUpKind.SURVIVAL)
    assert _kept(after(*IN_RUN_IN), left)
    assert not _kept(left, replace(left, screening=None))


def test_15_a_record_and_its_annulment_replay_to_what_stood() -> None:
    before = after(*IN_RUN_IN)
    scan = LETTERS["survival contact"]
    annulled = after(scan, start=before)
    annulled = after(correct(annulled.history[-1].event_id), start=annulled)
    assert annulled == before


def test_19_a_randomization_that_crosses_an_exit_stands() -> None:
    left = after(*IN_RUN_IN, LETTERS["end run-in"])
    crossed = grown(left, [(uuid4(), randomized(REQUESTED))])
    assert crossed.participation.value == "RANDOMIZED"
    assert 19 not in {one.number for one in broken(crossed, SETTING)}
    assert _kept(left, crossed)
    decided = after(*RANDOMIZED, allocate("A"))
    assert not _kept(decided, left)
    assert not _kept(decided, replace(decided, assigned=None))
    assert not _kept(decided, replace(decided, authorizations=(uuid4(),)))


def _kept(before: Subject, now: Subject) -> bool:
    """Nobody leaves the data (13), and whoever is randomized stays so, with arm and evidence (6, 19)."""
    if before.screening is not None and now.screening is None:
        return False
    if before.exit is not None and now.exit is not None and now.randomized_on is None:
        return now.participation.terminal or follow_up(now) is FollowUpKind.SURVIVAL
    if before.randomized_on is None:
        return True
    arm = before.assigned is None or now.assigned == before.assigned
    evidence = now.authorizations[: len(before.authorizations)] == before.authorizations
    return arm and evidence and now.randomized_on == before.randomized_on


def test_a_correction_after_randomization_leaves_arm_strata_and_evidence() -> None:
    before = after(*RANDOMIZED, allocate("A"))
    first = next(one for one in before.history if isinstance(one.fact, CycleAdministered))
    corrected = after(correct(first.event_id, _again(1, C1 + timedelta(days=1))), start=before)
    assert corrected.cycles[0].given_on == C1 + timedelta(days=1)
    for kept in ("authorizations", "assigned", "randomized_on", "inclusion"):
        assert getattr(corrected, kept) == getattr(before, kept)
    evidence = [one for one in before.history if one.event_id in before.authorizations]
    assert [one for one in corrected.history if one.event_id in before.authorizations] == evidence
    with pytest.raises(Refused) as caught:
        after(correct(first.event_id), start=before)
    assert caught.value.refusal.code == "correction-breaks-invariant"
    numbers = [one["number"] for one in caught.value.detail["invariants"]]  # type: ignore[index, union-attr, call-overload]
    assert 3 in numbers


def test_what_an_authorization_rests_on_stands_before_word_of_the_randomization_is_here() -> None:
    """The randomizer may have allocated on it already: a correction that crosses would leave a randomized subject
    without a cycle."""
    run_in = after(*IN_RUN_IN)
    authorized = after(LETTERS["authorize"], start=run_in)
    last = [one for one in authorized.history if isinstance(one.fact, CycleAdministered)][-1]
    with pytest.raises(Refused) as caught:
        after(correct(last.event_id), start=authorized)
    assert [one["number"] for one in caught.value.detail["invariants"]] == [3]  # type: ignore[index, union-attr, call-overload]
    corrected = after(correct(last.event_id, _again(2, C2 + timedelta(days=1))), start=authorized)
    assert broken(after(LETTERS["hear randomization"], start=corrected), SETTING) == ()
    assert len(after(correct(last.event_id), start=run_in).cycles) == 1, "before it was asked for"


@pytest.mark.parametrize("fact", [SubjectIncluded, TreatmentAssigned])
def test_what_was_decided_or_assigned_is_not_annulled(fact: type[Fact]) -> None:
    subject = after(*RANDOMIZED, allocate("A"))
    (record,) = [one for one in subject.history if isinstance(one.fact, fact)]
    with pytest.raises(Refused) as caught:
        after(correct(record.event_id), start=subject)
    assert caught.value.refusal.code == "not-correctable"


def test_an_annulled_death_takes_the_end_of_the_run_in_with_it() -> None:
    dead = after(*IN_RUN_IN, told(RecordDeath(STUDY, S, SCAN, DeathCause.OTHER)))
    assert dead.exit is not None
    (record,) = [one for one in dead.history if isinstance(one.fact, DeathRecorded)]
    alive = after(correct(record.event_id, RecordSurvivalContact(STUDY, S, LATER)), start=dead)
    assert (alive.death, alive.exit, alive.in_run_in) == (None, None, True)


def test_a_consent_is_corrected_only_to_a_day_before_what_was_done_under_it() -> None:
    included = after(*IN_RUN_IN)
    consent = included.consents[0].event_id
    moved = after(correct(consent, SignConsent(STUDY, S, "1.0", CONSENTED + timedelta(days=1))), start=included)
    assert moved.consents[0].signed_on == CONSENTED + timedelta(days=1)
    with pytest.raises(Refused) as caught:
        after(correct(consent, SignConsent(STUDY, S, "1.0", INCLUDED + timedelta(days=1))), start=included)
    assert caught.value.refusal.code == "correction-breaks-invariant"


def test_who_may_not_know_the_arm_sees_the_same_of_both() -> None:
    treated = ("cycle 3", "cycle 4", "withdraw from treatment")
    watched = ("start surveillance",)
    common = ("reading M2 SD", "reading M6 SD", "survival contact")
    arms = {
        arm: after(*RANDOMIZED, allocate(arm), *(LETTERS[one] for one in (*own, *common)))
        for arm, own in (("A", treated), ("B", watched))
    }
    assert arms["A"].treatment
    assert arms["B"].surveillance_since is not None
    a, b = (_anonymous(blinded(subject)) for subject in arms.values())
    assert a == b
    assert _anonymous(arms["A"]) != _anonymous(arms["B"])


def _anonymous(subject: Subject) -> tuple[object, ...]:
    """What stands, without ids."""
    volatile = {"assessment", "about", "consent", "inclusion_assessment", "rows", "strata"}
    facts = tuple((one.fact.type_name, one.fact.model_dump_json(exclude=volatile)) for one in subject.history)
    return facts, subject.participation, subject.last_contact_on


def _again(number: int, on: date) -> SubjectCommand:
    return AdministerCycle(STUDY, S, number, on, Decimal(7400), Decimal(7400))


def _on(kind: str, days: int) -> Step:
    """Something on any day around the course."""
    day = INCLUDED + timedelta(days=days)
    match kind:
        case "contact":
            return told(RecordSurvivalContact(STUDY, S, day))
        case "death":
            return told(RecordDeath(STUDY, S, day, DeathCause.OTHER))
        case "withdrawal":
            return told(WithdrawConsent(STUDY, S, WithdrawalScope.FOLLOW_UP, day))
        case "treatment":
            return told(WithdrawConsent(STUDY, S, WithdrawalScope.TREATMENT, day))
        case "exit":
            return told(EndRunIn(STUDY, S, RunInExit.PHYSICIAN, day))
        case "reading":
            return scanned("M4", day, Response.PD)
        case _:
            return told(_again(int(kind), day))


STEPS: Final = st.one_of(
    st.sampled_from(sorted(LETTERS)).map(lambda letter: ("letter", letter, 0)),
    st.tuples(st.just("annul"), st.just(""), st.integers(0, 40)),
    st.tuples(
        st.just("day"),
        st.sampled_from(["contact", "death", "withdrawal", "treatment", "exit", "reading", "1", "2", "3", "4"]),
        st.integers(-20, 500),
    ),
)
BEGINNINGS: Final[tuple[tuple[Step, ...], ...]] = (
    (),
    IN_RUN_IN,
    (*RANDOMIZED, allocate("A")),
    (*RANDOMIZED, allocate("B")),
)
BEGUN: Final = tuple(after(*steps) for steps in BEGINNINGS)


@example(1, 0, [("letter", "authorize", 0), ("annul", "", 8), ("letter", "hear randomization", 0)])
@settings(max_examples=200, deadline=None)
@for_all(st.sampled_from(range(4)), st.integers(-400, 0), st.lists(STEPS, max_size=12))
def test_any_course_keeps_every_invariant_and_replays_to_itself(
    start: int, early: int, steps: list[tuple[str, str, int]]
) -> None:
    setting = at(SETTING, SETTING.today + timedelta(days=early))
    subject, log = BEGUN[start], list[tuple[UUID, Fact]]()

    def logged(state: Subject, facts: Sequence[tuple[UUID, Fact]]) -> Subject:
        log.extend(facts)
        return grown(state, facts)

    for kind, letter, place in steps:
        match kind:
            case "letter":
                step = LETTERS[letter]
            case "annul":
                step = correct(subject.history[place % len(subject.history)].event_id)
            case _:
                step = _on(letter, place)
        before, written = subject, len(log)
        try:
            with patch.object(course, "grown", logged):
                subject = step(subject, setting)
        except Refused:
            del log[written:]  # of a command that is refused in the end nothing is recorded
            continue
        assert [one.number for one in broken(subject, setting)] == [], (kind, letter)
        assert _kept(before, subject), (kind, letter)
    assert reduce(evolve, subject.history, Subject()) == subject
    assert grown(BEGUN[start], log) == subject, "every fact in order, what was annulled since and its annulment too"
    assert replace(blinded(subject), history=()).randomized_on == subject.randomized_on


DAYS: Final = st.tuples(
    st.sampled_from(["contact", "death", "withdrawal", "treatment", "reading", "3", "4"]),
    st.integers(150, 330),
)


@settings(max_examples=200, deadline=None)
@for_all(st.sampled_from([1, 2]), st.lists(DAYS, min_size=2, max_size=6))
def test_whatever_the_order_of_the_days_nothing_follows_an_end(start: int, steps: list[tuple[str, int]]) -> None:
    subject = BEGUN[start]
    for kind, days in steps:
        try:
            subject = _on(kind, days)(subject, SETTING)
        except Refused:
            continue
        assert [one.number for one in broken(subject, SETTING)] == [], (kind, days)
